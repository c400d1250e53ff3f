from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
from digest_making import (
    TODAY,
    make_category,
    make_change,
    make_change_set,
    make_digest,
    make_document,
    make_sample,
    make_source,
    paper,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from differ.changes import Change, Evidence, Finding, Severity, is_editorial
from snapshots.category import Category, Note, Reference, ScopeBlock
from snapshots.notice import Action
from snapshots.record import SourceStatus
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text
from templates.asked import Proof
from templates.cards import Card
from templates.digest import Digest
from templates.mentions import compare_words
from templates.parts import PairPart, ReferencesPart, RowsPart, WordsPart
from templates.render import Format, render_digest


def cards_of(digest: Digest) -> list[Card]:
    return [card for group in digest.groups for section in group.sections for card in section.cards]


def card_of(change: Change) -> Card:
    [card] = cards_of(make_digest(make_change_set(change)))
    return card


def facts_of(old: Requirement, new: Requirement) -> list[tuple[str, tuple[str, ...]]]:
    change = make_change("c1", "adjusted", make_category("公益-募捐", old), make_category("公益-募捐", new))
    return [(fact.code, fact.papers) for fact in card_of(change).facts]


def test_changes_are_grouped_by_entity_type_and_within_it_by_kind_in_a_fixed_order() -> None:
    digest = make_digest(make_sample())
    assert [
        (group.entity_type, [(section.kind, len(section.cards)) for section in group.sections])
        for group in digest.groups
    ] == [
        ("non_personal", [("new", 1), ("adjusted", 3), ("removed", 2), ("renamed", 1)]),
        ("personal", [("new", 1)]),
        ("overseas", [("new", 1)]),
    ]


def test_a_platform_without_entity_types_stands_in_a_group_that_names_it() -> None:
    baidu = make_category("汽车-新车销售", paper("营业执照"), entity_type=None, platform="baidu-smart-program")
    wechat = make_category("公益-募捐", paper("營業執照"))
    digest = make_digest(make_change_set(make_change("c1", "new", None, wechat), make_change("c2", "new", None, baidu)))
    assert [(group.platform, group.entity_type) for group in digest.groups] == [
        ("baidu-smart-program", None),
        ("wechat-miniprogram", "non_personal"),
    ]


def test_the_order_of_the_changes_makes_no_difference() -> None:
    sample = make_sample()
    turned = make_change_set(*reversed(sample.changes), findings=sample.findings)
    assert make_digest(turned) == make_digest(sample)


def test_new_adjusted_and_removed_are_always_counted_and_other_kinds_where_there_are_some() -> None:
    assert [(part.kind, part.count) for part in make_digest(make_sample()).counts] == [
        ("new", 3), ("adjusted", 3), ("removed", 2), ("renamed", 1),
    ]  # fmt: skip
    assert [(part.kind, part.count) for part in make_digest(make_change_set()).counts] == [
        ("new", 0), ("adjusted", 0), ("removed", 0),
    ]  # fmt: skip


def test_restated_and_first_seen_categories_are_counted_and_left_out_unless_asked_for() -> None:
    digest = make_digest(make_sample())
    assert {card.kind for card in cards_of(digest)}.isdisjoint({"restated", "first_seen"})
    assert [(part.kind, part.count) for part in digest.folded] == [("restated", 1), ("first_seen", 1)]
    everything = make_digest(make_sample(), all_kinds=True)
    assert everything.total == digest.total + 2
    assert everything.folded == ()
    assert [part.kind for part in everything.counts][-2:] == ["restated", "first_seen"]
    assert everything.summary == digest.summary


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("2025-05-07", "coming"),
        ("2025-05-06", "in_force"),
        ("2025-04-03", "in_force"),
        ("2025-04-02", "since"),
        ("2025-03-31", "since"),
    ],
)
def test_a_change_is_coming_or_in_force_since_the_last_digest_or_since_an_earlier_date(date: str, code: str) -> None:
    card = card_of(make_change("c1", "new", None, make_category("公益-募捐"), date=date, basis="published"))
    assert (card.status.code, card.status.date.isoformat(), card.status.basis) == (code, date, "published")


