"""Requirements that no platform has, made at random for the laws: papers, texts, and trees of them."""

from __future__ import annotations

from hypothesis import strategies as st

from snapshots.requirement import AllOf, Choose, Paper, Requirement, Text

_PAPERS = st.builds(
    lambda holder, title, qualifier: Paper(
        text=f"{holder}{'的' if holder else ''}《{title}》{f'({qualifier})' if qualifier else ''}",
        title=title,
        holder=holder or None,
        qualifier=qualifier or None,
    ),
    st.sampled_from(["", "", "合作公司", "小程序主体与场馆"]),
    st.sampled_from(["营业执照", "潜水许可证", "药品、医疗器械备案凭证", "授权书", "公告(试行)"]),
    st.sampled_from(["", "", "范围含“客运”或“货运”", "原件"]),
)
_TEXTS = st.sampled_from(["承诺函", "主管部门批文或许可文件", "门店照片(含门头、内景)", "2家商户的协议"]).map(
    lambda text: Text(text=text)
)
LEAVES: st.SearchStrategy[Requirement] = st.one_of(_PAPERS, _TEXTS)

_Notes = st.SearchStrategy[tuple[str, ...]]


def make_trees(notes: _Notes) -> st.SearchStrategy[AllOf | Choose]:
    """Lists of leaves and of lists, three deep at most, with such notes behind them."""
    lists = _make_lists(st.one_of(LEAVES, _make_lists(LEAVES, notes)), notes)
    return _make_lists(st.one_of(LEAVES, lists), notes)


def _make_lists(items: st.SearchStrategy[Requirement], notes: _Notes) -> st.SearchStrategy[AllOf | Choose]:
    return st.builds(
        _make_list,
        st.lists(items, min_size=2, max_size=4),
        st.sampled_from([None, 1, 1, 2]),
        st.sampled_from([None, None, "自营主体", "票务代理"]),
        notes,
    )


def _make_list(items: list[Requirement], n: int | None, label: str | None, notes: tuple[str, ...]) -> AllOf | Choose:
    """A list as a page can state it: a note behind a last item that is a list would belong to that one."""
    own = notes if isinstance(items[-1], Paper | Text) else ()
    if n is None:
        return AllOf(label=label, marker="同时提供", items=tuple(items), notes=own)
    n = min(n, len(items) - 1)
    return Choose(n=n, label=label, marker=f"({len(items)}选{n})", items=tuple(items), notes=own)
