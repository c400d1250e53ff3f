"""A change set with every kind of change, in the form of real notices, and the digest of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from differ.changes import Change, ChangeSet, Evidence, Finding, Kind, Knowledge, Side
from differ.fields import diff_fields
from differ.verdict.papers import load_names
from differ.verdict.verdict import Ruling, compare_requirements
from snapshots.category import (
    Category,
    CategoryPath,
    EntityType,
    Note,
    PaperMention,
    Reference,
    RequirementBlock,
    ScopeBlock,
    category_key,
)
from snapshots.notice import Action, Document, Problem
from snapshots.period import Basis, InForce
from snapshots.record import SourceStatus
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text, iterate_leaves
from snapshots.snapshot import StoredDocument
from templates.digest import Digest, Heading, build_digest

PLATFORM = "wechat-miniprogram"
TODAY = dt.date(2025, 5, 6)
SINCE = dt.datetime(2025, 4, 2, 3, 0, tzinfo=dt.UTC)
UNTIL = dt.datetime(2025, 5, 6, 3, 0, tzinfo=dt.UTC)

PET_NOTE = "若《營業執照》無經營許可信息,需同時補充官網查詢許可經營范圍截圖"


def path_of(name: str) -> CategoryPath:
    return tuple(name.split("-"))


def paper(title: str, text: str | None = None) -> Paper:
    return Paper(text=text or f"《{title}》", title=title)


def make_category(
    name: str,
    requirement: Requirement | None = None,
    *,
    scope: str | None = None,
    entity_type: EntityType | None = "non_personal",
    platform: str = PLATFORM,
    notes: Sequence[Note] = (),
    references: Sequence[Reference] = (),
    unsupported: Sequence[str] = (),
    regions: Sequence[str] = (),
    application: Sequence[str] = (),
    closed_beta: bool = False,
) -> Category:
    path = path_of(name)
    mentions = tuple(
        PaperMention(leaf.title, leaf.text) for leaf in iterate_leaves(requirement) if isinstance(leaf, Paper)
    )
    has_requirement = requirement is not None or application
    return Category(
        platform=platform,
        entity_type=entity_type,
        path=path,
        key=category_key(platform, entity_type, path),
        requirement=RequirementBlock(
            requirement=requirement,
            application=tuple(application),
            notes=tuple(note for note in notes if note.where == "requirement"),
            papers=mentions,
            closed_beta=closed_beta,
        )
        if has_requirement
        else None,
        scope=ScopeBlock(
            scope=scope,
            notes=tuple(note for note in notes if note.where == "scope"),
            references=tuple(references),
            unsupported=tuple(unsupported),
            regions=tuple(regions),
        )
        if scope is not None
        else None,
    )


def make_change(
    identifier: str,
    kind: Kind,
    old: Category | None,
    new: Category | None,
    *,
    before: Knowledge | None = None,
    claimed: Action | None = None,
    date: str = "2025-03-31",
    basis: Basis = "period_end",
    paths_before: Sequence[str] = (),
    returned: bool = False,
    lines: tuple[int, int] = (12, 30),
    document: str = "3f9a01c2b4de-1",
    path: str = "",
) -> Change:
    """A change between two states; `path` names the category where neither is known."""
    state = new or old or make_category(path)
    ruling = rule(old, new)
    return Change(
        id=identifier,
        kind=kind,
        platform=state.platform,
        entity_type=state.entity_type,
        path=state.path,
        paths_before=tuple(path_of(name) for name in paths_before),
        key=state.key,
        returned=returned,
        in_force=InForce(dt.date.fromisoformat(date), basis),
        claimed=claimed,
        before=before or ("none" if kind == "new" else "known" if old else "unknown"),
        verdict=None if ruling is None else ruling.verdict,
        witness=None if ruling is None else ruling.witness,
        witness_gained=None if ruling is None else ruling.gained,
        cases=() if ruling is None else ruling.cases,
        fields=diff_fields(old, new) if old and new else (),
        evidence=(Evidence(document=document, lines=lines),),
        old=old,
        new=new,
    )


def rule(old: Category | None, new: Category | None) -> Ruling | None:
    """The differ's verdict on a requirement that differs."""
    before, after = (state.requirement if state else None for state in (old, new))
    if before is None or after is None or before == after or not (before.requirement and after.requirement):
        return None
    is_doubtful = bool(before.doubts or after.doubts)
    return compare_requirements(before.requirement, after.requirement, load_names(), is_doubtful=is_doubtful)