def test_without_a_last_digest_what_holds_already_is_in_force() -> None:
    change = make_change("c1", "new", None, make_category("公益-募捐"), date="2020-01-01")
    [card] = cards_of(make_digest(make_change_set(change), since=None))
    assert card.status.code == "in_force"


def test_the_summary_counts_what_can_be_acted_on() -> None:
    digest = make_digest(make_sample(), sources=[make_source("a", failed=True), make_source("b")])
    assert [(part.code, part.count) for part in digest.summary] == [
        ("tightened", 1), ("mixed", 1), ("asks_also", 1), ("coming", 1), ("in_force", 1), ("since", 7),
        ("closed_beta", 1), ("returned", 1), ("earlier_unknown", 2), ("findings", 1), ("failed", 1),
    ]  # fmt: skip
    coming = digest.summary[3]
    assert (coming.first, coming.last) == (dt.date(2025, 6, 1), dt.date(2025, 6, 1))


def test_an_adjusted_category_of_unknown_past_shows_its_new_state_alone_and_says_so() -> None:
    errands = make_category("生活服務-跑腿", scope="適用于為需求者提供代購服務。")
    card = card_of(make_change("c1", "adjusted", None, errands, claimed="adjusted"))
    assert [fact.code for fact in card.facts] == ["earlier_unknown"]
    requirement, scope = card.parts
    assert isinstance(requirement, RowsPart)
    assert (requirement.name, requirement.rows) == ("requirement", None)
    assert isinstance(scope, RowsPart)
    assert scope.rows is not None


def test_not_stated_and_none_required_are_told_apart() -> None:
    stated = card_of(make_change("c1", "new", None, make_category("工具-計算類", NoneRequired()))).parts[0]
    silent = card_of(make_change("c1", "new", None, make_category("工具-計算類"))).parts[0]
    assert isinstance(stated, RowsPart)
    assert isinstance(silent, RowsPart)
    assert [row.kind for row in stated.rows or ()] == ["none"]
    assert silent.rows is None


def test_a_known_category_shows_what_differs_in_pairs_and_folds_the_rest_away() -> None:
    old = make_category("公益-募捐", paper("登記證書"), scope="適用于募捐。", regions=("中國香港",))
    new = make_category("公益-募捐", paper("登記證書"), scope="適用于公開募捐。", regions=("中國香港",))
    card = card_of(make_change("c1", "adjusted", old, new))
    assert [(type(part), part.name) for part in card.parts] == [(PairPart, "scope")]
    assert [part.name for part in card.folded] == ["requirement", "regions"]


def test_what_the_fields_do_not_name_is_not_shown_as_changed() -> None:
    """A note on a line of its own, a label with 提供, a full stop, another script: form alone is no change."""
    old = make_category(
        "公益-募捐",
        Choose(
            n=1, items=(AllOf(label="慈善組織提供", items=(paper("登記證書", "1、《登記證書》；"),)), Text(text="批文"))
        ),
        scope="適用于募捐。",
        notes=(Note("需補充【公益-慈善】類目", "scope"),),
    )
    new = make_category(
        "公益-募捐",
        Choose(n=1, items=(AllOf(label="慈善组织", items=(paper("登记证书", "《登记证书》"),)), Text(text="批文；"))),
        scope="适用于募捐",
        notes=(Note("需选择【公益-慈善】类目", "scope"),),
    )
    change = make_change("c1", "adjusted", old, new)
    assert [difference.field for difference in change.fields] == ["notes"]
    card = card_of(change)
    assert [part.name for part in card.parts] == ["notes"]
    assert [part.name for part in card.folded] == ["requirement", "scope"]


LEAVES = st.sampled_from(
    ["《甲證》", "《甲证》；", "1、《甲證》", "《甲證》（注：原件）", "《乙證》", "承諾書。", "承诺书"]
)


