"""How a program stands over a series of pages: now, since when, by which change, and what is coming."""

from __future__ import annotations

import datetime as dt

import msgspec
from worlds import DECEMBER, JUNE, MARCH, PLATFORM, SEPTEMBER, make_document, make_entry

from differ.impact.impact import CategoryImpact, ProgramImpact, assess_portfolio, is_unsatisfied, select_since
from differ.impact.portfolio import HeldPaper, Portfolio, Program
from differ.verdict.papers import load_names
from snapshots.category import CategoryPath, Reference, category_key
from snapshots.notice import Action, NoticeEntry
from snapshots.rebuild import list_change_dates, rebuild_series
from snapshots.requirement import AllOf, Paper, Requirement
from snapshots.snapshot import StoredDocument

DAY = dt.date(2025, 10, 1)
PETS: CategoryPath = ("宠物服务", "宠物寄养")
NEXT_DAY = dt.timedelta(days=1)


def papers(*titles: str) -> Requirement:
    found = tuple(Paper(text=f"《{title}》", title=title) for title in titles)
    return found[0] if len(found) == 1 else AllOf(items=found)


def entry(
    action: Action,
    *path: str,
    asks: tuple[str, ...] = (),
    also: tuple[Reference, ...] = (),
    doubts: tuple[str, ...] = (),
    to: tuple[CategoryPath, ...] = (),
    whole: bool | None = None,
) -> NoticeEntry:
    return msgspec.structs.replace(
        make_entry(action, *(path or PETS), scope="适用于寄养", to=to, whole=whole),
        requirement=papers(*asks) if asks else None,
        references=also,
        doubts=doubts,
    )


def also_needed(*target: str, condition: str | None = None) -> Reference:
    name = f"【{'-'.join(target)}】"
    return Reference(text=name, role="also_needed", targets=(target,), condition=condition, where="scope")


def program(
    *held: HeldPaper | str, categories: tuple[str, ...] = ("宠物服务-宠物寄养",), name: str = "喵喵"
) -> Program:
    found = tuple(HeldPaper(title=paper) if isinstance(paper, str) else paper for paper in held)
    return Program(name=name, categories=categories, papers=found)


def assess(documents: list[StoredDocument], *programs: Program, day: dt.date = DAY) -> tuple[ProgramImpact, ...]:
    series = tuple(rebuild_series(documents, dates=list_change_dates(documents)))
    return assess_portfolio(Portfolio(programs), series, day=day, names=load_names())


def assess_one(documents: list[StoredDocument], one: Program, *, day: dt.date = DAY) -> CategoryImpact:
    return assess(documents, one, day=day)[0].categories[0]


TIGHTENED = [
    make_document(MARCH, entry("added", asks=("甲证",))),
    make_document(JUNE, entry("adjusted", asks=("甲证", "乙证"))),
]


def test_it_is_so_since_the_change_after_which_the_papers_were_not_enough() -> None:
    found = assess_one(TIGHTENED, program("甲证"))
    assert (found.now.state, found.before) == ("unsatisfied", "satisfied")
    assert [[answer.text for answer in way] for way in found.now.ways] == [["《乙证》"]]
    cause = found.since
    assert cause is not None
    assert (cause.date, cause.basis, cause.kind, cause.verdict) == (JUNE, "period_end", "adjusted", "tightened")
    assert (cause.claimed, cause.is_news) == ("adjusted", True)
    assert cause.evidence[0].document == f"notice-{JUNE}"


def test_a_later_change_that_leaves_it_so_is_not_what_made_it_so() -> None:
    later = [*TIGHTENED, make_document(SEPTEMBER, entry("adjusted", asks=("甲证", "乙证", "丙证")))]
    found = assess_one(later, program("甲证"))
    assert found.since is not None
    assert found.since.date == JUNE
    assert [[answer.text for answer in way] for way in found.now.ways] == [["《丙证》", "《乙证》"]]


def test_papers_that_were_enough_in_between_begin_a_new_run() -> None:
    later = [
        *TIGHTENED,
        make_document(SEPTEMBER, entry("adjusted", asks=("甲证",))),
        make_document(DECEMBER, entry("adjusted", asks=("乙证",))),
    ]
    found = assess_one(later, program("甲证"), day=DECEMBER)
    assert found.since is not None
    assert found.since.date == DECEMBER


