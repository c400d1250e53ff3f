"""Rebuilding: what each kind of document does to the state."""

from __future__ import annotations

import datetime as dt

import pytest
from snapshot_making import (
    PLATFORM,
    catalogue,
    key_of,
    listing,
    make_document,
    make_entry,
    notice,
    paper,
    path_of,
    store_document,
)

from snapshots.category import Attribute
from snapshots.notice import Scope
from snapshots.period import StatedDate
from snapshots.rebuild import rebuild_series, rebuild_snapshot
from snapshots.requirement import Choose, NoneRequired
from snapshots.snapshot import CompleteScope, Snapshot, StoredDocument


def rebuild(*documents: StoredDocument, at: str | None = None) -> Snapshot:
    return rebuild_snapshot(documents, at=None if at is None else dt.date.fromisoformat(at))


def names(snapshot: Snapshot) -> set[str]:
    return {"-".join(category.path) for category in snapshot.categories.values()}


def requirement_of(snapshot: Snapshot, name: str) -> object:
    block = snapshot.categories[key_of(name)].requirement
    return None if block is None else block.requirement


def test_before_everything_nothing_is_known_and_nothing_is_covered() -> None:
    snapshot = rebuild(notice("2025-03-31", make_entry("added", "金融業-個人征信")), at="2025-03-30")
    assert not snapshot.categories
    assert snapshot.coverage() == {}
    assert snapshot.date == dt.date(2025, 3, 30)


def test_without_a_date_future_documents_count_and_the_snapshot_has_the_last_date() -> None:
    snapshot = rebuild(
        notice("2025-03-31", make_entry("added", "金融業-個人征信")),
        notice("2099-01-01", make_entry("added", "金融業-保理")),
    )
    assert names(snapshot) == {"金融業-個人征信", "金融業-保理"}
    assert snapshot.date == dt.date(2099, 1, 1)
    assert rebuild().date is None


def test_a_notice_changes_only_what_it_names() -> None:
    snapshot = rebuild(
        catalogue("2025-01-01", make_entry("listed", "工具-天氣"), make_entry("listed", "工具-計算", requirement="甲")),
        notice("2025-03-31", make_entry("adjusted", "工具-計算", requirement="乙")),
    )
    assert names(snapshot) == {"工具-天氣", "工具-計算"}
    assert requirement_of(snapshot, "工具-計算") == paper("乙")


def test_a_stated_block_replaces_the_old_one_whole_and_an_unstated_one_stays() -> None:
    first = make_entry(
        "added", "生活服務-跑腿", requirement="甲", emails=("a@example.com",), closed_beta=True, scope="送達服務"
    )
    snapshot = rebuild(
        notice("2025-01-01", first),
        notice("2025-03-31", make_entry("adjusted", "生活服務-跑腿", requirement="乙")),
    )
    category = snapshot.categories[key_of("生活服務-跑腿")]
    assert category.requirement is not None
    assert category.requirement.requirement == paper("乙")
    assert category.requirement.emails == ()
    assert not category.requirement.closed_beta
    assert category.scope is not None
    assert category.scope.scope == "送達服務"


def test_an_entry_without_a_requirement_leaves_the_requirement_as_it_was() -> None:
    snapshot = rebuild(
        notice("2025-01-01", make_entry("added", "生活服務-跑腿", requirement="甲")),
        notice("2025-03-31", make_entry("adjusted", "生活服務-跑腿", scope="新的範圍")),
    )
    assert requirement_of(snapshot, "生活服務-跑腿") == paper("甲")


def test_none_required_is_a_statement_and_replaces_what_was_required() -> None:
    snapshot = rebuild(
        notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲")),
        notice("2025-03-31", make_entry("adjusted", "工具-天氣", requirement=NoneRequired())),
    )
    assert requirement_of(snapshot, "工具-天氣") == NoneRequired()


def test_in_a_catalogue_nothing_carries_over() -> None:
    snapshot = rebuild(
        notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲", scope="天氣")),
        catalogue("2025-02-01", make_entry("listed", "工具-天氣", scope="天氣預報")),
    )
    assert requirement_of(snapshot, "工具-天氣") is None