@st.composite
def states(draw: st.DrawFn) -> Category:
    """A category in one of the forms that pages give it."""
    leaves: tuple[Requirement, ...] = tuple(
        paper(text[text.index("《") + 1 : text.index("》")], text) if "《" in text else Text(text=text)
        for text in draw(st.lists(LEAVES, min_size=1, max_size=3))
    )
    note = draw(st.sampled_from(["需加蓋公章", "需加盖公章。", "需簽名"]))
    label = draw(st.sampled_from([None, "自營型", "自营型提供"]))
    inner = AllOf(label=label, items=leaves, notes=(note,))
    requirement = Choose(n=1, items=(inner, Text(text="批文")), marker=draw(st.sampled_from([None, "(2選1)"])))
    scope = draw(st.sampled_from(["適用于募捐。", "适用于募捐", "適用于公開募捐。"]))
    return make_category("公益-募捐", requirement, scope=scope, notes=(Note(note, "requirement"),))


@settings(max_examples=150, deadline=None)
@given(states(), states())
def test_every_part_that_a_card_shows_as_changed_is_a_field_that_the_json_names(old: Category, new: Category) -> None:
    change = make_change("c1", "adjusted", old, new)
    named = {difference.field for difference in change.fields}
    allowed = named | ({"papers"} if "requirement" in named else set())
    card = card_of(change) if not is_editorial(change) else None
    assert card is None or {part.name for part in card.parts} <= allowed
    assert card is None or "scope" not in named or "scope" in {part.name for part in card.parts}


def test_a_note_of_a_requirement_that_is_the_same_stands_among_the_notes() -> None:
    states = [
        make_category(
            "公益-募捐",
            AllOf(items=(paper("登記證書"), paper("營業執照")), notes=(note,)),
            notes=(Note(note, "requirement"),),
        )
        for note in ("需加蓋公章", "需加蓋公章及簽名")
    ]
    card = card_of(make_change("c1", "adjusted", *states))
    assert [part.name for part in card.parts] == ["notes"]
    assert [part.name for part in card.folded] == ["requirement", "papers"]


def test_what_was_not_stated_before_is_learned_and_neither_changed_nor_unchanged() -> None:
    old = make_category("公益-募捐", scope="適用于募捐。")
    new = make_category("公益-募捐", AllOf(items=(paper("登記證書"), paper("營業執照"))), scope="適用于公開募捐。")
    card = card_of(make_change("c1", "adjusted", old, new))
    assert [part.name for part in card.parts] == ["scope"]
    assert [part.name for part in card.learned] == ["requirement", "papers"]
    assert card.folded == ()
    digest = make_digest(make_change_set(make_change("c1", "adjusted", old, new)))
    assert all("Now also known" in render_digest(digest, form) for form in get_args(Format))


def test_a_removed_category_shows_its_last_state_if_that_is_known() -> None:
    last = make_category("社交-交友", paper("增值電信業務經營許可證"))
    known = card_of(make_change("c1", "removed", last, None))
    assert known.is_last_state
    assert [part.name for part in known.parts] == ["requirement", "scope"]
    unknown = card_of(make_change("c1", "removed", None, None, path="社交-直播"))
    assert not unknown.is_last_state
    assert unknown.parts == ()
    assert [fact.code for fact in unknown.facts] == ["earlier_unknown"]


def test_a_paper_that_everybody_must_hand_in_now_is_asked_for_and_one_of_a_choice_is_not() -> None:
    both = AllOf(items=(paper("營業執照"), paper("登記證書")))
    either = Choose(n=1, items=(paper("營業執照"), paper("登記證書")))
    assert facts_of(paper("營業執照"), both) == [("asks_also", ("《登記證書》",))]
    assert facts_of(paper("營業執照"), either) == []
    assert facts_of(paper("營業執照"), paper("登記證書")) == [("asks_also", ("《登記證書》",))]
    assert facts_of(NoneRequired(), Choose(n=2, items=both.items)) == [("asks_also", ("《營業執照》", "《登記證書》"))]


