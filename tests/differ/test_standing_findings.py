"""What does not add up in a state, and what notices say of it later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec
import pytest
from worlds import DECEMBER, JUNE, MARCH, SEPTEMBER, key_of, make_document, make_entry

from differ.changes import ChangeSet, Finding
from noticediff.findings import Outlook, find_standing, gather_findings, judge_changes
from snapshots.category import CategoryPath, Reference, ReferenceRole
from snapshots.notice import Before, NoticeEntry, Problem
from snapshots.period import Period
from snapshots.rebuild import rebuild_snapshot
from snapshots.requirement import Choose, Text
from snapshots.snapshot import StoredDocument

LICENCE = "金融許可證"
SCOPE = "適用於提供個人信用報告查詢的服務"


def point_at(
    entry: NoticeEntry, *targets: CategoryPath, role: ReferenceRole = "also_needed", condition: str | None = None
) -> NoticeEntry:
    reference = Reference(text="【…】", role=role, targets=targets, condition=condition, where="scope")
    return msgspec.structs.replace(entry, scope=entry.scope or SCOPE, references=(reference,))


def with_problems(stored: StoredDocument, *problems: tuple[int, str, str]) -> StoredDocument:
    found = tuple(Problem(line=line, text=text, code=code, message=f"{code} here") for line, code, text in problems)
    return msgspec.structs.replace(stored, problems=found)


def with_period(stored: StoredDocument, start: dt.date, end: dt.date) -> StoredDocument:
    document = msgspec.structs.replace(stored.document, period=Period(start, end))
    return msgspec.structs.replace(stored, document=document)


def find(*documents: StoredDocument) -> list[Finding]:
    state = rebuild_snapshot(documents, at=None)
    return list(find_standing(state, {stored.id: stored for stored in documents}))


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def compare(
    old: list[StoredDocument], new: list[StoredDocument], today: dt.date, patience: dict[str, int] | None = None
) -> ChangeSet:
    documents = {stored.id: stored for stored in (*old, *new)}
    sides = [rebuild_snapshot(side, at=None) for side in (old, (*old, *new))]
    return judge_changes(sides[0], sides[1], documents, Outlook(today, patience or {}))


def catalogue(date: dt.date, *entries: NoticeEntry) -> StoredDocument:
    return make_document(date, *entries, kind="catalogue")


def test_a_line_that_was_not_understood_is_a_finding_of_its_category_with_its_place() -> None:
    page = with_problems(
        catalogue(MARCH, make_entry("listed", "金融業", "銀行", paper=LICENCE, line=4)), (4, "arity", "(3選1)")
    )

    (finding,) = find(page)

    assert (finding.code, finding.key) == ("arity", key_of("金融業", "銀行"))
    assert finding.message == "金融業 › 銀行: arity here: “(3選1)”"
    assert [(place.document, place.lines) for place in finding.evidence] == [(page.id, (4, 4))]


def test_what_belongs_to_no_category_is_a_finding_of_the_page() -> None:
    page = with_problems(
        make_document(MARCH, make_entry("added", "金融業", "銀行", line=4)), (9, "unnamed-block", "#【】")
    )

    (finding,) = find(page)

    assert (finding.code, finding.key) == ("unnamed-block", None)
    assert finding.message.startswith("notice 2025-03-31: ")


def test_a_row_that_closes_a_category_whose_name_is_lost_is_a_finding_of_the_page() -> None:
    row = make_entry("removed", "", line=4)
    page = with_problems(make_document(MARCH, row, make_entry("added", "金融業", "銀行")), (4, "unnamed-row", "| |"))

    assert [(finding.code, finding.key) for finding in find(page)] == [("unnamed-row", None)]


def test_a_page_that_was_replaced_is_past_and_the_same_line_in_the_next_one_is_the_same_finding() -> None:
    row = make_entry("listed", "金融業", "銀行", paper=LICENCE, line=4)
    moved = msgspec.structs.replace(row, lines=(9, 9))
    first = with_problems(catalogue(MARCH, row), (4, "arity", "(3選1)"))
    second = with_problems(catalogue(JUNE, moved), (9, "arity", "(3选1)"))

    (before,), (after,) = find(first), find(first, second)

    assert before.id == after.id
    assert [place.document for place in after.evidence] == [second.id]
    assert find(first, catalogue(JUNE, row)) == []


def test_a_line_that_rows_share_is_one_finding() -> None:
    rows = [make_entry("listed", "醫療", name, paper=LICENCE, line=4) for name in ("掛號", "繳費")]

    assert codes(find(with_problems(catalogue(MARCH, *rows), (4, "arity", "(3選1)")))) == ["arity"]


def test_rows_of_one_category_that_ask_for_different_things_are_a_finding_and_equal_ones_are_none() -> None:
    one = make_entry("listed", "金融業", "銀行", paper=LICENCE, line=4)
    other = make_entry("listed", "金融業", "銀行", paper="營業執照", line=5)
    same = msgspec.structs.replace(one, lines=(6, 6))

    (finding,) = find(catalogue(MARCH, one, other, same))

    assert (finding.code, finding.severity) == ("duplicate-entry", "info")
    assert [place.lines for place in finding.evidence] == [(4, 4), (5, 5)]
    assert find(catalogue(MARCH, one, same)) == []


@pytest.mark.parametrize(
    ("target", "is_found"),
    [
        (("金融業", "銀行"), False),
        (("銀行",), False),
        (("金融業",), False),
        (("金融", "銀行"), False),  # as people shorten it
        (("醫療器械",), False),  # one that the names of several contain
        (("餐飲", "堂食(門店)或外賣平台"), False),  # two in one
        (("金融業", "打車"), True),
    ],
)
def test_a_name_that_leads_nowhere_is_a_finding_and_one_that_people_understand_is_none(
    target: CategoryPath, is_found: bool
) -> None:
    rows = [
        make_entry("listed", *path, paper=LICENCE)
        for path in (
            ("金融業", "銀行"),
            ("商家", "成人用品(醫療器械類)"),
            ("餐飲", "堂食/門店"),
            ("餐飲", "外賣平台"),
        )
    ]
    pointing = point_at(make_entry("listed", "金融業", "征信"), target)

    found = find(catalogue(MARCH, *rows, pointing))

    assert codes(found) == ["dangling-reference"] * is_found
    assert codes(find(make_document(MARCH, *rows, pointing))) == []  # a notice does not name all that is there


def test_all_who_point_at_one_name_are_one_finding_whatever_else_changes() -> None:
    rows = [point_at(make_entry("listed", "金融業", name, line=line), ("打車",)) for line, name in enumerate("甲乙", 1)]

    (one,), (both,) = find(catalogue(MARCH, rows[0])), find(catalogue(MARCH, *rows))

    assert one.id == both.id
    assert both.message.endswith("named by 金融業 › 甲, 金融業 › 乙")


def test_a_reference_to_what_was_removed_or_renamed_says_so() -> None:
    pointing = point_at(make_entry("listed", "金融業", "征信"), ("金融業", "銀行"))
    lists = catalogue(MARCH, pointing, make_entry("listed", "金融業", "銀行", paper=LICENCE))
    removed = make_document(JUNE, make_entry("removed", "金融業", "銀行"))
    renamed = make_document(JUNE, make_entry("renamed", "金融業", "銀行", to=(("金融業", "商業銀行"),)))

    assert codes(find(lists)) == []
    assert codes(find(lists, removed)) == ["reference-to-removed"]
    (finding,) = find(lists, renamed)
    assert (finding.code, finding.severity) == ("reference-to-renamed", "info")
    assert "金融業 › 商業銀行" in finding.message


def test_a_case_that_is_sent_to_a_category_which_does_not_speak_of_it_is_a_one_sided_pair() -> None:
    target = ("金融業", "證券咨詢")
    sender = point_at(
        make_entry("listed", "金融業", "期貨"), target, role="choose_instead", condition="如涉及貴金屬拍賣服務"
    )

    def find_pair(scope: str) -> list[str]:
        return codes(find(catalogue(MARCH, sender, make_entry("listed", *target, scope=scope))))

    assert find_pair("適用於貴金屬等拍賣") == []
    assert find_pair("適用於寵物寄養") == ["one-sided-pair"]


def test_what_a_notice_adds_and_the_list_after_it_lacks_was_announced_and_not_applied() -> None:
    added = make_document(MARCH, make_entry("added", "金融業", "銀行", paper=LICENCE))
    lacks = catalogue(JUNE, make_entry("listed", "金融業", "征信"))
    has = catalogue(SEPTEMBER, make_entry("listed", "金融業", "銀行", paper=LICENCE))

    assert codes(find(added, lacks)) == ["announced-not-applied"]
    assert codes(find(added, lacks, has)) == []
    assert codes(find(added, has)) == []


def test_what_a_notice_removes_and_the_next_list_names_was_announced_and_not_applied() -> None:
    row, other = make_entry("listed", "金融業", "銀行", paper=LICENCE), make_entry("listed", "金融業", "征信")
    before = catalogue(MARCH, row, other)
    removed = make_document(JUNE, make_entry("removed", "金融業", "銀行"))
    still, without = catalogue(SEPTEMBER, row, other), catalogue(SEPTEMBER, other)

    assert codes(find(before, removed, still)) == ["announced-not-applied"]
    assert codes(find(before, removed, without)) == []
    assert codes(find(before, removed, without, catalogue(DECEMBER, row, other))) == []  # it came back


def test_what_a_notice_adjusts_and_the_list_states_as_before_was_announced_and_not_applied() -> None:
    before = catalogue(MARCH, make_entry("listed", "金融業", "銀行", paper=LICENCE, scope=SCOPE))
    notice = make_document(JUNE, make_entry("adjusted", "金融業", "銀行", paper="營業執照"))
    same = catalogue(SEPTEMBER, make_entry("listed", "金融業", "銀行", paper=LICENCE, scope=SCOPE))
    applied = catalogue(SEPTEMBER, make_entry("listed", "金融業", "銀行", paper="營業執照", scope=SCOPE))
    reworded = catalogue(SEPTEMBER, make_entry("listed", "金融業", "銀行", paper="營業執照原件", scope=SCOPE))

    assert codes(find(before, notice, same)) == ["announced-not-applied"]
    assert codes(find(before, notice, applied)) == []
    assert codes(find(before, notice, reworded)) == []
    # Where it tells of what was changed before that list, the two only differ in words.
    told_late = with_period(notice, dt.date(2025, 1, 1), JUNE)
    assert codes(find(before, told_late, same)) == []


def test_a_closed_beta_that_the_list_does_not_name_any_more_may_only_be_unlisted() -> None:
    beta = msgspec.structs.replace(make_entry("listed", "金融業", "銀行", paper=LICENCE), closed_beta=True)
    first, second = catalogue(MARCH, beta), catalogue(JUNE, make_entry("listed", "金融業", "征信"))

    assert codes(find(first, second)) == ["closed-beta-not-listed"]
    assert "silent-change" not in [
        finding.code for finding in compare([first], [second], JUNE).findings if finding.key == key_of("金融業", "銀行")
    ]


OLD_LIST = catalogue(MARCH, make_entry("listed", "金融業", "銀行", paper=LICENCE))
NEW_LIST = catalogue(JUNE, make_entry("listed", "金融業", "銀行", paper="營業執照"))


def test_a_silent_change_is_pending_until_the_next_notice_is_due() -> None:
    def severities(days: int, patience: dict[str, int] | None = None, source: str | None = None) -> list[str]:
        lists = msgspec.structs.replace(NEW_LIST, source=source)
        found = compare([OLD_LIST], [lists], JUNE + dt.timedelta(days=days), patience).findings
        return [finding.severity for finding in found]

    assert severities(0) == severities(120) == ["info"]
    assert severities(121) == ["warning"]
    assert severities(31, {"lists": 30}, source="lists") == ["warning"]
    assert severities(121, {"lists": 150}, source="lists") == ["info"]


def test_a_notice_whose_period_covers_the_day_closes_a_silent_change_and_is_cited() -> None:
    told = with_period(
        make_document(SEPTEMBER, make_entry("adjusted", "金融業", "銀行", paper="營業執照", line=7)), JUNE, SEPTEMBER
    )
    other = with_period(make_document(SEPTEMBER, make_entry("adjusted", "金融業", "征信")), JUNE, SEPTEMBER)
    too_late = with_period(told, dt.date(2025, 7, 1), SEPTEMBER)
    sides = [rebuild_snapshot([OLD_LIST, NEW_LIST, told], at=day) for day in (MARCH, JUNE)]

    def judge(notice: StoredDocument) -> ChangeSet:
        documents = {stored.id: stored for stored in (OLD_LIST, NEW_LIST, notice)}
        return judge_changes(sides[0], sides[1], documents, Outlook(DECEMBER))

    closed = judge(told)
    assert closed.findings == ()
    (change,) = closed.changes
    assert change.claimed == "adjusted"
    assert (told.id, (7, 7)) in [(place.document, place.lines) for place in change.evidence]
    assert codes(judge(other).findings) == codes(judge(too_late).findings) == ["silent-change"]


def test_all_findings_of_a_series_are_gathered_with_the_ids_that_each_step_gives_them() -> None:
    series = [OLD_LIST, NEW_LIST]

    gathered = gather_findings(series, Outlook(JUNE))

    assert {finding.id for finding in gathered} == {
        finding.id for finding in compare([OLD_LIST], [NEW_LIST], JUNE).findings
    }
    assert codes(gathered) == ["silent-change"]
    assert gather_findings(list(reversed(series)), Outlook(JUNE)) == gathered


def test_two_lists_of_one_day_are_two_steps_and_a_notice_of_that_day_announces_what_the_list_shows() -> None:
    second = msgspec.structs.replace(NEW_LIST, id="second", sequence=OLD_LIST.sequence + 1, in_force=OLD_LIST.in_force)
    notice = make_document(MARCH, make_entry("adjusted", "金融業", "銀行", paper="營業執照"))

    assert codes(gather_findings([OLD_LIST, second], Outlook(JUNE))) == ["silent-change"]
    assert codes(gather_findings([OLD_LIST, second, notice], Outlook(JUNE))) == []


def propose(gone: NoticeEntry, *arrived: NoticeEntry) -> list[str]:
    first, second = catalogue(MARCH, gone), catalogue(JUNE, *arrived)
    return [found.message for found in compare([first], [second], JUNE).findings if found.code == "rename-proposal"]


def test_a_category_that_goes_where_a_like_one_comes_is_proposed_as_renamed_and_never_renamed() -> None:
    gone = make_entry("listed", "金融業", "征信", paper=LICENCE, scope=SCOPE)
    like = make_entry("listed", "金融業", "信用報告", paper=LICENCE, scope=f"{SCOPE}等")

    (message,) = propose(gone, like)

    assert message.startswith(
        "金融業 › 信用報告: may be 金融業 › 征信 under another name: the same requirement, a scope"
    )
    changes = compare([catalogue(MARCH, gone)], [catalogue(JUNE, like)], JUNE).changes
    assert [change.kind for change in changes] == ["new", "removed"]


@pytest.mark.parametrize(
    ("gone", "arrived"),
    [("公證(中國大陸地區)", "公證(非中國大陸地區)"), ("學科類培訓", "非學科類培訓"), ("公證", "公證【國際】")],
)
def test_siblings_that_differ_by_a_bracket_or_by_a_not_are_never_proposed(gone: str, arrived: str) -> None:
    rows = [make_entry("listed", "商業服務", name, paper=LICENCE, scope=SCOPE) for name in (gone, arrived)]

    assert propose(*rows) == []


def test_nothing_is_proposed_where_the_parent_the_scope_or_a_rival_speaks_against_it() -> None:
    gone = make_entry("listed", "金融業", "征信", paper=LICENCE, scope=SCOPE)
    twins = [make_entry("listed", "金融業", name, paper=LICENCE, scope=SCOPE) for name in ("甲", "乙")]

    assert propose(gone, make_entry("listed", "商業服務", "信用報告", paper=LICENCE, scope=SCOPE)) == []
    assert propose(gone, make_entry("listed", "金融業", "寵物", paper=LICENCE, scope="適用於寵物寄養")) == []
    assert propose(gone, *twins) == []


def test_leaves_that_go_where_their_branch_comes_are_proposed_as_one_and_the_other_way_round() -> None:
    branch = make_entry("listed", "教育", "培訓", paper=LICENCE)
    leaves = [make_entry("listed", "教育", "培訓", name, paper=LICENCE) for name in ("課外", "職業")]
    pages = [catalogue(MARCH, *leaves)], [catalogue(JUNE, branch)]

    [merged] = [found for found in compare(*pages, JUNE).findings if found.code == "merge-proposal"]
    [split] = [
        found
        for found in compare([catalogue(MARCH, branch)], [catalogue(JUNE, *leaves)], JUNE).findings
        if found.code == "split-proposal"
    ]

    assert merged.key == split.key == key_of("教育", "培訓")
    assert merged.message.endswith("2 of 2 ask for the same")
    assert [change.kind for change in compare(*pages, JUNE).changes] == ["new", "removed", "removed"]


@pytest.mark.parametrize(("remembered", "is_found"), [(LICENCE, False), ("金融许可证", False), ("營業執照", True)])
def test_a_notice_that_remembers_another_requirement_than_was_known_is_a_finding(
    remembered: str, is_found: bool
) -> None:
    listed = catalogue(MARCH, make_entry("listed", "金融業", "銀行", paper=LICENCE))
    before = Before(requirement=make_entry("listed", "金融業", "銀行", paper=remembered).requirement)
    adjusted = msgspec.structs.replace(make_entry("adjusted", "金融業", "銀行", paper="乙證"), before=before)
    notice = make_document(JUNE, adjusted)

    found = [finding for finding in find(listed, notice) if finding.code == "before-disagrees"]

    assert bool(found) is is_found
    assert all([place.document for place in finding.evidence] == [notice.id, listed.id] for finding in found)


def test_other_words_for_the_same_need_no_notice() -> None:
    def state(*papers: str) -> NoticeEntry:
        choice = Choose(n=1, items=tuple(Text(text=paper) for paper in papers))
        return msgspec.structs.replace(make_entry("listed", "金融業", "銀行"), requirement=choice)

    changes = compare([catalogue(MARCH, state("甲", "乙"))], [catalogue(JUNE, state("甲", "乙", "甲"))], JUNE)

    assert [change.verdict for change in changes.changes] == ["equivalent"]
    assert changes.findings == ()
