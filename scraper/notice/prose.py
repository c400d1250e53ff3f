"""Sentences that say what happens to a category: 「自2025年4月1日起，【生活服务-跑腿】更名为【生活服务-代办】」.

    sentence := adjusted | renamed | merged | split | moved | removed | added
    renamed  := LIST … 更名为 LIST                 merged := LIST … 合并为 NAME
    moved    := LIST … 迁移至 NAME                 split  := NAME … 拆分为 LIST
    removed  := LIST … 下线 | 下线 … LIST          added  := 新增 … LIST | LIST … 上线
    adjusted := 删除 LIST 对《…》的资质要求 | LIST 类目,增加资质… | 对 LIST 类目 … 资质要求

Two names that become one are merged, one that becomes two is split; several become several only 分别, each its own.
Between a name and its verb nothing may stand but adverbs, dates and a reason (因…调整). A sentence that denies
(不下线), proposes (拟, 征求意见) or sets a condition (如, 若) says nothing of the kind; the notice keeps its words.
What names a category and an action in none of these forms is `unread`, and so is a name beside them that no verb takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from scraper.notice.names import BARE, BARE_LIST, BELOW, KIND, LAST, LIST, LONE, MARKED, NAME, OPENED, read_names
from scraper.notice.periods import find_dates
from scraper.requirement.enumerators import read_enumerator
from scraper.requirement.references import split_path
from snapshots.category import CategoryPath
from snapshots.folding import fold_characters
from snapshots.notice import Action, Extent
from snapshots.period import StatedDate
from snapshots.remember import remember_words

_CLOSE = r"(?:下线|关闭|关停|废弃|删除|停用|移除|取消)"
_OPEN = r"(?:新增|新建|启用|开放|上线|增加)"
_CHANGE = r"(?:增加|新增|删除|取消|调整|变更|修改|更新)"
_RENAME = r"(?:更名|改名|重命名|名称(?:调整|变更|修改)|(?:调整|变更|修改)名称|调整|变更)为\s*[::]?\s*"
_MOVE = r"(?:(?:迁移|迁|划归|归入|并入|调整)(?:至|到|入)|并入|归入|划入)\s*"
_FIRST = r"(?<![】」”][、和与及])"  # a list is read from its first name on
_NAMES = rf"{_FIRST}(?P<names>{LIST})"
_GAP = r"(?P<gap>[^。;【】「」“”《》]{0,40}?)"
_AFTER_VERB = r"(?:了|的|以下|如下|下列|[::]|\s|(?:[一二三四]级)?(?:服务)?类目){0,8}"
_NO_CLAUSE = r"(?!\s*(?:后|前|的|时|之|操作|申请|流程))"  # 「【A】类目关闭后,…」 says when, not that
_OBJECT = "商品|产品|货品|服务|小程序(?!类目)|店铺|页面|内容|功能|权限|入口|相关"  # 「下线【A】类目商品」
# 「下线【A】(仅限个体工商户)」 closes a part, 「下线【A】下的小程序」 no category; and a list is read to its end.
_NO_OBJECT = rf"(?!{KIND}\s*(?:[对的下中内]|{_OBJECT}|\((?:仅|限|只|除|不|部分)|[、和与及]\s*[【「“]))"
_VERBS = rf"(?:更名|改名|合并|拆分|分拆|迁移|调整|变更|{_CLOSE}|{_OPEN})"
_FOLLOWING = rf"{LIST}等?(?:{KIND}\s*,\s*{LIST}等?(?![^。;,]{{0,40}}?{_VERBS}))*"
"""Names behind a verb, up to those that have a verb of their own."""
_RULE = r"《[^》]+》(?:、《[^》]+》)*"

_FORMS: tuple[tuple[Action, re.Pattern[str]], ...] = (
    (
        "adjusted",
        re.compile(rf"(?:删除|取消|移除)(?P<names>{LIST}|{BARE_LIST}(?=类目)){KIND}\s*对{_RULE}的{KIND}(?:资质)?要求"),
    ),
    (
        "adjusted",
        re.compile(
            rf"{_FIRST}(?P<names>{LIST}|(?:^|(?<=[;。])){BARE}(?=类目))等?{KIND}\s*,?\s*{_CHANGE}了?(?:类目)?"
            r"(?:资质|适用范围)"
        ),
    ),
    ("adjusted", re.compile(rf"对\s*{_NAMES}等?{KIND}{_GAP}(?:资质|适用范围)")),
    (
        "adjusted",
        re.compile(rf"{_NAMES}等?{KIND}\s*的?(?:资质要求|适用范围)(?:将|有|已|进行|所|做|作)*(?:调整|更新|变更|修改)"),
    ),
    ("renamed", re.compile(rf"{_NAMES}{_GAP}{_RENAME}(?P<to>{LIST}){KIND}")),
    ("merged", re.compile(rf"{_NAMES}{_GAP}合并(?:为|至|到|入|成|进)\s*(?P<to>{NAME}){KIND}")),
    ("split", re.compile(rf"(?P<names>{NAME}){_GAP}(?:拆分|分拆|细分)(?:为|成|至|到)\s*(?P<to>{LIST}){KIND}")),
    ("moved", re.compile(rf"{_NAMES}{_GAP}{_MOVE}(?P<to>{NAME}){KIND}")),
    ("added", re.compile(rf"(?P<names>{OPENED}){KIND}{_NO_OBJECT}")),
    ("removed", re.compile(rf"{_CLOSE}{_AFTER_VERB}(?P<names>{_FOLLOWING}){KIND}{_NO_OBJECT}")),
    ("added", re.compile(rf"{_OPEN}{_AFTER_VERB}(?P<names>{_FOLLOWING}|{BARE}{BELOW}{MARKED}等?){KIND}{_NO_OBJECT}")),
    ("removed", re.compile(rf"{_NAMES}{_GAP}{_CLOSE}{_NO_CLAUSE}")),
    ("added", re.compile(rf"{_NAMES}{_GAP}(?:上线|开放|启用){_NO_CLAUSE}")),
)
_SUCCESSIONS: tuple[tuple[Action, str], ...] = (
    ("renamed", r"(?:更名|改名|名称变更|名称调整|变更|调整)为"),
    ("moved", r"迁移?(?:至|到|入)"),
    ("merged", r"(?:合并(?:至|到|为|入)|并入)"),
)
_LONE_SUCCESSIONS = tuple(
    (
        action,
        re.compile(
            rf"(?P<names>{LONE}?)\s*{verb}\s*[::]?\s*(?P<to>{LONE}{'|' + LAST if action == 'renamed' else ''})[。;]?"
        ),
    )
    for action, verb in _SUCCESSIONS
)
"""A line that is no more than a name, what happens, and a name: 「个护>洗发>护发素 更名为 个护>洗发>发膜」."""
_ADVERBS = re.compile(
    r"因[^,。]{2,20}?(?=,|将|于|自)|(?:[一二三四]级)?(?:服务)?类目|名称|整体|全部|统一|正式|逐步|一并|将会"
    r"|将|会|被|已|现|均|都|等|分别|予以|进行|于|自|起|[,()]|\s|[\d年月日至到:\-/.【】]+"
)
_GOODS = re.compile(r"商品|货品|产品|部分|存量|服务内容|业务")
_DENIED = re.compile(r"不|未|暂|(?<![虚模比])拟|如|若|无需|无须|可能|计划|是否|勿|假如|一旦|倘|需要?$|可$|请$")
_PAPER = re.compile(r"[“「【][^“”「」【】-]*(?:证|证书|执照|批件|批文|承诺函|授权书|协议|合同)[”」]")
_ADVICE = re.compile(r"(?<!申)请(?!注意|知悉|悉知)|需(?!求)|须|可(?:以|自行|在|于)|建议|自行")
"""「请在后台新增【A】类目」 asks somebody to do so; it announces nothing."""
_PAST = re.compile(rf"(?:已|曾|原|此前){_VERBS}的")  # 「已上线的【A】小程序」
_CONDITION = re.compile(r"^\s*(?:(?:注|各位[^,。::]{1,8}|[^,。::]{0,6}开发者)[::,]\s*)?(?:如|若|假如|一旦|倘若|当)")
_PROPOSED = re.compile(r"(?<![虚模比])拟(?![音真人物])|征求意见|意见稿|草案|讨论稿")
_ACTION = re.compile(
    rf"更名|改名|重命名|名称|合并|拆分|分拆|细分|迁|划归|归入|并入|调整|变更|修改|更新|{_CLOSE}|{_OPEN}"
)
_READ = "\0"  # stands for what a form has read
_LEFT_OUT = re.compile(rf"{MARKED}{KIND}\s*,\s*{_READ}|{_READ}\s*,\s*{MARKED}{KIND}\s*(?:[,。;{_READ}]|$)")
_PART_OF = re.compile(rf"(?:包含|包括|下设|下含|其中|分别为)[^。;]{{0,12}}?{MARKED}")  # 「新增一级类目【A】,包含【B】」
_BLOCK = re.compile(
    r"(?:资质要求|适用范围)[^。;]{0,6}(?:调整|变更|更新|修改)?为\s*[::]?"
)  # what a block says, in a sentence
_VERB = re.compile(rf"更名|改名|合并|拆分|迁移|{_CLOSE}|{_OPEN}")
_NAMED = re.compile(r"[【「“]|\S\s*[->›]")
_MARKED = re.compile(MARKED)
_SENTENCE = re.compile(r"[^。;!]+[。;!]?")
_NOTHING = re.compile(r"(?:[\s。;,]|类目)*")
_BEFORE_FORM = 8  # letters in front of a form that may deny it
_LONGEST_LEAD = 40  # letters in front of a form that say to whom it speaks


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sentence says of one category."""

    action: Action
    path: CategoryPath
    targets: tuple[CategoryPath, ...] = ()
    extent: Extent | None = None
    condition: str | None = None
    dates: tuple[StatedDate, ...] = ()
    is_whole_line: bool = False  # the line says no more than this
    is_partial: bool = False  # it says that levels above the name are left out: 二级类目【茶具】