def test_a_paper_that_stands_in_every_option_of_a_choice_is_asked_of_everybody() -> None:
    old = Choose(n=1, items=(paper("合作協議"), Text(text="經營情況證明")))
    license_ = "《增值電信業務經營許可證》(核准服務項目包含“信息服務”{})"
    new = Choose(
        n=1,
        items=(
            AllOf(items=(paper("增值電信業務經營許可證", license_.format("")), paper("合作協議"))),
            AllOf(items=(paper("增值電信業務經營許可證", license_.format(" ")), Text(text="經營情況證明"))),
        ),
    )
    [(code, words)] = facts_of(old, new)
    assert (code, [word.replace(" ", "") for word in words]) == ("asks_also", [license_.format("")])


def test_words_without_a_title_are_asked_of_everybody_only_where_all_else_is_asked_still() -> None:
    old = AllOf(items=(paper("營業執照"), Text(text="兩家合作協議")))
    more = AllOf(items=(*old.items, Text(text="員工社保證明(注:蓋公章)。")))
    reworded = AllOf(items=(paper("營業執照"), Text(text="與培訓機構的合作協議")))
    assert facts_of(old, more) == [("asks_also", ("員工社保證明",))]
    assert facts_of(old, reworded) == []


def proofs_of(old: Requirement, new: Requirement) -> tuple[Proof, ...]:
    return card_of(
        make_change("c1", "adjusted", make_category("公益-募捐", old), make_category("公益-募捐", new))
    ).proofs


def test_a_verdict_is_shown_by_papers_that_were_enough_and_what_is_missing_now() -> None:
    own = AllOf(label="自有技術", items=(paper("算法備案"),))
    old = Choose(n=1, items=(own, Choose(n=1, label="第三方技術", items=(paper("在用證明"), paper("合作協議")))))
    new = Choose(n=1, items=(own, AllOf(label="第三方技術", items=(paper("算法備案公示"), paper("合作協議")))))
    [proof] = proofs_of(old, new)
    assert proof == Proof(
        was_enough=True, cases=("第三方技術",), papers=("《合作協議》",), lacking=("《算法備案公示》",)
    )  # fmt: skip


def test_more_that_is_asked_of_a_paper_is_what_is_missing_and_not_another_option() -> None:
    wider, narrow = (
        Paper(text=f"《支付許可證》({qualifier})", title="支付許可證", qualifier=qualifier)
        for qualifier in ("范圍含“預付卡”和“儲值”", "范圍含“預付卡”")
    )
    options = (paper("公示材料"),)
    [proof] = proofs_of(Choose(n=1, items=(*options, narrow)), Choose(n=1, items=(*options, wider)))
    assert proof == Proof(was_enough=True, cases=(), papers=(narrow.text,), lacking=(wider.text,))


def test_what_is_enough_now_shows_a_relaxed_requirement() -> None:
    [proof] = proofs_of(paper("營業執照"), Choose(n=1, items=(paper("營業執照"), paper("登記證書"))))
    assert proof == Proof(was_enough=False, cases=(), papers=("《登記證書》",))


def test_a_mixed_verdict_is_shown_by_what_is_no_longer_enough_and_by_what_is_enough_now() -> None:
    lost, gained = proofs_of(paper("營業執照"), paper("登記證書"))
    assert lost == Proof(was_enough=True, cases=(), papers=("《營業執照》",))
    assert gained == Proof(was_enough=False, cases=(), papers=("《登記證書》",))


def test_nothing_required_is_an_empty_set_of_papers() -> None:
    [was] = proofs_of(NoneRequired(), paper("營業執照"))
    assert was == Proof(was_enough=True, cases=(), papers=())
    [now] = proofs_of(paper("營業執照"), NoneRequired())
    assert now == Proof(was_enough=False, cases=(), papers=())


def test_what_could_not_be_read_is_not_decided_and_nothing_is_said_to_be_asked() -> None:
    old, new = make_category("公益-募捐", paper("營業執照")), make_category("公益-募捐", paper("登記證書"))
    assert new.requirement is not None
    doubtful = structs.replace(new, requirement=structs.replace(new.requirement, doubts=("unknown-marker",)))
    digest = make_digest(make_change_set(make_change("c1", "adjusted", old, doubtful)))
    [card] = cards_of(digest)
    assert (card.verdict, card.is_unread, card.facts, card.proofs) == ("unknown", True, (), ())
    assert digest.summary[0].code == "undecided"


