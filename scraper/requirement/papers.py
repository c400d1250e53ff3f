"""One part of a line to a leaf: a paper 《…》 with what is said around it, or words that name none.

    part     := [label ":" | subject [需] 提供] [count] [holder "的"] 《title》 [qualifier]  |  text

A 《…》 in brackets, or behind 如, is an example of the paper that the words before it ask for.
"""

from __future__ import annotations

import re

from scraper.requirement.brackets import Spans, find_brackets, find_titles, is_inside
from scraper.requirement.sayings import says_not_asked
from snapshots.folding import fold_characters
from snapshots.requirement import Paper, Text

_END_SIGNS = " 。;；、,，"
_LABEL = re.compile(r"[^《》:。;]{1,40}?:\s*(?=[^\s/])")
_COUNT = (
    r"(?:至少)?(?:需)?(?:提供)?(?:\d{1,4}(?:-\d{1,4})?|[一二两三四五六七八九十]{1,4})(?:份|家|个|名)(?:(?:或|及)?以上)?"
)
_COUNT_FIRST = re.compile(rf"(?P<count>{_COUNT})(?:的|与不同)?")
_COUNT_ONLY = re.compile(rf"\((?P<count>{_COUNT})\)")
_VERB = re.compile(
    r"(?:且|并|还|另行?|亦|也|同时|额外|补充|一并|均|都|必须|应当|需要?|须|请|应|可)*(?:上传|提供|提交|具备):?\s*|(?:需|须|请)"
)
_GIVING = re.compile(r"(?P<label>[^《》]{2,60}?(?:提供|提交|上传))(?![的方商者过])\s*:?\s*")
_OWNER = re.compile(
    r"(?P<holder>.+?)(?:签订|签署)?的$|(?P<party>.+?)(?:签订|签署)$|(?P<body>.+?(?:主体|公司|企业|机构|组织|平台|医院|学校|律所"
    r"|银行|交易所|协会|商|方|者|店))$"
)
_ISSUED = re.compile(
    r"经(?!营)|由|具有|取得|持有|在|含|.*(?:颁发|核发|签发|发布|出具|认证|认可|批准|认定|备案|开具|印发|下发)的?$"
)
_NEW_MARK = re.compile(r"\(?此项为新增项\)?|\(?新增项\)?")
_EXAMPLE = re.compile(r"(?:^|[,(\s])(?:例?如):?\s*(?:[^,。;《]{0,12}的)?《")
CONDITION = re.compile(
    r"(?:若|如)[^:,《]{2,40}[:,]\s*(?:则|还|也)?(?:需要?|须|应|必须|请)?(?:同时|另行?|补充|额外)*(?:提供|提交|上传)"
)
_KIND_OF_PAPER = re.compile(
    r"(?:资质|材料|资料|证件|证明|证书|证照|执照|文件|许可证?|凭证|协议|合同|截图|照片|批文|承诺书|承诺函|授权书|备案|要求|内容)$"
)
_DANGLING = re.compile(r"(?:以及|或者|[及或和与])$")


def make_leaf(text: str, folded: str, brackets: Spans) -> Paper | Text:
    """The leaf that a line, or a part of one, is; `brackets` are those of the folded text."""
    label_end = find_label_end(folded, brackets)
    label = text[:label_end].strip().rstrip(":：").strip() or None
    marked_new = "新增项" in folded
    paper = next(((start, end) for start, end in brackets if folded[start] == "《" and start >= label_end), None)
    not_asked = paper is not None and says_not_asked(folded[label_end : paper[0]])
    if paper is None or not_asked or (label_end < paper[0] and _EXAMPLE.search(folded, label_end, paper[0] + 1)):
        if label is None and (condition := CONDITION.match(folded)):
            label = text[: condition.end()]
        return Text(text=text, label=label, marked_new=marked_new)
    start, end = paper
    before = text[label_end:start]
    issued = _ISSUED.match(folded, label_end, start) is not None
    if label is None and (giving := _read_giving(fold_characters(before))):
        label, before = before[: giving[0]].strip(), before[giving[1] :]
    count, holder, qualifier_before = _read_prefix(before)
    count_after, qualifier_after = _read_suffix(text[end:])
    if issued and qualifier_before and qualifier_after:
        # Who issued it and what it must say are both asked for; other words in front only name the kind of paper.
        qualifier_after = f"{qualifier_before} {qualifier_after}"
    return Paper(
        text=text,
        title=text[start + 1 : end - 1].strip(),
        holder=holder,
        qualifier=qualifier_after or qualifier_before,
        count=count or count_after,
        label=label,
        marked_new=marked_new,
    )