def test_a_change_that_is_not_in_force_yet_is_coming() -> None:
    found = assess_one(TIGHTENED, program("甲证"), day=JUNE - NEXT_DAY)
    assert found.now.state == "satisfied"
    assert [(coming.cause.date, coming.becomes.state) for coming in found.coming] == [(JUNE, "unsatisfied")]


def test_a_change_in_words_alone_is_not_coming() -> None:
    again = [
        make_document(MARCH, entry("added", asks=("甲證",))),
        make_document(JUNE, entry("adjusted", asks=("甲证",))),
    ]
    assert assess_one(again, program(), day=MARCH).coming == ()


def test_an_expired_paper_makes_it_so_the_day_after() -> None:
    paper = HeldPaper(title="甲证", expires=JUNE)
    documents = TIGHTENED[:1]
    assert assess_one(documents, program(paper), day=JUNE).now.state == "satisfied"
    found = assess_one(documents, program(paper), day=JUNE + NEXT_DAY)
    assert found.now.state == "unsatisfied"
    assert found.since is not None
    assert (found.since.date, found.since.kind, found.since.papers) == (JUNE + NEXT_DAY, "expired", ("甲证",))
    assert [(expiry.paper, expiry.is_past) for expiry in found.expiring] == [("甲证", True)]


def test_a_paper_is_told_of_sixty_days_before_its_last_and_what_follows_is_coming() -> None:
    paper = HeldPaper(title="甲证", expires=DAY + dt.timedelta(days=60))
    later = HeldPaper(title="甲证", expires=DAY + dt.timedelta(days=61))
    found, others = assess(TIGHTENED[:1], program(paper), program(later, name="汪汪"))
    assert [(expiry.paper, expiry.is_past) for expiry in found.expiring] == [("甲证", False)]
    assert [coming.becomes.state for coming in found.categories[0].coming] == ["unsatisfied"]
    assert others.expiring == ()
    assert others.categories[0].coming == ()


def test_what_was_only_seen_for_the_first_time_is_not_said_to_have_become_so() -> None:
    seen = [make_document(JUNE, entry("listed", asks=("甲证",)), kind="catalogue")]
    found = assess(seen, program())
    cause = found[0].categories[0].since
    assert cause is not None
    assert (cause.date, cause.kind, cause.is_news) == (JUNE, "first_seen", False)
    assert select_since(found, MARCH) == ()


def test_what_a_page_states_first_is_learned_and_no_news() -> None:
    documents = [
        make_document(MARCH, entry("adjusted")),
        make_document(JUNE, entry("listed", asks=("甲证",)), kind="catalogue"),
    ]
    found = assess_one(documents, program())
    assert found.since is not None
    assert (found.now.state, found.since.kind, found.since.is_news) == ("unsatisfied", "learned", False)


def test_since_a_day_only_what_became_so_after_it_is_kept() -> None:
    found = assess(TIGHTENED, program("甲证"), program("甲证", "乙证", name="汪汪"))
    assert [one.program for one in select_since(found, MARCH)] == ["喵喵"]
    assert select_since(found, JUNE) == ()


def test_a_category_that_a_complete_list_lacks_is_gone_since_then() -> None:
    documents = [
        make_document(MARCH, entry("listed", asks=("甲证",)), kind="catalogue"),
        make_document(JUNE, entry("listed", "宠物服务", "宠物医院"), kind="catalogue"),
    ]
    found = assess_one(documents, program("甲证"))
    assert (found.now.state, found.before) == ("removed", "satisfied")
    assert found.since is not None
    assert (found.since.date, found.since.kind, found.since.claimed) == (JUNE, "removed", None)


def test_a_closed_beta_that_a_list_does_not_name_any_more_may_only_be_unlisted() -> None:
    beta = msgspec.structs.replace(entry("listed", asks=("甲证",)), closed_beta=True)
    later = make_document(JUNE, entry("listed", "宠物服务", "宠物医院"), kind="catalogue")
    found = assess_one([make_document(MARCH, beta, kind="catalogue"), later], program("甲证"))
    assert (found.now.state, found.now.why) == ("removed", "unlisted")
    closed = make_document(JUNE, entry("removed"))
    found = assess_one([make_document(MARCH, beta, kind="catalogue"), closed], program("甲证"))
    assert (found.now.state, found.now.why) == ("removed", None)


