"""noticediff.toml: what it states, and what is said of what is wrong in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from program_running import run_program, write_page

from noticediff.config import SourceConfig, find_config_file, load_config, parse_config
from noticediff.config_keys import CONFIG_NAME, SOURCE_KEYS
from noticediff.notify_config import NOTIFY_KEYS
from snapshots.errors import UsageError

WHOLE = """\
store = "notices.db"
output = "digests"

[[source]]
name = "wechat-notices"
url = "https://platform.example/list"
kind = "list"
match = "类目调整"
selector = "div.list"
profile = "wechat-miniprogram"
expect_every = "120 days"
robots = true
allow_private = false

[[source]]
name = "saved"
file = "pages/2025Q1.html"
profile = "mine.toml"
"""

PATH = Path("/etc/watch/noticediff.toml")


def test_every_key_is_read_and_paths_are_relative_to_the_file() -> None:
    config = parse_config(WHOLE, PATH)
    assert config.store == "/etc/watch/notices.db"
    assert config.output == Path("/etc/watch/digests")
    first, second = config.sources
    assert first == SourceConfig(
        name="wechat-notices",
        url="https://platform.example/list",
        kind="list",
        match="类目调整",
        selector="div.list",
        profile="wechat-miniprogram",
        expect_every="120 days",
        robots=True,
        allow_private=False,
    )
    assert second == SourceConfig(name="saved", file="/etc/watch/pages/2025Q1.html", profile="/etc/watch/mine.toml")
    assert second.kind == "notice"


@pytest.mark.parametrize("address", ["postgresql://user@host/notices", "sqlite:///x.db"])
def test_a_database_address_is_no_path(address: str) -> None:
    assert parse_config(f'store = "{address}"', PATH).store == address


def test_an_absolute_path_and_a_home_stay_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert parse_config('store = "/var/n.db"\noutput = "~/out"', PATH).store == "/var/n.db"
    assert parse_config('output = "~/out"', PATH).output == Path("/home/someone/out")


SOURCE = '[[source]]\nname = "x"\nurl = "https://a.example/"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SOURCE + 'kind = "list"\nmatc = "类目"', ":5: source 'x' has no key 'matc'; did you mean 'match'?"),
        ('stor = "x.db"', ":1: the configuration has no key 'stor'; did you mean 'store'?"),
        ('\n[[sorce]]\nname = "x"', ":2: the configuration has no key 'sorce'; did you mean 'source'?"),
        ("store = 5", ":1: 'store' is a text"),
        ('output = ""', ":1: 'output' is a text"),
        ('[source]\nname = "x"', ":1: a source begins with [[source]]"),
        ('[[source]]\nurl = "https://a.example/"', ':1: a source needs a name: name = "…"'),
        (SOURCE + 'robots = "yes"', ":4: source 'x': 'robots' is true or false, not \"yes\""),
        (SOURCE + "allow_private = 1", ":4: source 'x': 'allow_private' is true or false, not 1"),
        (SOURCE + 'kind = "page"', ":4: source 'x': 'kind' is one of notice, catalogue and list, not \"page\""),
        (SOURCE + 'expect_every = "often"', ":4: source 'x': 'expect_every' is a time like \"120 days\", not"),
        (SOURCE + 'expect_every = "0 days"', ":4: source 'x': 'expect_every' is a time like \"120 days\", not"),
        (SOURCE + 'file = "a.html"', ":2: source 'x' needs either url or file"),
        ('[[source]]\nname = "x"', ":2: source 'x' needs either url or file"),
        ('[[source]]\nname = "x"\nurl = "ftp://a.example/"', ":3: source 'x': 'url' is an http or https address, not"),
        (SOURCE + 'kind = "list"', ":4: source 'x' is a list and needs match"),
        (SOURCE + 'match = "类目"', ":4: source 'x': 'match' is for kind = \"list\""),
        (SOURCE + 'selector = "div"', ":4: source 'x': 'selector' is for kind = \"list\""),
        (SOURCE + "\n" + SOURCE, ":6: there is already a source 'x'"),
        ("store = \n", ":1: is not TOML: Invalid value"),
        ('store = "a"\nstore = "b"', ": is not TOML: Cannot overwrite a value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_config(text, PATH)
    assert str(caught.value).startswith(f"{PATH}{message}")


def test_the_line_is_that_of_the_right_source() -> None:
    text = SOURCE + 'robots = true\n\n[[source]]\nname = "y"\nurl = "https://b.example/"\nrobots = 1\n'
    with pytest.raises(UsageError, match=r":9: source 'y': 'robots'"):
        parse_config(text, PATH)


def test_a_file_that_is_no_text_or_not_there_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / CONFIG_NAME
    path.write_bytes(b"store = '\xff'")
    with pytest.raises(UsageError, match="is not UTF-8 text"):
        load_config(path)
    with pytest.raises(UsageError, match="no such configuration file"):
        find_config_file(str(tmp_path / "none.toml"))


def test_the_option_wins_over_the_environment_the_folder_and_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def name_config(folder: str) -> Path:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        return write_page(tmp_path / folder, CONFIG_NAME, f'[[source]]\nname = "{folder}"\nfile = "x"\n')

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    assert run_program("config", "check").exit_code == 2
    (tmp_path / "home" / "noticediff").mkdir(parents=True)
    write_page(tmp_path / "home" / "noticediff", CONFIG_NAME, '[[source]]\nname = "user"\nfile = "x"\n')
    assert "  user: notice" in run_program("config", "check").stdout
    monkeypatch.chdir(name_config("here").parent)
    assert "  here: notice" in run_program("config", "check").stdout
    env = {"NOTICEDIFF_CONFIG": str(name_config("environment"))}
    assert "  environment: notice" in run_program("config", "check", env=env).stdout
    run = run_program("--config", name_config("option"), "config", "check", env=env)
    assert "  option: notice" in run.stdout


def test_a_profile_that_is_not_there_is_found_by_the_check(tmp_path: Path) -> None:
    path = write_page(tmp_path, CONFIG_NAME, SOURCE + 'profile = "wechat"\n')
    run = run_program("--config", path, "config", "check")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "no profile is named 'wechat'" in run.stderr


def test_a_wrong_configuration_is_one_line_and_exit_2(tmp_path: Path) -> None:
    path = write_page(tmp_path, CONFIG_NAME, SOURCE + "robot = true\n")
    run = run_program("--config", path, "config", "check")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr == f"noticediff: {path}:4: source 'x' has no key 'robot'; did you mean 'robots'?\n"


def test_the_store_is_that_of_the_option_then_the_configuration_then_the_user(
    tmp_path: Path, notice_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "conf").mkdir()
    config = write_page(tmp_path / "conf", CONFIG_NAME, 'store = "own/notices.db"\n')
    assert run_program("add", notice_file).exit_code == 0
    assert (tmp_path / "data" / "noticediff" / "notices.db").exists()
    assert run_program("--config", config, "add", notice_file).exit_code == 0
    assert (tmp_path / "conf" / "own" / "notices.db").exists()
    assert run_program("--config", config, "--store", tmp_path / "a.db", "add", notice_file).exit_code == 0
    assert (tmp_path / "a.db").exists()
    assert (
        run_program("--config", config, "add", notice_file, env={"NOTICEDIFF_STORE": str(tmp_path / "b.db")}).exit_code
        == 0
    )
    assert (tmp_path / "b.db").exists()


def test_a_source_lends_its_profile_and_its_name(tmp_path: Path, notice_file: Path) -> None:
    config = write_page(tmp_path, CONFIG_NAME, 'store = "n.db"\n[[source]]\nname = "x"\nfile = "a"\nprofile = "none"\n')
    run = run_program("--config", config, "parse", notice_file, "--source", "x")
    assert "no profile is named 'none'" in run.stderr
    run = run_program("--config", config, "parse", notice_file, "--source", "X")
    assert (run.exit_code, run.stderr) == (
        2, f"noticediff: source 'X': {config} has no source of that name; did you mean 'x'?\n",
    )  # fmt: skip


def test_without_a_configuration_the_source_is_a_label(tmp_path: Path, notice_file: Path) -> None:
    assert run_program("--store", tmp_path / "n.db", "add", notice_file, "--source", "mirror").exit_code == 0
    digest = run_program("--store", tmp_path / "n.db", "digest", "--format", "md")
    assert "mirror" in digest.stdout


def test_the_keys_of_a_watched_list_are_read() -> None:
    text = """\
