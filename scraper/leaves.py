"""One line of a requirement to a leaf, or to the alternatives that it names inside the line.

    line     := [label ":"] [marker ":"] part (joint part)*
    joint    := 或 | / | 及 | 和 | 与 | 以及 | 、
    part     := [count] [holder "的"] 《title》 [qualifier]  |  text

A joint counts only outside 《…》, (…) and quotes, and only where it touches a paper: 「設立或授權」 joins no papers.
`/` needs a paper on both sides, 、 a line that is such a list throughout. 或 and `/` give a choice of one, the others
all of the parts; where a line has both, the choice binds tighter: 「《A》或《B》及《C》」 is (A or B) and C.
"""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import structs

from scraper.markers import Marker, bracket_depths, find_marker, trim_label
from snapshots.folding import fold_characters
from snapshots.requirement import AllOf, Choose, Paper, Requirement, Text

# After 、 only 及 and 或 are joints: 「列表、與其中一家醫院簽訂的…」 goes on with a preposition.
_JOINT = re.compile(r"[、,]?\s*(?:以及|或者|或|及)|和|与|[/、]")
_JOINT_SIGNS = " 、,，"
_OR = frozenset({"或", "或者", "/"})
_LABEL = re.compile(r"[^《》:。;]{1,40}?:\s*(?=\S)")
_COUNT = r"(?:至少)?(?:需)?(?:提供)?(?:\d+(?:-\d+)?|[一二两三四五六七八九十]+)(?:份|家|个|名)(?:(?:或|及)?以上)?"
_COUNT_FIRST = re.compile(rf"(?P<count>{_COUNT})(?:的|与不同)?")
_COUNT_ONLY = re.compile(rf"\((?P<count>{_COUNT})\)")
_VERB = re.compile(r"(?:需|须|请|应)?(?:上传|提供|提交|具备)[::]?\s*|^(?:需|须|请)")
_OWNER = re.compile(
    r"(?P<holder>.+?)(?:签订|签署)?的$|(?P<party>.+?)(?:签订|签署)$|(?P<body>.+?(?:主体|公司|企业|机构|组织|平台|医院|学校|律所))$"
)
_ISSUED = re.compile(r"经|由|具有|取得|持有|在|含")
_NOTE_IN_BRACKET = re.compile(r"\(注[::].*?\)\s*$")
_NEW_MARK = re.compile(r"此项为新增项|\(?新增项\)?")
_DOCUMENT_NOUN = re.compile(
    r"(?:证|书|函|文件|批文|协议|合同|列表|样本|截图|证明|材料|名单|公告|报告|执照|备案|凭证|表|批复|授权|牌照|许可|资质)"
    r"\s*(?:\([^()]*\))?$"
)


def parse_leaf(text: str) -> Requirement:
    """The leaf, or the choice or list of leaves, that a line without its enumerator states; `text` is verbatim."""
    folded = fold_characters(text)
    head = find_marker(folded)
    if head is not None and head.end < len(folded.rstrip()):
        return _marked_line(text, head)
    label = _read_label(text, folded)
    return _parse_parts(text, folded, label)


def paper_titles(text: str) -> tuple[str, ...]:
    """The title of every 《…》 in the text, in order, trimmed."""
    return tuple(text[start + 1 : end - 1].strip() for start, end in _paper_spans(text))


def _marked_line(text: str, head: Marker) -> Requirement:
    label = trim_label(text[: head.start]) or None
    marker = text[head.start : head.stop]
    rest = text[head.end :].strip()
    inner = _parse_parts(rest, fold_characters(rest), None)
    items = inner.items if isinstance(inner, AllOf | Choose) and inner.label is None else (inner,)
    if head.n is None:
        if isinstance(inner, Choose):
            items = (inner,)
        return AllOf(label=label, marker=marker, items=items)
    return Choose(n=head.n, label=label, marker=marker, items=items)


def _parse_parts(text: str, folded: str, label: str | None) -> Requirement:
    joints = _find_joints(folded)
    strong = [joint for joint in joints if _word(folded, joint) not in _OR]
    if strong:
        if all(_word(folded, joint) == "、" for joint in strong) and len(joints) > len(strong):
            # 「《A》、《B》或《C》」: the last joint says what the commas mean.
            return _join(text, folded, joints, label, choice=True)
        return _join(text, folded, strong, label, choice=False)
    if joints:
        return _join(text, folded, joints, label, choice=True)
    return _make_leaf(text, folded, label)


def _join(text: str, folded: str, joints: list[tuple[int, int]], label: str | None, *, choice: bool) -> Requirement:
    borders = [(0, 0), *joints, (len(text), len(text))]
    parts: list[Requirement] = []
    for (_, start), (end, _) in pairwise(borders):
        part = text[start:end].strip()
        parsed = _parse_parts(part, fold_characters(part), None)
        if not parts and isinstance(parsed, Paper | Text):
            # The first part keeps the words before it; the label is the whole line's.
            parsed = structs.replace(parsed, label=None)
        parts.append(parsed)
    words = [_word(folded, joint) for joint in joints]
    marker = next((word for word in words if word != "、"), "、")
    marker_at = next(joint for joint, word in zip(joints, words, strict=True) if word == marker)
    shown = text[marker_at[0] : marker_at[1]].strip(_JOINT_SIGNS) or text[marker_at[0] : marker_at[1]].strip()
    if choice:
        return Choose(n=1, label=label, marker=shown, items=tuple(parts))
    return AllOf(label=label, marker=shown, items=tuple(parts))