def test_attributes_are_a_block_of_their_own() -> None:
    deposit = (Attribute("保证金", "1000"),)
    snapshot = rebuild(
        notice("2025-01-01", make_entry("added", "厨具-茶具", attributes=deposit)),
        notice("2025-02-01", make_entry("adjusted", "厨具-茶具", requirement="甲")),
    )
    assert snapshot.categories[key_of("厨具-茶具")].attributes == deposit


def test_an_adjusted_category_that_was_not_known_is_known_from_then_on() -> None:
    snapshot = rebuild(notice("2025-03-31", make_entry("adjusted", "工具-天氣")))
    assert names(snapshot) == {"工具-天氣"}
    assert snapshot.coverage() == {f"{PLATFORM}/non_personal": "partial"}


def test_a_catalogue_removes_what_it_does_not_list_in_its_scope() -> None:
    gone = make_entry("added", "工具-計算", requirement="甲")
    unlisting = catalogue("2025-02-01", make_entry("listed", "工具-天氣"))
    snapshot = rebuild(notice("2025-01-01", gone), unlisting)
    removal = snapshot.removed[key_of("工具-計算")]
    assert names(snapshot) == {"工具-天氣"}
    assert removal.last is not None
    assert removal.last.path == path_of("工具-計算")
    assert removal.claim.observed
    assert removal.claim.lines is None
    assert removal.claim.document == unlisting.id
    assert snapshot.claims[key_of("工具-計算")][-1] == removal.claim


def test_a_catalogue_says_nothing_about_other_entity_types_platforms_and_branches() -> None:
    snapshot = rebuild(
        notice("2025-01-01", make_entry("added", "工具-天氣", entity_type="overseas")),
        notice("2025-01-01", make_entry("added", "工具-天氣", platform="jd"), platform="jd"),
        notice("2025-01-01", make_entry("added", "金融業-保理"), make_entry("added", "工具-天氣")),
        catalogue(
            "2025-02-01",
            make_entry("listed", "工具-計算"),
            complete_for=(Scope(entity_type="non_personal", under=("工具",)),),
        ),
    )
    assert set(snapshot.categories) == {
        key_of("工具-天氣", "overseas"),
        key_of("工具-天氣", platform="jd"),
        key_of("金融業-保理"),
        key_of("工具-計算"),
    }
    assert snapshot.complete == (CompleteScope(platform=PLATFORM, entity_type="non_personal", under=("工具",)),)
    assert snapshot.coverage()[f"{PLATFORM}/non_personal"] == "partial"


def test_an_empty_catalogue_of_a_scope_still_covers_it() -> None:
    snapshot = rebuild(catalogue("2025-02-01"))
    assert snapshot.coverage() == {f"{PLATFORM}/non_personal": "complete"}


def test_a_listing_adds_and_changes_and_removes_nothing() -> None:
    snapshot = rebuild(
        notice("2025-01-01", make_entry("added", "工具-天氣"), make_entry("added", "工具-計算", scope="計算")),
        listing("2025-02-01", make_entry("listed", "工具-計算", requirement="甲"), make_entry("listed", "工具-網盤")),
    )
    assert names(snapshot) == {"工具-天氣", "工具-計算", "工具-網盤"}
    changed = snapshot.categories[key_of("工具-計算")]
    assert changed.requirement is not None
    assert changed.scope is not None
    assert snapshot.complete == ()


def test_a_stated_removal_of_an_unknown_category_is_kept_without_its_state() -> None:
    snapshot = rebuild(notice("2025-03-31", make_entry("removed", "工具-天氣")))
    removal = snapshot.removed[key_of("工具-天氣")]
    assert removal.last is None
    assert removal.path == path_of("工具-天氣")
    assert not snapshot.categories


def test_what_is_gone_stays_gone_by_what_ended_it_first() -> None:
    first = notice("2025-03-31", make_entry("removed", "工具-天氣"))
    snapshot = rebuild(
        notice("2025-01-01", make_entry("added", "工具-天氣")),
        first,
        notice("2025-06-30", make_entry("removed", "工具-天氣")),
    )
    removal = snapshot.removed[key_of("工具-天氣")]
    assert removal.claim.document == first.id
    assert removal.last is not None
    assert [claim.action for claim in snapshot.claims[key_of("工具-天氣")]] == ["added", "removed", "removed"]