[[source]]
name = "list"
url = "https://notices.example:8443/list"
kind = "list"
match = "类目调整"
next = "a.next"
headers = {"Cookie" = "env:NOTICES_COOKIE", "Accept-Language" = "zh-CN"}
allowed_hosts = ["Static.Notices.example"]
pause = 2.5
expect_every = "2 weeks"
"""
    (source,) = parse_config(text, PATH).sources
    assert (source.next, source.pages, source.pause) == ("a.next", 5, 2.5)
    assert source.headers == {"Cookie": "env:NOTICES_COOKIE", "Accept-Language": "zh-CN"}
    assert source.allowed_hosts == ("notices.example", "static.notices.example")
    assert source.expect_days == 14


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('headers = {"Cookie" = "session=1"}', ":4: source 's': the header Cookie is a secret, and stands in the"),
        ('headers = {"User-Agent" = "Mozilla"}', ":4: source 's': the header User-Agent is the program's own"),
        ('headers = {"X-A" = "a\\nb"}', ":4: source 's': 'headers' is a table like"),
        ("pause = -1", ":4: source 's': 'pause' is a number of seconds from 0 to 60, not -1"),
        ("pause = true", ":4: source 's': 'pause' is a number of seconds"),
        ("pages = 3", ":4: source 's': 'pages' is for kind = \"list\""),
        ("links = 3", ":4: source 's': 'links' is for kind = \"list\""),
        ("links = 0", ":4: source 's': 'links' is a number from 1 to 2000, not 0"),
        ('allowed_hosts = ["https://a.example"]', ":4: source 's': 'allowed_hosts' is a list of names"),
    ],
)
def test_a_wrong_key_of_a_source_is_named_with_its_line(line: str, fault: str) -> None:
    text = f'[[source]]\nname = "s"\nurl = "https://a.example/"\n{line}\n'
    with pytest.raises(UsageError) as caught:
        parse_config(text, PATH)
    assert str(caught.value).startswith(f"{PATH}{fault}")


def test_the_schema_of_the_configuration_knows_every_key() -> None:
    schema = json.loads(run_program("schema", "config").stdout)
    source = schema["properties"]["source"]["items"]
    assert set(source["properties"]) == set(SOURCE_KEYS) == set(SourceConfig.__struct_fields__)
    assert set(schema["properties"]) == {
        "store", "output", "output_url", "portfolio", "profiles", "source", "override", "moved", "notify", "on_news",
        "on_alarm",
    }  # fmt: skip
    assert set(schema["properties"]["notify"]["items"]["properties"]) == set(NOTIFY_KEYS)
    assert source["additionalProperties"] is False