def test_a_renamed_category_goes_on_under_its_new_name_and_keeps_its_history() -> None:
    new = ("宠物服务", "宠物托管")
    documents = [*TIGHTENED, make_document(SEPTEMBER, entry("renamed", to=(new,)))]
    by_old = assess_one(documents, program("甲证"))
    by_new = assess_one(documents, program("甲证", categories=("宠物服务-宠物托管",)))
    assert (by_old.now.state, by_old.now.path, by_old.now.goes_on_as) == ("unsatisfied", new, (new,))
    assert by_new.now.goes_on_as == ()
    assert by_old.since is not None
    assert by_new.since is not None
    assert by_old.since.date == by_new.since.date == JUNE


def test_a_split_category_is_not_decided_and_says_what_it_goes_on_as() -> None:
    parts = (("宠物服务", "猫寄养"), ("宠物服务", "狗寄养"))
    documents = [*TIGHTENED, make_document(SEPTEMBER, entry("split", to=parts))]
    found = assess_one(documents, program("甲证"))
    assert (found.now.state, found.now.why, found.now.goes_on_as) == ("undecided", "parted", parts)


def test_a_branch_stands_for_its_leaves_where_they_ask_for_the_same() -> None:
    def listed(*asks: str) -> list[StoredDocument]:
        leaves = [entry("listed", *PETS, leaf, asks=(ask,)) for leaf, ask in zip(("猫", "狗"), asks, strict=True)]
        return [
            make_document(MARCH, entry("adjusted", asks=("甲证",))),
            make_document(JUNE, *leaves, kind="catalogue"),
        ]

    same = assess_one(listed("甲证", "甲证"), program("甲证"))
    assert (same.now.state, same.now.path) == ("satisfied", PETS)
    other = assess_one(listed("甲证", "乙证"), program("甲证"))
    assert (other.now.state, other.now.why) == ("undecided", "branch")
    assert other.now.names == ("宠物服务 › 宠物寄养 › 猫", "宠物服务 › 宠物寄养 › 狗")


def test_a_leaf_has_the_history_of_the_branch_that_a_notice_named() -> None:
    documents = [
        *TIGHTENED,
        make_document(SEPTEMBER, entry("listed", *PETS, "猫", asks=("甲证", "乙证")), kind="catalogue"),
    ]
    found = assess_one(documents, program("甲证", categories=("宠物服务-宠物寄养-猫",)))
    assert found.since is not None
    assert found.since.date == JUNE


def test_a_category_is_found_in_any_script_and_with_any_dash() -> None:
    spellings = ("寵物服務 – 寵物寄養", "宠物服务>宠物寄养", "宠物服务 › 宠物寄养", "宠物服务/宠物寄养")
    found = assess(TIGHTENED, program("甲证", "乙证", categories=spellings))[0]
    assert [impact.now.state for impact in found.categories] == ["satisfied"] * 4


def test_a_category_that_no_page_names_is_not_decided_and_names_are_proposed() -> None:
    found = assess_one(TIGHTENED, program("甲证", categories=("宠物服务-宠物寄样",)))
    assert (found.now.state, found.now.why) == ("undecided", "unknown_category")
    assert found.now.names[0] == "宠物服务-宠物寄养"


def test_a_category_of_two_kinds_of_applicant_needs_the_kind() -> None:
    overseas = category_key(PLATFORM, "overseas", PETS)
    both = msgspec.structs.replace(entry("added", asks=("乙证",)), entity_type="overseas", key=overseas)
    documents = [make_document(MARCH, entry("added", asks=("甲证",)), both)]
    found = assess_one(documents, program("乙证"))
    assert (found.now.why, found.now.names) == ("several_types", ("non_personal", "overseas"))
    stated = assess_one(documents, msgspec.structs.replace(program("乙证"), entity_type="overseas"))
    assert (stated.now.state, stated.key) == ("satisfied", overseas)


def test_a_platform_of_which_nothing_is_stored_is_said_so() -> None:
    found = assess_one(TIGHTENED, msgspec.structs.replace(program("甲证"), platform="baidu"))
    assert (found.now.why, found.now.names) == ("unknown_platform", (PLATFORM,))
    assert assess_one([], program("甲证")).now.why == "unknown_platform"