@dataclass(frozen=True, slots=True)
class Prose:
    """What a line says of categories.

    `unread`: it also names one beside an action in no form that is known; `denied`: it says what does not happen, or
    not yet.
    """

    statements: tuple[Statement, ...] = ()
    unread: bool = False
    denied: bool = False


@remember_words
def read_prose(text: str) -> Prose:
    """What the sentences of a line say of categories."""
    folded = fold_characters(text)
    if _ACTION.search(folded) is None or _NAMED.search(folded) is None:
        return Prose()
    if _MARKED.search(folded) is None and (lone := _read_lone(text, folded)) is not None:
        return Prose((lone,))
    sentences = [
        _read_sentence(text[match.start() : match.end()], match[0], is_line=match.end() - match.start() == len(folded))
        for match in _SENTENCE.finditer(folded)
    ]
    return Prose(
        tuple(dict.fromkeys(statement for each in sentences for statement in each.statements)),
        unread=any(each.unread for each in sentences),
        denied=any(each.denied for each in sentences),
    )


def _read_lone(text: str, folded: str) -> Statement | None:
    """What a line says that has two names without signs and nothing but a verb between them."""
    sign = read_enumerator(folded)
    start = sign.end if sign else 0
    for action, form in _LONE_SUCCESSIONS:
        match = form.fullmatch(folded, start)
        if match is not None:
            path, target = (split_path(text[match.start(name) : match.end(name)].strip()) for name in ("names", "to"))
            extent: Extent | None = "whole" if action == "moved" else None
            return Statement(action, path, (target,), extent, is_whole_line=True)
    return None