def make_document(
    identifier: str = "3f9a01c2b4de-1",
    *,
    title: str | None = "2025年1-3月小程序類目調整匯總公告",
    url: str | None = "https://notices.example/2025Q1.html",
    page_name: str = "https://notices.example/2025Q1.html",
    problems: int = 0,
) -> StoredDocument:
    return StoredDocument(
        id=identifier,
        sequence=1,
        known=SINCE,
        captured=dt.datetime(2025, 4, 24, 16, 17, tzinfo=dt.UTC),
        page_sha256=identifier.split("-", maxsplit=1)[0] * 5,
        page_name=page_name,
        url=url,
        source="wechat-notices",
        profile="wechat-miniprogram",
        in_force=InForce(dt.date(2025, 3, 31), "period_end"),
        document=Document(kind="notice", title=title, platform=PLATFORM, entries=()),
        problems=tuple(Problem(line=3, text="?", code="unknown-heading", message="?") for _ in range(problems)),
    )


def make_source(name: str = "wechat-notices", *, days: int = 0, failed: bool = False) -> SourceStatus:
    seen = UNTIL - dt.timedelta(days=days)
    return SourceStatus(
        name=name,
        url=f"https://notices.example/{name}",
        last_captured=seen,
        last_changed=dt.datetime(2025, 4, 24, 16, 17, tzinfo=dt.UTC),
        last_outcome="failed" if failed else "unchanged",
        last_run=UNTIL,
    )


def make_change_set(*changes: Change, findings: Sequence[Finding] = (), partial: bool = True) -> ChangeSet:
    scopes = sorted({"/".join(filter(None, (change.platform, change.entity_type))) for change in changes})
    coverage = dict.fromkeys(scopes, "partial" if partial else "complete")
    typed = msgspec.convert(coverage, dict[str, str])
    return ChangeSet(
        old=Side(date=None, coverage={}),
        new=Side(date=dt.date(2025, 7, 1), coverage=typed),  # type: ignore[arg-type]
        changes=changes,
        findings=tuple(findings),
    )


def make_digest(
    changes: ChangeSet,
    *,
    heading: Heading = "digest",
    documents: Sequence[StoredDocument] | None = None,
    sources: Sequence[SourceStatus] = (),
    today: dt.date = TODAY,
    since: dt.datetime | dt.date | None = SINCE,
    until: dt.datetime | dt.date | None = UNTIL,
    all_kinds: bool = False,
) -> Digest:
    found = (make_document(),) if documents is None else documents
    return build_digest(
        changes,
        heading=heading,
        documents={document.id: document for document in found},
        sources=sources,
        today=today,
        since=since,
        until=until,
        all_kinds=all_kinds,
    )