def test_a_category_that_comes_back_is_no_longer_removed_and_starts_afresh() -> None:
    snapshot = rebuild(
        notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲")),
        notice("2025-03-31", make_entry("removed", "工具-天氣")),
        notice("2025-06-30", make_entry("added", "工具-天氣", scope="天氣")),
    )
    assert snapshot.removed == {}
    assert requirement_of(snapshot, "工具-天氣") is None
    assert [claim.action for claim in snapshot.claims[key_of("工具-天氣")]] == ["added", "removed", "added"]


def test_an_entry_whose_name_was_lost_changes_nothing() -> None:
    known = notice("2025-01-01", make_entry("added", "厨具-茶具"))
    lost = notice("2025-12-15", make_entry("removed", ""), make_entry("removed", " - ", entity_type="overseas"))
    before, after = rebuild(known, at="2025-12-15"), rebuild(known, lost, at="2025-12-15")
    assert before == after


def test_a_category_named_twice_keeps_both_claims() -> None:
    snapshot = rebuild(
        notice(
            "2025-03-31",
            make_entry("added", "工具-天氣", requirement="甲", lines=(1, 3)),
            make_entry("adjusted", "工具-天氣", scope="天氣", lines=(7, 9)),
        )
    )
    claims = snapshot.claims[key_of("工具-天氣")]
    assert [(claim.action, claim.lines) for claim in claims] == [("added", (1, 3)), ("adjusted", (7, 9))]
    assert requirement_of(snapshot, "工具-天氣") == paper("甲")


def test_different_rows_of_one_category_are_a_choice_of_one_and_equal_rows_are_one() -> None:
    snapshot = rebuild(
        listing(
            "2016-09-22",
            make_entry("listed", "金融業-證券", requirement="甲", scope="一"),
            make_entry("listed", "金融業-證券", requirement="乙", scope="二"),
            make_entry("listed", "金融業-證券", requirement="甲", scope="一"),
            make_entry("listed", "工具-天氣", requirement="丙"),
            make_entry("listed", "工具-天氣", requirement="丙"),
        )
    )
    assert requirement_of(snapshot, "金融業-證券") == Choose(n=1, items=(paper("甲"), paper("乙")))
    scope = snapshot.categories[key_of("金融業-證券")].scope
    assert scope is not None
    assert scope.scope == "一\n二"
    assert requirement_of(snapshot, "工具-天氣") == paper("丙")
    assert len(snapshot.claims[key_of("金融業-證券")]) == 3


def test_two_spellings_are_one_category_shown_as_it_was_first_published() -> None:
    snapshot = rebuild(
        notice("2025-01-01", make_entry("added", "醫療服務-藥品(非處方藥)銷售", requirement="甲")),
        notice("2025-03-31", make_entry("adjusted", "医疗服务-药品（非处方药）销售", requirement="乙")),
    )
    assert names(snapshot) == {"醫療服務-藥品(非處方藥)銷售"}
    assert requirement_of(snapshot, "醫療服務-藥品(非處方藥)銷售") == paper("乙")