def _read_sentence(text: str, folded: str, *, is_line: bool) -> Prose:
    if _CONDITION.search(folded) or _PROPOSED.search(folded):
        return Prose(denied=_MARKED.search(folded) is not None)
    dates = find_dates(text)
    found: list[Statement] = []
    denied = unread = False
    rest = folded
    for action, form in _FORMS:
        read: list[tuple[int, int]] = []
        reach = 0
        for match in form.finditer(rest):
            gap = match.groupdict().get("gap") or ""
            clause = re.split(r"[,:]", rest[max(match.start() - _LONGEST_LEAD, reach) : match.start()])[-1]
            lead = clause[-_BEFORE_FORM:]
            is_advice = action != "adjusted" and (
                _ADVICE.search(clause) or _PAST.match(rest, max(0, match.start() - 1))
            )
            if _PAPER.search(match["names"]):
                pass  # 「“劳务派遣经营许可证”已更名为“人力资源服务许可证”」 tells of a paper
            elif is_advice or _DENIED.search(gap) or _DENIED.search(lead):
                denied = True
            elif action in ("moved", "adjusted") or not _ADVERBS.sub("", gap):
                alone = _NOTHING.fullmatch(folded, 0, match.start()) and _NOTHING.fullmatch(folded, match.end())
                is_whole = is_line and action != "adjusted" and alone is not None
                statements = list(_build_statements(text, match, action, dates, is_whole_line=is_whole))
                unread = unread or not statements
                found += statements
            else:
                continue
            reach = match.end()
            read.append(match.span())
        rest = _blank(rest, read)
    denied = denied or _PAST.search(rest) is not None
    unread = unread or _LEFT_OUT.search(rest) is not None
    unread = unread or (bool(found) and (_PART_OF.search(rest) or _BLOCK.search(rest)) is not None)
    names_one = _MARKED.search(rest) is not None and "类目" in rest and _VERB.search(rest) is not None
    return Prose(tuple(found), unread=unread or (names_one and not denied), denied=denied)


