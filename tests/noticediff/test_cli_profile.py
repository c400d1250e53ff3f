"""Which profile reads a page, a user's own profiles, and `strict`."""

from __future__ import annotations

from pathlib import Path

import pytest
from program_running import make_notice, run_program, write_page

from snapshots.store import open_store

NOTICE = make_notice(個人征信="營業執照")
ODD = NOTICE + "\n#【】\n\n現資質要求\n\n《甲》\n"


def copy_profile(folder: Path, file: str = "mine.toml", **changes: str) -> Path:
    """A copy of the profile that reads NOTICE, with other values for top-level texts."""
    lines = run_program("profile", "show", "wechat-miniprogram").stdout.splitlines()
    kept = [
        next((f'{key} = "{value}"' for key, value in changes.items() if line.startswith(f"{key} = ")), line)
        for line in lines
    ]
    return write_page(folder, file, "\n".join(kept) + "\n")


def stored_profiles(folder: Path) -> list[str]:
    with open_store(str(folder / "notices.db"), create=False) as store:
        return [stored.profile for stored in store.load_documents()]


def test_two_profiles_that_fit_are_named_and_a_source_decides(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", NOTICE)
    copy_profile(tmp_path, name="mine")
    config = write_page(
        tmp_path,
        "noticediff.toml",
        'store = "notices.db"\nprofiles = ["mine.toml"]\n'
        f'[[source]]\nname = "saved"\nfile = "{page.name}"\nprofile = "mine"\n',
    )
    run = run_program("--config", config, "parse", page)
    assert (run.exit_code, run.stdout) == (4, "")
    assert run.stderr == (
        f"noticediff: {page}: the marks of several profiles are on the page; one must be named, by --profile "
        "or for its source (mine, wechat-miniprogram)\n"
    )
    assert run_program("--config", config, "parse", page, "--profile", "mine").exit_code == 0
    assert run_program("--config", config, "track").exit_code == 0
    assert stored_profiles(tmp_path) == ["mine"]


def test_a_copy_under_the_same_name_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", NOTICE)
    copy_profile(tmp_path, description="Ours", platform="ours")
    config = write_page(tmp_path, "noticediff.toml", 'store = "notices.db"\nprofiles = ["mine.toml"]\n')
    run = run_program("--config", config, "parse", page)
    assert run.exit_code == 0
    assert "  notice · ours · " in run.stdout
    listed = run_program("--config", config, "profile", "list").stdout
    assert f"wechat-miniprogram  Ours ({tmp_path / 'mine.toml'})\n" in listed
    shown = run_program("--config", config, "profile", "show", "wechat-miniprogram").stdout
    assert shown == (tmp_path / "mine.toml").read_text(encoding="utf-8")


def test_a_source_may_name_the_file_of_its_profile(tmp_path: Path) -> None:
    write_page(tmp_path, "notice.txt", NOTICE)
    copy_profile(tmp_path, platform="ours")
    config = write_page(
        tmp_path,
        "noticediff.toml",
        'store = "notices.db"\n[[source]]\nname = "saved"\nfile = "notice.txt"\nprofile = "mine.toml"\n',
    )
    assert run_program("--config", config, "track").exit_code == 0
    with open_store(str(tmp_path / "notices.db"), create=False) as store:
        assert [stored.document.platform for stored in store.load_documents()] == ["ours"]


def test_two_files_with_one_name_are_an_error(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        copy_profile(tmp_path, name)
    config = write_page(tmp_path, "noticediff.toml", 'profiles = ["a.toml", "b.toml"]\n')
    run = run_program("--config", config, "profile", "list")
    assert run.exit_code == 2
    assert f"{tmp_path / 'b.toml'}: {tmp_path / 'a.toml'} has the name 'wechat-miniprogram' too" in run.stderr


def test_a_good_profile_is_said_to_be_good(tmp_path: Path) -> None:
    mine = copy_profile(tmp_path)
    run = run_program("profile", "check", mine)
    assert (run.exit_code, run.stderr) == (0, "")
    assert run.stdout == f"{mine}: a good profile; it reads pages of wechat-miniprogram as 'wechat-miniprogram'\n"


def test_each_fault_of_a_profile_is_a_line_and_other_commands_name_the_first(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", NOTICE)
    mine = copy_profile(tmp_path, title="(公告", publisher="來源")
    faults = run_program("profile", "check", mine)
    assert (faults.exit_code, faults.stdout) == (2, "")
    told = faults.stderr.splitlines()
    assert [line.split(": ")[:3] for line in told] == [
        ["noticediff", f"{mine}:{number}", key] for number, key in ((17, "title"), (18, "publisher"), (18, "publisher"))
    ]
    config = write_page(tmp_path, "noticediff.toml", 'profiles = ["mine.toml"]\n')
    for arguments in (
        ["parse", page, "--profile", mine],
        ["profile", "show", mine],
        ["--config", config, "parse", page],
        ["--config", config, "diff", page, page],
        ["--config", config, "config", "check"],
        ["--config", config, "profile", "list"],
    ):
        run = run_program(*map(str, arguments))
        assert (run.exit_code, run.stdout) == (2, "")
        assert run.stderr == f"{told[0]} (and 2 more: noticediff profile check {mine})\n"


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be read (No such file or directory)"), (b"\xff\xfe\x00", "not UTF-8")]
)
def test_a_profile_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, words: str) -> None:
    mine = tmp_path / "mine.toml"
    if content is not None:
        mine.write_bytes(content)
    page = write_page(tmp_path, "notice.txt", NOTICE)
    for arguments in (("profile", "check", mine), ("parse", page, "--profile", mine)):
        run = run_program(*arguments)
        assert (run.exit_code, run.stdout) == (2, "")
        assert words in run.stderr


def test_profiles_of_the_configuration_are_a_list_of_files(tmp_path: Path) -> None:
    config = write_page(tmp_path, "noticediff.toml", 'store = "a.db"\nprofiles = "mine"\n')
    run = run_program("--config", config, "config", "check")
    assert run.exit_code == 2
    assert f"{config}:2: 'profiles' is a list of TOML files" in run.stderr


def test_strict_refuses_to_store_a_page_with_problems_and_tells_them(tmp_path: Path) -> None:
    page, good = write_page(tmp_path, "odd.txt", ODD), write_page(tmp_path, "good.txt", NOTICE)
    store = tmp_path / "notices.db"
    run = run_program("--store", store, "add", "--strict", page)
    assert (run.exit_code, run.stdout) == (4, "")
    assert "#【】" in run.stderr
    assert run.stderr.splitlines()[-1].startswith(f"noticediff: {page}: strict, and there ")
    assert not store.exists()
    run = run_program("--store", store, "add", "--strict", page, good)
    assert run.exit_code == 4
    assert run.stdout.startswith("added: ")
    assert run_program("--store", store, "add", page).exit_code == 0


def test_a_source_may_be_strict(tmp_path: Path) -> None:
    write_page(tmp_path, "odd.txt", ODD)
    config = write_page(
        tmp_path,
        "noticediff.toml",
        'store = "notices.db"\n[[source]]\nname = "saved"\nfile = "odd.txt"\nstrict = true\n',
    )
    run = run_program("--config", config, "track")
    assert run.exit_code == 4
    assert "strict, and there " in run.stderr
    with open_store(str(tmp_path / "notices.db"), create=False) as store:
        assert store.load_documents() == ()
    assert run_program("--config", config, "parse", tmp_path / "odd.txt", "--source", "saved").exit_code == 4