def _word(folded: str, joint: tuple[int, int]) -> str:
    return folded[joint[0] : joint[1]].strip(_JOINT_SIGNS) or "、"


def _find_joints(folded: str) -> list[tuple[int, int]]:
    """The places of the words that join papers, as (start, end)."""
    if not _paper_spans(folded):
        return []
    depths = bracket_depths(folded)
    label_end = _label_end(folded)
    candidates = [
        match.span()
        for match in _JOINT.finditer(folded)
        if depths[match.start()] == 0 and match.start() > label_end and folded[match.end() :].strip(" 。;；")
    ]
    commas = [span for span in candidates if _word(folded, span) == "、"]
    if commas and not _is_paper_list(folded, label_end, commas, candidates):
        candidates = [span for span in candidates if span not in commas]
    kept: list[tuple[int, int]] = []
    for span in candidates:
        start = kept[-1][1] if kept else label_end
        if span in commas or _joins_papers(folded, start, span):
            kept.append(span)
    return kept


def _is_paper_list(
    folded: str, label_end: int, commas: list[tuple[int, int]], candidates: list[tuple[int, int]]
) -> bool:
    """Whether every part between the commas (and a last 或 or 及) is a paper or ends like a document's name."""
    last = commas[-1]
    closing = [span for span in candidates if span[0] > last[0] and folded[span[1] :].lstrip().startswith("《")]
    borders = [(label_end, label_end), *commas, *closing[-1:], (len(folded), len(folded))]
    parts = [folded[start:end].strip(" 。;；") for (_, start), (end, _) in pairwise(borders)]
    return all(_paper_spans(part) or _DOCUMENT_NOUN.search(part) for part in parts)


def _joins_papers(folded: str, start: int, span: tuple[int, int]) -> bool:
    left, right = folded[start : span[0]].rstrip(), folded[span[1] :].lstrip()
    left_paper = _ends_with_paper(left)
    if not left or not right:
        return False
    if _word(folded, span) == "/":
        return left_paper and right.startswith("《")
    return left_paper or (right.startswith("《") and bool(_DOCUMENT_NOUN.search(left)))


def _ends_with_paper(text: str) -> bool:
    """Whether the text ends with 《…》, its bracket, or the few letters that name a copy of it (截图)."""
    return bool(re.search(r"》\s*(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*(?:截图|原件|复印件)?$", text))


def _make_leaf(text: str, folded: str, label: str | None) -> Paper | Text:
    label = label if label is not None else _read_label(text, folded)
    marked_new = bool(_NEW_MARK.search(folded))
    spans = _paper_spans(folded)
    if not spans:
        return Text(text=text, label=label, marked_new=marked_new)
    start, end = spans[0]
    before, after = text[_label_end(folded) : start], text[end:]
    count, holder, qualifier_before = _read_prefix(before)
    count_after, qualifier_after = _read_suffix(after)
    return Paper(
        text=text,
        title=text[start + 1 : end - 1].strip(),
        holder=holder,
        qualifier=qualifier_after or qualifier_before,
        count=count or count_after,
        label=label,
        marked_new=marked_new,
    )


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
    words = after.strip().rstrip(";；。").strip()
    folded = fold_characters(words)
    if note := _NOTE_IN_BRACKET.search(folded):
        words, folded = words[: note.start()].strip(), folded[: note.start()].strip()
    if mark := _NEW_MARK.search(folded):
        words = (words[: mark.start()] + words[mark.end() :]).strip()
        folded = fold_characters(words)
    if match := _COUNT_ONLY.search(folded):
        count = words[match.start("count") : match.end("count")]
        rest = (words[: match.start()] + words[match.end() :]).strip()
        return count, _unwrap(rest) or None
    return None, _unwrap(words) or None


def _unwrap(words: str) -> str:
    folded = fold_characters(words)
    if folded.startswith("(") and folded.endswith(")") and min(bracket_depths(folded)[: len(folded)]) >= 1:
        return words[1:-1].strip()
    return words


def _read_label(text: str, folded: str) -> str | None:
    end = _label_end(folded)
    return text[:end].strip().rstrip(":：").strip() or None if end else None


def _label_end(folded: str) -> int:
    """Where the words after a label begin: 「班車客運:《道路運輸經營許可證》」; 0 where there is no label."""
    match = _LABEL.match(folded)
    if match is None or bracket_depths(folded)[match.end() - 1] > 0:
        return 0
    colon = folded.index(":")
    return 0 if bracket_depths(folded)[colon] > 0 or folded[colon + 1 :].lstrip().startswith("//") else match.end()


def _paper_spans(text: str) -> list[tuple[int, int]]:
    """The places of the outermost 《…》."""
    spans: list[tuple[int, int]] = []
    depth, start = 0, 0
    for place, character in enumerate(text):
        if character == "《":
            if depth == 0:
                start = place
            depth += 1
        elif character == "》" and depth:
            depth -= 1
            if depth == 0:
                spans.append((start, place + 1))
    return spans