class TestDates:
    def test_an_entry_s_own_effective_date_wins_over_that_of_its_notice(self) -> None:
        early = notice(
            "2025-03-31",
            make_entry("added", "工具-天氣", effective="2025-05-01"),
            make_entry("added", "工具-計算"),
        )
        assert names(rebuild(early, at="2025-04-30")) == {"工具-計算"}
        later = rebuild(early, at="2025-05-01")
        assert names(later) == {"工具-天氣", "工具-計算"}
        claim = later.claims[key_of("工具-天氣")][0]
        assert (claim.in_force.date, claim.in_force.basis) == (dt.date(2025, 5, 1), "effective")

    def test_a_date_that_is_not_the_effective_one_moves_nothing(self) -> None:
        deadline = StatedDate("deadline", None, dt.date(2025, 9, 30), "請於9月30日前補充資質")
        snapshot = rebuild(
            notice("2025-03-31", make_entry("adjusted", "工具-天氣", dates=(deadline,))), at="2025-03-31"
        )
        assert names(snapshot) == {"工具-天氣"}

    def test_a_catalogue_counts_before_a_notice_of_the_same_day(self) -> None:
        documents = [
            notice("2025-03-31", make_entry("adjusted", "工具-天氣", requirement="乙")),
            catalogue("2025-03-31", make_entry("listed", "工具-天氣", requirement="甲")),
        ]
        for given in (documents, documents[::-1]):
            assert requirement_of(rebuild(*given), "工具-天氣") == paper("乙")

    def test_of_two_notices_of_one_day_the_one_published_later_has_the_last_word(self) -> None:
        documents = [
            notice("2025-03-31", make_entry("adjusted", "工具-天氣", requirement="乙"), published=dt.date(2025, 4, 9)),
            notice("2025-03-31", make_entry("adjusted", "工具-天氣", requirement="甲"), published=dt.date(2025, 4, 2)),
        ]
        for given in (documents, documents[::-1]):
            assert requirement_of(rebuild(*given), "工具-天氣") == paper("乙")

    def test_the_tenth_document_of_a_page_comes_after_its_second(self) -> None:
        said = {n: make_entry("adjusted", "工具-天氣", requirement=title) for n, title in ((2, "甲"), (10, "乙"))}
        second, tenth = (
            store_document(make_document(entry), "2025-03-31", number=n, page="one") for n, entry in said.items()
        )
        assert requirement_of(rebuild(tenth, second), "工具-天氣") == paper("乙")

    def test_a_row_that_a_catalogue_dates_later_is_not_gone_until_then_and_not_yet_changed(self) -> None:
        dated = catalogue(
            "2025-02-01",
            make_entry("listed", "工具-天氣", requirement="乙", effective="2025-06-01"),
            make_entry("listed", "工具-計算", effective="2025-06-01"),
            make_entry("listed", "工具-網盤"),
        )
        known = notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲"))
        before, after = rebuild(known, dated, at="2025-05-31"), rebuild(known, dated, at="2025-06-01")
        assert names(before) == {"工具-天氣", "工具-網盤"}
        assert requirement_of(before, "工具-天氣") == paper("甲")
        assert names(after) == {"工具-天氣", "工具-計算", "工具-網盤"}
        assert requirement_of(after, "工具-天氣") == paper("乙")

    def test_a_row_that_a_catalogue_dates_earlier_holds_from_then_and_still_on_the_catalogue_s_day(self) -> None:
        dated = catalogue("2025-06-01", make_entry("listed", "工具-天氣", requirement="甲", effective="2025-02-01"))
        between = notice("2025-03-31", make_entry("adjusted", "工具-天氣", requirement="乙"))
        assert requirement_of(rebuild(dated, between, at="2025-02-01"), "工具-天氣") == paper("甲")
        assert requirement_of(rebuild(dated, between, at="2025-05-31"), "工具-天氣") == paper("乙")
        last = rebuild(dated, between, at="2025-06-01")
        assert requirement_of(last, "工具-天氣") == paper("甲")
        assert len(last.claims[key_of("工具-天氣")]) == 2