def make_reworded() -> Change:
    """Two options written as one of two lists: other words, the same asked."""
    old = Choose(n=1, items=(paper("甲證"), AllOf(items=(paper("甲證"), paper("乙證")))))
    return make_change("c1", "adjusted", make_category("公益-募捐", old), make_category("公益-募捐", paper("甲證")))


def test_other_words_that_ask_for_the_same_are_counted_and_left_out_unless_asked_for() -> None:
    digest = make_digest(make_change_set(make_reworded()))
    assert (digest.total, digest.baseline) == (0, 0)
    assert [(part.kind, part.count) for part in digest.counts] == [("new", 0), ("adjusted", 0), ("removed", 0)]
    assert [(part.kind, part.count) for part in digest.folded] == [("reworded", 1)]
    [card] = cards_of(make_digest(make_change_set(make_reworded()), all_kinds=True))
    assert card.verdict == "equivalent"


def test_other_words_beside_another_scope_are_shown() -> None:
    change = make_reworded()
    assert change.old is not None
    assert change.new is not None
    again = make_change(
        "c1",
        "adjusted",
        structs.replace(change.old, scope=ScopeBlock(scope="適用于募捐。")),
        structs.replace(change.new, scope=ScopeBlock(scope="適用于公開募捐。")),
    )
    assert card_of(again).verdict == "equivalent"


def test_a_first_catalogue_is_a_baseline_and_a_repetition_is_none() -> None:
    listed = [make_change(f"c{number}", "first_seen", None, make_category(f"公益-{number}")) for number in range(3)]
    repeated = make_change("c9", "restated", make_category("公益-募捐"), make_category("公益-募捐"))
    assert make_digest(make_change_set(*listed)).baseline == 3
    assert make_digest(make_change_set(*listed, repeated)).baseline == 0
    assert make_digest(make_change_set()).baseline == 0


def test_a_paper_in_another_spelling_is_the_same_paper() -> None:
    new = AllOf(items=(paper("营业执照"), Text(text="合作協議")))
    assert facts_of(AllOf(items=(paper("營業執照"), Text(text="合作協議"), paper("登記證書"))), new) == []


def test_papers_are_not_compared_with_a_requirement_that_was_never_stated() -> None:
    old = make_category("公益-募捐", scope="適用于募捐。")
    new = make_category("公益-募捐", paper("登記證書"), scope="適用于公開募捐。")
    card = card_of(make_change("c1", "adjusted", old, new))
    assert card.facts == ()
    assert not any(isinstance(part, WordsPart) for part in card.parts)


def test_the_papers_of_a_changed_requirement_are_marked_and_those_gone_are_last() -> None:
    old = make_category("公益-募捐", AllOf(items=(paper("舊證"), paper("執照"))))
    new = make_category("公益-募捐", AllOf(items=(paper("執照"), paper("新證"))))
    [papers] = [part for part in card_of(make_change("c1", "adjusted", old, new)).parts if isinstance(part, WordsPart)]
    assert papers.words == (("《執照》", "same"), ("《新證》", "added"), ("《舊證》", "removed"))


def test_a_field_that_no_block_shows_is_told_in_the_differs_own_runs() -> None:
    beta = make_category("本地服務-證券", Text(text="證券牌照"), application=("發送至郵箱",), closed_beta=True)
    plain = make_category("本地服務-證券", Text(text="證券牌照"), application=("發送至郵箱",))
    card = card_of(make_change("c1", "adjusted", plain, beta))
    assert [fact.code for fact in card.facts] == ["closed_beta_begins"]
    odd = make_change("c1", "adjusted", plain, beta)
    [part] = cards_of(make_digest(make_change_set(replace_field(odd, "deposit"))))[0].parts
    assert isinstance(part, PairPart)
    assert (part.name, len(part.unified)) == ("deposit", 1)


def replace_field(change: Change, name: str) -> Change:
    [difference] = change.fields
    return structs.replace(change, fields=(structs.replace(difference, field=name, runs=(("insert", "1000"),)),))