def paper_titles(text: str) -> tuple[str, ...]:
    """The title of every 《…》 in the text, in order, trimmed."""
    return tuple(text[start + 1 : end - 1].strip() for start, end in find_titles(text))


def names_paper(label: str) -> bool:
    """Whether a label names a kind of paper (平台资质, 会员证明), and so no one who applies."""
    return _KIND_OF_PAPER.search(fold_characters(label).rstrip(" :")) is not None


def has_second_paper(text: str) -> bool:
    """Whether the words name more than one paper outside brackets."""
    folded = fold_characters(text)
    return folded.count("《") > 1 and sum(folded[start] == "《" for start, _ in find_brackets(folded)) > 1


def begins_condition(folded: str) -> bool:
    """Whether the words begin with what they depend on: 「若涉及客运服务,需同时提供…」, 「资质选填:…」."""
    return (
        re.match(r"若|如(?=涉及|有|果|为|需|提供|经营|属|开展|同时|仅|销售)|资质选填|选填|以下为资质选填", folded)
        is not None
    )


def find_label_end(folded: str, brackets: Spans) -> int:
    """Where the words after a label begin: 「班車客運:《道路運輸經營許可證》」; 0 where there is no label."""
    match = _LABEL.match(folded) if ":" in folded else None
    if match is None or is_inside(brackets, match.end() - 1) or is_inside(brackets, folded.index(":")):
        return 0
    return match.end()


def _read_giving(before: str) -> tuple[int, int] | None:
    """Where the words end that say who hands a paper in, and their verb: 「零售业务,提供《…》」."""
    giving = _GIVING.match(before)
    if giving is None or _ISSUED.match(before) or _VERB.fullmatch(giving["label"]):
        return None
    return giving.end("label"), giving.end()


def _read_prefix(before: str) -> tuple[str | None, str | None, str | None]:
    """The count, the holder and what else is said in front of a paper."""
    words, folded = before.strip(), fold_characters(before.strip())
    if verb := _VERB.match(folded):
        words, folded = words[verb.end() :], folded[verb.end() :]
    count = None
    if match := _COUNT_FIRST.match(folded):
        count = words[: match.end("count")]
        words, folded = words[match.end() :].strip(), folded[match.end() :].strip()
    if not words:
        return count, None, None
    owner = _OWNER.fullmatch(folded)
    if owner is None or _ISSUED.match(folded):
        return count, None, words.removesuffix("的").strip() or None
    name = next(name for name in ("holder", "party", "body") if owner[name])
    return count, words[: owner.end(name)].strip() or None, None


def _read_suffix(after: str) -> tuple[str | None, str | None]:
    """The count and the qualifier that stand after a paper: 「(兩家或以上)」, 「(業務范圍含“不良資產”等內容)」."""
    words = after.strip().strip(_END_SIGNS)
    folded = fold_characters(words)
    brackets = find_brackets(folded)
    if brackets and brackets[-1][1] == len(folded) and folded.startswith(("(注:", "(注：", "(备注:"), brackets[-1][0]):
        words = words[: brackets[-1][0]].strip()
        folded = fold_characters(words)
    if mark := _NEW_MARK.search(folded):
        words = (words[: mark.start()] + words[mark.end() :]).strip()
        folded = fold_characters(words)
    if match := _COUNT_ONLY.search(folded):
        count = words[match.start("count") : match.end("count")]
        rest = (words[: match.start()] + words[match.end() :]).strip()
        return count, _unwrap(rest) or None
    if _DANGLING.fullmatch(folded):
        return None, None
    return None, _unwrap(words) or None


def _unwrap(words: str) -> str:
    """The words without the one bracket that holds them all, also where the page never closes it."""
    folded = fold_characters(words)
    if not folded.startswith("("):
        return words
    if folded.count("(") > folded.count(")"):
        return words[1:].strip()
    return words[1:-1].strip() if find_brackets(folded)[:1] == ((0, len(folded)),) else words