def _blank(folded: str, spans: Sequence[tuple[int, int]]) -> str:
    """The words without those places: what was read is not read again."""
    borders = [0, *(place for span in spans for place in span), len(folded)]
    return "".join(
        _READ * (end - start) if index % 2 else folded[start:end]
        for index, (start, end) in enumerate(pairwise(borders))
    )


def _build_statements(
    text: str, match: re.Match[str], action: Action, dates: tuple[StatedDate, ...], *, is_whole_line: bool
) -> Iterator[Statement]:
    gap = text[match.start("gap") : match.end("gap")] if match.groupdict().get("gap") else ""
    targets: tuple[CategoryPath, ...] = ()
    if match.groupdict().get("to"):
        targets = tuple(path for path, _ in read_names(text[match.start("to") : match.end("to")]))
    extent, condition = _read_extent(gap) if action == "moved" else (None, None)
    names = list(read_names(text[match.start("names") : match.end("names")]))
    ends = [targets] * len(names)
    if action == "renamed":
        if len(names) == len(targets) > 1 and "分别" in gap:
            ends = [(target,) for target in targets]
        elif len(names) > 1 and len(targets) > 1:
            return  # which goes on under which name is not said
        else:
            action = "merged" if len(names) > 1 else "split" if len(targets) > 1 else action
        if action != "renamed":  # whose levels are counted where the platform's are known
            ends = [tuple(map(partial(fill_levels, path), each)) for (path, _), each in zip(names, ends, strict=True)]
    for (path, is_partial), each in zip(names, ends, strict=True):
        yield Statement(action, path, each, extent, condition, dates, is_whole_line, is_partial)


def fill_levels(path: CategoryPath, target: CategoryPath) -> CategoryPath:
    """The new name with the levels above it, where it names its last alone: 「社交-直播」更名为「秀场」."""
    return (*path[:-1], *target) if len(target) == 1 else target


def _read_extent(gap: str) -> tuple[Extent, str | None]:
    """Whether all of the category moves, or the goods that the words between name: 存量非陶瓷类商品."""
    folded = fold_characters(gap)
    if not _ADVERBS.sub("", folded) and not _GOODS.search(folded):
        return "whole", None
    words = re.sub(r"(?:将|会|逐步|统一|均|都|[,，\s])+$", "", gap)
    return "part", re.sub(r"^\s*(?:[一二三四]级)?(?:类目|類目)(?:下|中)?的?", "", words).strip()