def test_a_reference_leads_to_the_card_of_its_category_in_the_same_digest() -> None:
    target = make_category("公益-慈善信息服務", paper("捐贈協議"))
    reference = Reference(
        "【公益-慈善信息服务】", "also_needed", (("公益", "慈善信息服务"), ("公益", "募捐")), None, "scope"
    )
    source = make_category("公益-個人求助", scope="適用于求助。", references=(reference,))
    digest = make_digest(
        make_change_set(make_change("c1", "new", None, source), make_change("c2", "new", None, target))
    )
    anchors = {card.path: card.anchor for card in cards_of(digest)}
    [part] = [part for card in cards_of(digest) for part in card.parts if isinstance(part, ReferencesPart)]
    assert [found.anchor for found in part.references[0].targets] == [anchors[target.path], None]


def test_a_claim_names_its_page_lines_and_day_of_capture_and_links_to_it_only_on_the_web() -> None:
    change = make_change("c1", "new", None, make_category("公益-募捐"), lines=(31, 64))
    [citation] = card_of(change).citations
    assert (citation.href, citation.lines, citation.captured) == (
        "https://notices.example/2025Q1.html", (31, 64), dt.date(2025, 4, 24),
    )  # fmt: skip
    local = make_document(url=None, page_name="/home/somebody/pages/2025Q1.html")
    [card] = cards_of(make_digest(make_change_set(change), documents=[local]))
    assert [(citation.name, citation.href) for citation in card.citations] == [("2025Q1.html", None)]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https:", "http://[x", "https://a b/"]
)
def test_an_address_that_is_not_of_the_web_is_no_link(url: str) -> None:
    change = make_change("c1", "new", None, make_category("公益-募捐"))
    [card] = cards_of(make_digest(make_change_set(change), documents=[make_document(url=url)]))
    assert [citation.href for citation in card.citations] == [None]


def test_a_document_that_is_not_at_hand_is_cited_by_its_id() -> None:
    [card] = cards_of(make_digest(make_change_set(make_change("c1", "new", None, make_category("公益"))), documents=[]))
    assert [(citation.title, citation.captured) for citation in card.citations] == [("3f9a01c2b4de-1", None)]


def test_sources_tell_how_current_they_are() -> None:
    sources = [make_source("b", days=31), make_source("a"), make_unseen("c-never")]
    digest = make_digest(make_change_set(), sources=sources)
    assert [(source.name, source.days_ago) for source in digest.sources] == [("a", 0), ("b", 31), ("c-never", None)]
    assert digest.currency.newest == TODAY
    assert digest.currency.stalest is not None
    assert digest.currency.stalest.name == "c-never"


def make_unseen(name: str) -> SourceStatus:
    return structs.replace(make_source(name), last_captured=None, last_changed=None, last_run=None, last_outcome=None)


def test_coverage_is_told_for_each_scope() -> None:
    coverage = make_digest(make_sample()).coverage
    assert {(row.platform, row.entity_type, row.level) for row in coverage} == {
        ("wechat-miniprogram", "non_personal", "partial"),
        ("wechat-miniprogram", "personal", "partial"),
        ("wechat-miniprogram", "overseas", "partial"),
    }


def test_findings_stand_by_severity_and_remarks_do_not_alarm() -> None:
    place = (Evidence(document="3f9a01c2b4de-1", lines=None),)
    severities: tuple[Severity, ...] = ("info", "error", "warning")
    findings = [
        Finding(id=f"f{number}", code="x", severity=severity, key=None, message="…", evidence=place)
        for number, severity in enumerate(severities)
    ]
    digest = make_digest(make_change_set(findings=findings))
    assert [finding.severity for finding in digest.findings] == ["error", "warning", "info"]
    assert [(part.code, part.count) for part in digest.summary] == [("findings", 2)]
    assert [page.title for page in digest.pages] == ["2025年1-3月小程序類目調整匯總公告"]