def test_what_is_not_stated_or_was_not_understood_is_not_decided() -> None:
    unstated = assess_one([make_document(MARCH, entry("adjusted"))], program("甲证"))
    assert (unstated.now.state, unstated.now.why) == ("undecided", "not_stated")
    doubtful = assess_one(
        [make_document(MARCH, entry("added", asks=("甲证",), doubts=("no-marker",)))], program("甲证")
    )
    assert (doubtful.now.state, doubtful.now.why, doubtful.now.names) == ("undecided", "doubtful", ("no-marker",))


def test_a_category_that_is_also_needed_is_lacking_since_the_note_came() -> None:
    hospital = also_needed("宠物服务", "宠物医院")
    grooming = also_needed("宠物服务", "宠物美容", condition="如提供洗护")
    documents = [
        make_document(MARCH, entry("added", asks=("甲证",))),
        make_document(JUNE, entry("adjusted", asks=("甲证",), also=(hospital, grooming))),
    ]
    found = assess_one(documents, program("甲证"))
    assert found.now.state == "satisfied"
    assert [(lack.text, lack.condition) for lack in found.now.lacks] == [
        ("【宠物服务-宠物医院】", None),
        ("【宠物服务-宠物美容】", "如提供洗护"),
    ]
    assert [lack.since and lack.since.date for lack in found.now.lacks] == [JUNE, JUNE]
    assert is_unsatisfied(found)
    both = program("甲证", categories=("宠物服务-宠物寄养", "寵物服務-寵物醫院"))
    held = next(one for one in assess(documents, both)[0].categories if one.category == "宠物服务-宠物寄养")
    assert [lack.text for lack in held.now.lacks] == ["【宠物服务-宠物美容】"]
    assert not is_unsatisfied(held)


def test_a_category_to_be_chosen_for_some_service_is_named_since_when_and_lacks_nothing() -> None:
    elsewhere = msgspec.structs.replace(
        also_needed("宠物服务", "宠物医院", condition="如提供诊疗"), role="choose_instead", text="请选择【…】"
    )
    documents = [
        make_document(MARCH, entry("added", asks=("甲证",))),
        make_document(JUNE, entry("adjusted", asks=("甲证",), also=(elsewhere,))),
    ]
    found = assess_one(documents, program("甲证"))
    assert found.now.lacks == ()
    [chosen] = found.now.elsewhere
    assert (chosen.condition, chosen.since and chosen.since.date) == ("如提供诊疗", JUNE)
    assert not is_unsatisfied(found)


def test_an_optional_paper_is_named_and_not_asked_for() -> None:
    tree = AllOf(items=(papers("甲证"), Paper(text="《乙证》(如有)", title="乙证", qualifier="如有")))
    stated = msgspec.structs.replace(entry("added"), requirement=tree)
    found = assess_one([make_document(MARCH, stated)], program("甲证"))
    assert (found.now.state, found.now.optional) == ("satisfied", ("《乙证》(如有)",))


def test_a_reworded_note_is_the_same_need() -> None:
    documents = [
        make_document(MARCH, entry("added", asks=("甲证",), also=(also_needed("寵物服務", "寵物醫院"),))),
        make_document(JUNE, entry("adjusted", asks=("甲证",), also=(also_needed("宠物服务", "宠物医院"),))),
    ]
    lack = assess_one(documents, program("甲证")).now.lacks[0]
    assert lack.since is not None
    assert lack.since.date == MARCH


def test_the_worst_programs_and_categories_come_first() -> None:
    documents = [
        make_document(MARCH, entry("listed", asks=("甲证",)), entry("listed", "宠物服务", "旧"), kind="catalogue"),
        make_document(JUNE, entry("listed", asks=("甲证",)), kind="catalogue"),
    ]
    found = assess(
        documents,
        program("甲证", name="好"),
        program(name="缺"),
        program("甲证", name="没了", categories=("宠物服务-宠物寄养", "宠物服务-旧")),
        program("甲证", name="不明", categories=("宠物服务-宠物寄养", "别的-类目")),
    )
    assert [one.program for one in found] == ["没了", "缺", "不明", "好"]
    assert [impact.now.state for impact in found[0].categories] == ["removed", "satisfied"]