class TestSuccessions:
    def test_a_rename_takes_the_state_along_and_leaves_a_claim_under_both_keys(self) -> None:
        renaming = notice("2025-03-31", make_entry("renamed", "工具-天氣", to=("工具-氣象",), scope="氣象"))
        snapshot = rebuild(
            notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲", scope="天氣")), renaming
        )
        assert names(snapshot) == {"工具-氣象"}
        assert snapshot.removed == {}
        category = snapshot.categories[key_of("工具-氣象")]
        assert requirement_of(snapshot, "工具-氣象") == paper("甲")
        assert category.scope is not None
        assert category.scope.scope == "氣象"
        (succession,) = snapshot.successions
        assert succession.known
        assert (succession.from_key, succession.to_key) == (key_of("工具-天氣"), key_of("工具-氣象"))
        assert (succession.from_path, succession.to_path) == (path_of("工具-天氣"), path_of("工具-氣象"))
        assert [claim.action for claim in snapshot.claims[key_of("工具-天氣")]] == ["added", "renamed"]
        assert [claim.action for claim in snapshot.claims[key_of("工具-氣象")]] == ["renamed"]

    def test_a_rename_of_an_unknown_category_makes_the_new_one_known(self) -> None:
        snapshot = rebuild(notice("2025-03-31", make_entry("renamed", "工具-天氣", to=("工具-氣象",))))
        assert names(snapshot) == {"工具-氣象"}
        assert not snapshot.successions[0].known

    def test_a_rename_that_a_mirror_states_again_is_one_rename(self) -> None:
        entry = make_entry("renamed", "工具-天氣", to=("工具-氣象",))
        snapshot = rebuild(
            notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲")),
            notice("2025-03-31", entry),
            notice("2025-03-31", entry, title="轉載"),
        )
        assert [succession.known for succession in snapshot.successions] == [True]
        assert requirement_of(snapshot, "工具-氣象") == paper("甲")
        assert len(snapshot.claims[key_of("工具-氣象")]) == 2

    def test_a_name_that_was_given_up_can_come_back_and_be_given_up_again(self) -> None:
        renaming = make_entry("renamed", "工具-天氣", to=("工具-氣象",))
        snapshot = rebuild(
            notice("2025-01-01", make_entry("added", "工具-天氣")),
            notice("2025-03-31", renaming),
            notice("2025-06-30", make_entry("added", "工具-天氣", requirement="乙")),
            notice("2025-09-30", renaming),
        )
        assert [succession.claim.in_force.date.month for succession in snapshot.successions] == [3, 9]
        assert requirement_of(snapshot, "工具-氣象") == paper("乙")

    def test_a_rename_after_the_catalogue_showed_the_new_name_is_no_removal(self) -> None:
        snapshot = rebuild(
            notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲", scope="天氣")),
            catalogue("2025-03-01", make_entry("listed", "工具-氣象", requirement="乙")),
            notice("2025-03-31", make_entry("renamed", "工具-天氣", to=("工具-氣象",))),
        )
        assert snapshot.removed == {}
        assert snapshot.successions[0].known
        assert requirement_of(snapshot, "工具-氣象") == paper("乙")
        assert snapshot.categories[key_of("工具-氣象")].scope is not None

    def test_a_rename_to_another_spelling_only_changes_how_the_name_is_shown(self) -> None:
        snapshot = rebuild(
            notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲")),
            notice("2025-03-31", make_entry("renamed", "工具-天氣", to=("工具-天气",))),
        )
        assert names(snapshot) == {"工具-天气"}
        assert requirement_of(snapshot, "工具-天氣") == paper("甲")
        assert snapshot.successions == ()

    def test_a_rename_whose_new_name_was_lost_ends_nothing(self) -> None:
        snapshot = rebuild(
            notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲")),
            notice("2025-03-31", make_entry("renamed", "工具-天氣", to=("",))),
        )
        assert names(snapshot) == {"工具-天氣"}

    @pytest.mark.parametrize("turned", [False, True])
    def test_names_that_one_notice_passes_on_change_hands_at_once(self, turned: bool) -> None:
        renames = [
            make_entry("renamed", "工具-甲", to=("工具-乙",)),
            make_entry("renamed", "工具-乙", to=("工具-丙",)),
        ]
        snapshot = rebuild(
            notice(
                "2025-01-01",
                make_entry("added", "工具-甲", requirement="一"),
                make_entry("added", "工具-乙", requirement="二"),
            ),
            notice("2025-03-31", *(renames[::-1] if turned else renames)),
        )
        assert names(snapshot) == {"工具-乙", "工具-丙"}
        assert requirement_of(snapshot, "工具-乙") == paper("一")
        assert requirement_of(snapshot, "工具-丙") == paper("二")

    def test_two_categories_can_swap_their_names(self) -> None:
        snapshot = rebuild(
            notice(
                "2025-01-01",
                make_entry("added", "工具-甲", requirement="一"),
                make_entry("added", "工具-乙", requirement="二"),
            ),
            notice(
                "2025-03-31",
                make_entry("renamed", "工具-甲", to=("工具-乙",)),
                make_entry("renamed", "工具-乙", to=("工具-甲",)),
            ),
        )
        assert requirement_of(snapshot, "工具-乙") == paper("一")
        assert requirement_of(snapshot, "工具-甲") == paper("二")

    @pytest.mark.parametrize("extent", ["part", None])
    def test_a_migration_of_goods_closes_nothing(self, extent: str | None) -> None:
        snapshot = rebuild(
            notice(
                "2022-11-05",
                make_entry("added", "功能箱包-帆布包/袋"),
                make_entry(
                    "moved",
                    "潮流女包-單肩包",
                    to=("功能箱包-帆布包/袋",),
                    extent=extent,
                    condition="包體材質全部為粗帆布",
                ),
            )
        )
        assert names(snapshot) == {"功能箱包-帆布包/袋", "潮流女包-單肩包"}
        assert snapshot.removed == {}
        assert snapshot.successions == ()

    def test_a_whole_move_ends_the_old_key_and_takes_the_state_along(self) -> None:
        moving = notice("2025-03-31", make_entry("moved", "工具-天氣", to=("生活-天氣",), extent="whole"))
        snapshot = rebuild(notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲")), moving)
        assert names(snapshot) == {"生活-天氣"}
        assert requirement_of(snapshot, "生活-天氣") == paper("甲")
        assert snapshot.removed[key_of("工具-天氣")].claim.document == moving.id
        assert snapshot.successions[0].to_key == key_of("生活-天氣")

    def test_merged_categories_end_and_what_they_become_is_only_known_to_be_there(self) -> None:
        snapshot = rebuild(
            notice(
                "2025-01-01",
                make_entry("added", "工具-天氣", requirement="甲"),
                make_entry("added", "工具-氣溫", requirement="乙"),
            ),
            notice(
                "2025-03-31",
                make_entry("merged", "工具-天氣", to=("工具-氣象",)),
                make_entry("merged", "工具-氣溫", to=("工具-氣象",)),
            ),
        )
        assert names(snapshot) == {"工具-氣象"}
        assert requirement_of(snapshot, "工具-氣象") is None
        assert set(snapshot.removed) == {key_of("工具-天氣"), key_of("工具-氣溫")}
        assert [succession.known for succession in snapshot.successions] == [True, True]
        assert len(snapshot.claims[key_of("工具-氣象")]) == 2

    def test_a_category_that_takes_another_in_stays_as_it_is(self) -> None:
        snapshot = rebuild(
            notice(
                "2025-01-01",
                make_entry("added", "工具-天氣", requirement="甲"),
                make_entry("added", "工具-氣溫", requirement="乙"),
            ),
            notice("2025-03-31", make_entry("merged", "工具-氣溫", to=("工具-天氣",))),
        )
        assert names(snapshot) == {"工具-天氣"}
        assert requirement_of(snapshot, "工具-天氣") == paper("甲")

    def test_a_split_category_ends_unless_it_is_one_of_its_own_parts(self) -> None:
        known = notice("2025-01-01", make_entry("added", "工具-天氣", requirement="甲"))
        apart = make_entry("split", "工具-天氣", to=("工具-氣象", "工具-氣溫"))
        partly = make_entry("split", "工具-天氣", to=("工具-天氣", "工具-氣溫"))
        ended, kept = rebuild(known, notice("2025-03-31", apart)), rebuild(known, notice("2025-03-31", partly))
        assert names(ended) == {"工具-氣象", "工具-氣溫"}
        assert set(ended.removed) == {key_of("工具-天氣")}
        assert names(kept) == {"工具-天氣", "工具-氣溫"}
        assert kept.removed == {}
        assert requirement_of(kept, "工具-天氣") == paper("甲")

    def test_the_row_of_a_merge_states_what_the_new_category_asks_for(self) -> None:
        snapshot = rebuild(notice("2025-03-31", make_entry("merged", "工具-天氣", to=("工具-氣象",), requirement="甲")))
        assert requirement_of(snapshot, "工具-氣象") == paper("甲")


class TestBranches:
    LEAVES = ("醫療服務-就醫服務-查報告單", "醫療服務-就醫服務-掛號")
    BRANCH = "醫療服務-就醫服務"

    def list_leaves(self, on: str, **fields: object) -> StoredDocument:
        return catalogue(on, *(make_entry("listed", leaf, **fields) for leaf in self.LEAVES))  # type: ignore[arg-type]

    def test_a_branch_is_superseded_by_the_leaves_that_a_catalogue_lists(self) -> None:
        snapshot = rebuild(
            notice("2025-03-31", make_entry("adjusted", self.BRANCH, requirement="甲")),
            self.list_leaves("2026-02-21", requirement="甲"),
        )
        assert names(snapshot) == set(self.LEAVES)
        assert snapshot.removed == {}
        assert snapshot.branch_of == {key_of(leaf): key_of(self.BRANCH) for leaf in self.LEAVES}
        last = snapshot.branches[key_of(self.BRANCH)].last
        assert last is not None
        assert last.requirement is not None

    def test_a_notice_on_a_branch_writes_its_blocks_to_every_leaf(self) -> None:
        naming = notice("2026-03-31", make_entry("adjusted", self.BRANCH, requirement="乙"))
        snapshot = rebuild(self.list_leaves("2026-02-21", requirement="甲", scope="就醫"), naming)
        assert names(snapshot) == set(self.LEAVES)
        for leaf in self.LEAVES:
            assert requirement_of(snapshot, leaf) == paper("乙")
            assert snapshot.categories[key_of(leaf)].scope is not None
            assert snapshot.claims[key_of(leaf)][-1].document == naming.id
        assert snapshot.claims[key_of(self.BRANCH)][-1].document == naming.id
        assert snapshot.branches[key_of(self.BRANCH)].last is None

    def test_a_branch_that_is_closed_closes_its_leaves(self) -> None:
        snapshot = rebuild(self.list_leaves("2026-02-21"), notice("2026-03-31", make_entry("removed", self.BRANCH)))
        assert not snapshot.categories
        assert set(snapshot.removed) == {key_of(leaf) for leaf in self.LEAVES}

    def test_a_branch_that_is_renamed_takes_its_leaves_along(self) -> None:
        snapshot = rebuild(
            self.list_leaves("2026-02-21", requirement="甲"),
            notice("2026-03-31", make_entry("renamed", self.BRANCH, to=("醫療服務-看病",))),
        )
        assert names(snapshot) == {"醫療服務-看病-查報告單", "醫療服務-看病-掛號"}
        assert requirement_of(snapshot, "醫療服務-看病-掛號") == paper("甲")

    def test_a_category_that_a_catalogue_listed_is_gone_when_a_later_one_lists_others_below_it(self) -> None:
        snapshot = rebuild(catalogue("2026-01-01", make_entry("listed", self.BRANCH)), self.list_leaves("2026-02-21"))
        assert set(snapshot.removed) == {key_of(self.BRANCH)}
        assert snapshot.branch_of == {}

    def test_a_listed_category_that_was_closed_can_be_a_branch_when_it_is_named_again(self) -> None:
        snapshot = rebuild(
            catalogue("2026-01-01", make_entry("listed", self.BRANCH)),
            notice("2026-01-15", make_entry("removed", self.BRANCH)),
            notice("2026-02-01", make_entry("added", self.BRANCH)),
            self.list_leaves("2026-02-21"),
        )
        assert snapshot.removed == {}
        assert set(snapshot.branch_of) == {key_of(leaf) for leaf in self.LEAVES}

    def test_a_listed_category_is_not_a_branch_for_those_listed_below_it(self) -> None:
        snapshot = rebuild(
            catalogue("2026-01-01", *(make_entry("listed", name) for name in (self.BRANCH, *self.LEAVES))),
            notice("2026-03-31", make_entry("adjusted", self.BRANCH, requirement="乙")),
        )
        assert requirement_of(snapshot, self.BRANCH) == paper("乙")
        assert requirement_of(snapshot, self.LEAVES[0]) is None

    def test_a_later_leaf_of_a_superseded_branch_inherits_nothing(self) -> None:
        more = (*self.LEAVES, "醫療服務-就醫服務-繳費")
        snapshot = rebuild(
            notice("2025-03-31", make_entry("adjusted", self.BRANCH, requirement="甲")),
            self.list_leaves("2026-02-21"),
            catalogue("2026-07-29", *(make_entry("listed", leaf) for leaf in more)),
        )
        assert key_of("醫療服務-就醫服務-繳費") not in snapshot.branch_of
        assert names(snapshot) == set(more)


def test_a_series_gives_the_snapshot_of_each_date_in_one_walk() -> None:
    documents = (
        notice("2025-01-01", make_entry("added", "工具-天氣")),
        notice("2025-03-31", make_entry("removed", "工具-天氣")),
    )
    dates = [dt.date(2025, 3, 31), dt.date(2024, 1, 1), dt.date(2025, 1, 1)]
    assert list(rebuild_series(documents, dates=dates)) == [
        rebuild_snapshot(documents, at=date) for date in sorted(dates)
    ]