def make_sample() -> ChangeSet:
    """A quarter's notice over a known state: every kind of change, two entity types, both directions of knowledge."""
    travel_old = make_category(
        "交通服務-國際客運",
        Choose(
            n=1,
            marker="(2選1)",
            items=(
                paper("道路運輸經營許可證", "班車客運:《道路運輸經營許可證》(范圍含“國際客運”相關內容)"),
                AllOf(
                    label="票務代理",
                    marker="同時提供",
                    items=(Text(text="與有資質主體公司的合作協議"), paper("國際船舶運輸經營許可證")),
                ),
            ),
        ),
        scope="適用于提供中國-其他國家/地區的過境客運班車服務。",
        notes=(Note("僅限企業主體", "scope"), Note("暫不支持包車服務,建議去除", "scope")),
        unsupported=("包車服務",),
        regions=("中國香港", "中國澳門"),
    )
    travel_new = make_category(
        "交通服務-國際客運",
        Choose(
            n=1,
            marker="(3選1)",
            items=(
                paper("道路運輸經營許可證", "班車客運:《道路運輸經營許可證》(范圍含“國際客運”或“口岸客運”相關內容)"),
                paper("國際班輪運輸經營資格登記證", "國際班輪客運:《國際班輪運輸經營資格登記證》"),
                AllOf(
                    label="票務代理",
                    marker="同時提供",
                    items=(
                        Text(text="與有資質主體公司的合作協議"),
                        paper("國際船舶運輸經營許可證"),
                        paper("營業執照"),
                    ),
                    notes=("若同時涉及客運/客船服務,需同時提供對應資質。",),
                ),
            ),
        ),
        scope="適用于提供中國-其他國家/地區的過境客運班車或客運船票銷售等服務。",
        notes=(Note("僅限企業主體", "scope"), Note("暫不支持包船服務,建議去除", "scope")),
        references=(
            Reference("【交通服務-航空代理】", "also_needed", (("交通服務", "航空代理"),), "若涉及機票銷售", "scope"),
        ),
        unsupported=("包船服務",),
        regions=("中國香港",),
    )
    pets = Choose(
        n=2,
        marker="(3選2)",
        items=(
            paper("動物診療許可證"),
            paper("檢驗檢測機構資質認定證書"),
            Text(text="檢測機構名單截圖", marked_new=True),
        ),
        notes=(PET_NOTE,),
    )
    flights_old = make_category(
        "交通服務-航空代理", paper("合作協議", "與航空公司的《合作協議》"), scope="適用于航空代理主體提供購票服務。"
    )
    flights_new = make_category(
        "交通服務-航空代理",
        AllOf(
            marker="同時提供",
            items=(paper("合作協議", "與航空公司的《合作協議》"), paper("公共航空運輸企業經營許可證")),
        ),
        scope="適用于航空代理主體提供購票服務。",
    )
    beta = make_category(
        "本地服務-證券",
        Text(text="香港證券牌照(許可范圍含“第1類證券交易”)"),
        entity_type="overseas",
        scope="僅適用于香港證券主體為香港用戶提供證券開戶服務。",
        application=(
            "該類目正在內測階段,發送至郵箱“miniprogram@tencent.com”,標題格式為【內測-本地服務-證券】類目申請",
        ),
        closed_beta=True,
        regions=("中國香港",),
    )
    gone = make_category("社交-陌生人交友", paper("增值電信業務經營許可證"), scope="適用于提供陌生人交友服務。")
    legal_old = make_category("商業服務-法律咨詢", paper("律師事務所執業許可證"), scope="適用于提供法律咨詢服務。")
    legal_new = make_category("商業服務-法律服務平臺", paper("律師事務所執業許可證"), scope="適用于提供法律咨詢服務。")
    errands = make_category("生活服務-跑腿", scope="適用于為需求者提供代購和送達物品的服務(如:食品、日用品等)。")
    tools = make_category("工具-計算類", NoneRequired(), entity_type="personal", scope="適用于提供計算器等服務。")
    repeated = make_category("金融業-個人征信", paper("個人征信業務經營許可證"))
    listed = make_category("教育-駕校培訓", paper("道路運輸經營許可證"))
    return make_change_set(
        make_change("a00000000001", "new", None, make_category("生活服務-其他寵物健康服務", pets), claimed="added"),
        make_change("a00000000002", "new", None, beta, claimed="added", date="2025-06-01", basis="effective"),
        make_change("a00000000003", "new", None, tools, claimed="added", returned=True),
        make_change("a00000000004", "adjusted", travel_old, travel_new, claimed="adjusted", lines=(31, 64)),
        make_change("a00000000005", "adjusted", flights_old, flights_new, claimed="adjusted", lines=(65, 70)),
        make_change("a00000000006", "adjusted", None, errands, claimed="adjusted", lines=(71, 71)),
        make_change("a00000000007", "removed", gone, None, date="2025-04-24", basis="captured"),
        make_change("a00000000008", "removed", None, None, claimed="removed", path="社交-直播"),
        make_change(
            "a00000000009", "renamed", legal_old, legal_new, claimed="renamed", paths_before=("商業服務-法律咨詢",)
        ),
        make_change("a0000000000a", "restated", repeated, repeated, claimed="adjusted"),
        make_change("a0000000000b", "first_seen", None, listed, before="unknown", claimed="listed"),
        findings=(
            Finding(
                id="f00000000001",
                code="claim-against-history",
                severity="warning",
                key=errands.key,
                message="生活服務 › 跑腿 is said to be adjusted, and nothing differs",
                evidence=(Evidence(document="3f9a01c2b4de-1", lines=(71, 71)),),
            ),
        ),
    )