def test_findings_of_one_severity_stand_by_category_as_in_the_json() -> None:
    findings = [
        Finding(id=name, code=code, severity="warning", key=key, message="…", evidence=())
        for name, code, key in (("fa", "x", "p|t|乙"), ("fb", "y", "p|t|甲"), ("fc", "x", "p|t|甲"), ("fd", "x", None))
    ]
    digest = make_digest(make_change_set(findings=findings))
    assert [finding.id for finding in digest.findings] == ["fd", "fa", "fc", "fb"]


@pytest.mark.parametrize("claimed", [None, "adjusted"])
def test_a_silent_change_is_told_on_its_card_and_only_counted_in_the_summary(claimed: Action | None) -> None:
    change = structs.replace(make_sample().changes[0], claimed=claimed)
    evidence = (Evidence(document="3f9a01c2b4de-1", lines=None),)
    findings = [
        Finding(id=name, code=code, severity="warning", key=change.key, message="…", evidence=evidence)
        for name, code in (("0f1e2d3c4b5a", "silent-change"), ("0f1e2d3c4b5b", "claim-added-but-known"))
    ]
    digest = make_digest(make_change_set(change, findings=findings))
    (card,) = cards_of(digest)
    left = ["0f1e2d3c4b5b"] if claimed is None else ["0f1e2d3c4b5b", "0f1e2d3c4b5a"]
    assert card.silent == ("0f1e2d3c4b5a" if claimed is None else None)
    assert [finding.id for finding in digest.findings] == left
    counts = {part.code: part.count for part in digest.summary}
    assert (counts.get("silent", 0), counts["findings"]) == (2 - len(left), len(left))
    for form in get_args(Format):
        assert render_digest(digest, form).count("0f1e2d3c4b5a") == 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((("日本", "韓國"), "適用於日本、韓國主體"), (("日本",), "适用于日本主体"), [("regions_gone", ("韓國",))]),
        ((("日本",), "適用於日本主體"), (("日本", "韩国"), "适用于日本、韩国主体"), [("regions_added", ("韩国",))]),
        ((("日本", "韓國"), "適用"), (("韩国", "日本"), "适用"), []),
        ((("日本",), "適用於日本主體"), ((), "适用于旅游"), []),  # nobody is shut out where no region is named any more
        (((), "適用於旅遊服務"), ((), "仅适用于旅游服务"), [("only_begins", ())]),
        (((), "僅適用於旅遊服務"), ((), "适用于旅游服务"), [("only_ends", ())]),
        (((), "仅适用于旅游服务"), ((), "僅適用於旅遊及酒店服務"), []),
    ],
)
def test_a_scope_says_whom_it_shuts_out_and_lets_in(
    old: tuple[tuple[str, ...], str], new: tuple[tuple[str, ...], str], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    before, after = (
        make_category("旅遊-酒店", paper("甲證"), scope=scope, regions=regions) for regions, scope in (old, new)
    )
    card = card_of(make_change("c1", "adjusted", before, after))
    assert [(fact.code, fact.papers) for fact in card.facts] == expected


def test_a_note_that_another_page_sets_in_the_brackets_of_a_leaf_has_not_gone() -> None:
    def make_state(leaf: str, notes: tuple[str, ...], scope_note: str) -> Category:
        state = make_category("公益-募捐", paper("備案", leaf), scope="適用于公開募捐。")
        assert state.requirement is not None
        assert state.scope is not None
        return structs.replace(
            state,
            requirement=structs.replace(
                state.requirement, notes=tuple(Note(text=note, where="requirement") for note in notes)
            ),
            scope=structs.replace(state.scope, notes=(Note(text=scope_note, where="scope"),)),
        )

    old = make_state("《備案》", ("點擊可查看示例",), "甲")
    new = make_state("《備案》(注:點擊可查看示例)", (), "乙")
    card = card_of(make_change("c1", "adjusted", old, new))
    [part] = [part for part in card.parts if part.form == "pair"]
    assert part.name == "notes"
    assert "點擊" not in "".join(span.text for row in part.unified for span in row.spans)


def test_a_paper_by_another_name_that_is_known_for_it_is_the_same_paper() -> None:
    assert compare_words(["《互聯網藥品信息服務資格證》"], ["《互联网药品信息服务资格证书》"]) == (
        ("《互联网药品信息服务资格证书》", "same"),
    )
