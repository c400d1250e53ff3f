"""Pages that are not what they should be are refused in one line; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from page_making import CORPUS
from test_layouts import NOTICE

from snapshots.errors import PageRefusedError
from snapshots.notice import Reading

Read = Callable[..., Reading]


@pytest.mark.parametrize("content", [b"", b"  \n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_page_is_refused(read_text: Read, content: bytes) -> None:
    with pytest.raises(PageRefusedError, match=r"empty|no text"):
        read_text(content)


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, b"PK\x03\x04" + b"\x00\xff\xfe\x01" * 500]
)
def test_a_binary_file_is_refused(read_text: Read, content: bytes) -> None:
    with pytest.raises(PageRefusedError, match="binary"):
        read_text(content, "page.html")


def test_guidance_that_names_categories_is_no_notice(read_text: Read) -> None:
    path = CORPUS / "not-a-notice-guidance.txt"
    if not path.exists():
        pytest.skip("the corpus of real pages is not here")
    with pytest.raises(PageRefusedError, match=r"no notice|not a notice"):
        read_text(path.read_bytes())


def test_a_title_without_entries_is_no_notice(read_text: Read) -> None:
    with pytest.raises(PageRefusedError, match="no category is announced"):
        read_text("2025年4-6月小程序类目调整汇总公告\n请登录后查看\n")


LINES = NOTICE.split("\n")


@pytest.mark.parametrize("kept", range(LINES.index("#【本地服务-租车】") + 1, len(LINES)))
def test_a_notice_cut_in_its_last_entry_is_refused(read_text: Read, kept: int) -> None:
    with pytest.raises(PageRefusedError, match="breaks off"):
        read_text("\n".join(LINES[:kept]))


def test_a_notice_cut_in_mid_sentence_is_refused(read_text: Read) -> None:
    with pytest.raises(PageRefusedError, match="breaks off"):
        read_text(NOTICE[:-6])


def test_a_block_whose_heading_is_lost_is_a_problem_and_no_part_of_the_category_before(read_text: Read) -> None:
    whole = read_text(NOTICE)
    reading = read_text(NOTICE.replace("#【本地服务-租车】\n", ""))
    assert "unnamed-block" in {problem.code for problem in reading.problems}
    assert reading.documents[0].entries[0].scope == whole.documents[0].entries[0].scope


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ("①《动物防疫条件合格证》\n", "missing-item"),
        ("2、平台主体:与寄养机构签订的《合作协议》及《承诺函》\n", "arity"),
        ("适用于提供宠物寄养、托管等服务。\n", "empty-block"),
        ("①如提供宠物诊疗服务,需补充【宠物服务-宠物医院】类目;\n", "missing-item"),
        ("类目新增\n", "no-section"),
    ],
)
def test_a_lost_line_is_told(read_text: Read, lost: str, code: str) -> None:
    assert lost in NOTICE
    reading = read_text(NOTICE.replace(lost, "", 1))
    assert code in {problem.code for problem in reading.problems}


def test_an_injected_line_reaches_no_entry(read_text: Read) -> None:
    spam = "澳门娱乐城注册送彩金"
    reading = read_text(NOTICE.replace("类目调整\n境外", f"{spam}\n类目调整\n境外"))
    assert spam not in str(reading.documents)
    assert [(problem.code, problem.text) for problem in reading.problems] == [("unexpected-line", spam)]


def test_text_behind_the_last_entry_ends_the_content_and_is_named(read_text: Read) -> None:
    reading = read_text(NOTICE + "\n本站由某某科技提供\n已有 838 人看过")
    assert [problem.text for problem in reading.problems] == ["本站由某某科技提供"]
    assert reading.accounting.outside_content == 1
