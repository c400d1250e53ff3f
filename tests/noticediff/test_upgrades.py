"""A store of release 0.1.0 with failures that are not over: the upgrade tells none of them again, and each end once."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from program_running import make_html, make_notice, run_program, write_page
from pytest_httpserver import HTTPServer
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

DUMPS = Path(__file__).parents[1] / "snapshots" / "old_stores"
CATALOGUE = (Path(__file__).parents[2] / "examples" / "pages" / "catalogue.html").read_text(encoding="utf-8")

NOTICE = make_html(make_notice(個人征信="營業執照"))
UNREAD = make_html(
    make_notice(個人征信="營業執照") + "\n#【金融業-乙】\n\n現資質要求\n\n（5选1）\n\n1、《甲》\n\n2、《乙》\n"
)
SMALL = CATALOGUE.partition("<h3>教育培训</h3>")[0] + "</main></body></html>"
KINDS = {
    "catalogue": ("it lists 1 of the 6 categories that are known of wechat-miniprogram/non_personal", SMALL, CATALOGUE),
    "list": (
        "no link's title on this list contains '調整匯總'",
        "<a href='/x'>nothing</a>",
        "<a href='/n'>調整匯總</a>",
    ),
    "login": ("no profile's marks are on the page; it is no notice, or name one with --profile (jd)", "登录", NOTICE),
    "binary": ("the file is binary, not a page; give a saved HTML, Markdown or text page", "%PDF\0\1", NOTICE),
    "empty": ("the page is empty; save it again", "", NOTICE),
    "strict": ("strict, and there is 2 problems, the first in line 11 (unfinished-entry: it lacks)", UNREAD, NOTICE),
    "gone": ("the server answered 404 Not Found", None, NOTICE),
}
"""What release 0.1.0 said of each kind of failure, the page that is wrong in this way, and one that is right."""
KEYS = {
    "catalogue": 'kind = "catalogue"\nprofile = "wechat-miniprogram"',
    "list": 'kind = "list"\nmatch = "調整匯總"',
    "strict": 'profile = "wechat-miniprogram"\nstrict = true',
    "binary": 'profile = "wechat-miniprogram"',
    "empty": 'profile = "wechat-miniprogram"',
}


@pytest.fixture(params=["sqlite", "postgresql"])
def old_store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        with closing(sqlite3.connect(tmp_path / "notices.db")) as connection:
            connection.executescript((DUMPS / "release-0.1.0.sqlite.sql").read_text(encoding="utf-8"))
        return str(tmp_path / "notices.db")
    address: str = request.getfixturevalue("postgresql")
    schema = address.rpartition("%3D")[2]
    dump = (DUMPS / "release-0.1.0.postgresql.sql").read_text(encoding="utf-8")
    with pytest.importorskip("psycopg").connect(address, autocommit=True) as connection:
        connection.execute(dump.replace("old_store.", f"{schema}."))
    return address


def keep_failures(address: str, rows: list[dict[str, object]]) -> None:
    """Put failures into the store, in the place of its own, as release 0.1.0 did."""
    where = f"sqlite:///{address}"
    engine = create_engine(
        make_url(address).set(drivername="postgresql+psycopg") if "://" in address else where, poolclass=NullPool
    )
    keep = text(
        "INSERT INTO failures (id, source, address, cause, message, exit_code, since) "
        "VALUES (:id, :source, :address, :cause, :message, :exit_code, '2026-11-26 02:00:00.000000')"
    )
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM failures"))
        for number, row in enumerate(rows, start=1):
            connection.execute(keep, {"id": number, **row})
        # A source of the store has had nothing new for long.
        connection.execute(text("UPDATE runs SET at = '2025-01-01 02:00:00.000000'"))
        long_ago = "stored = '2025-01-01 02:00:00.000000', captured = '2025-01-01 02:00:00.000000'"
        connection.execute(text(f"UPDATE captures SET {long_ago}"))  # noqa: S608 - no input
        if "://" in address:
            connection.execute(text("SELECT setval(pg_get_serial_sequence('failures', 'id'), 100)"))
    engine.dispose()


def list_old_failures(site: HTTPServer, saved: Path) -> list[dict[str, object]]:
    """The failures, each with the cause that release 0.1.0 gave it."""
    rows: list[dict[str, object]] = []
    for name, (told, wrong, _) in KINDS.items():
        address = site.url_for(f"/{name}")
        held = "" if wrong is None else "; held as quarantine 1"
        sentence = "".join("#" if letter.isdigit() else letter for letter in f"{address}: {told}{held}")
        cause, code = (sentence, 4) if wrong is not None else ("status 404", 3)
        message = f"{address}: {told}{held}"
        rows.append({"source": name, "address": address, "cause": cause, "message": message, "exit_code": code})
    told = f"{saved}: no such file"
    rows.append({"source": "file", "address": str(saved), "cause": told, "message": told, "exit_code": 2})
    told = "https://example.org/: nothing new since 2025-01-01, and expect_every says '9 days'"
    rows.append({"source": "notices", "address": "", "cause": "silence", "message": told, "exit_code": 4})
    return rows


def write_config(folder: Path, store: str, site: HTTPServer) -> Path:
    hear = "import json, sys; print(json.dumps(json.load(sys.stdin)), file=open(sys.argv[1], 'a'))"
    hook = [sys.executable, "-c", hear, str(folder / "heard")]
    lines = [f"store = {json.dumps(store)}", f"on_alarm = {json.dumps(hook)}"]
    for name in KINDS:
        lines += ["[[source]]", f'name = "{name}"', f'url = "{site.url_for(f"/{name}")}"', "allow_private = true"]
        lines += [KEYS.get(name, "")]
    lines += ["[[source]]", 'name = "file"', 'file = "saved.txt"', 'profile = "wechat-miniprogram"']
    lines += ["[[source]]", 'name = "notices"', f'url = "{site.url_for("/quiet")}"', "allow_private = true"]
    lines += ['profile = "wechat-miniprogram"', 'expect_every = "9 days"']
    return write_page(folder, "noticediff.toml", "\n".join(lines) + "\n")


def show(site: HTTPServer, *, is_right: bool) -> None:
    site.clear()
    for name, (_, wrong, right) in KINDS.items():
        page = right if is_right else wrong
        if page is not None:
            site.expect_request(f"/{name}").respond_with_data(page, content_type="text/html; charset=utf-8")
    quiet = make_html(make_notice("2025年4-6月", 保理="營業執照")) if is_right else CATALOGUE
    site.expect_request("/quiet").respond_with_data(quiet, content_type="text/html; charset=utf-8")
    site.expect_request("/n").respond_with_data(NOTICE, content_type="text/html; charset=utf-8")


def load_heard(folder: Path) -> list[tuple[list[str], list[str]]]:
    """The alarms that the hook was given since the last time: the sources whose failures begin, and end, in each."""
    heard = folder / "heard"
    told = heard.read_text(encoding="utf-8").splitlines() if heard.exists() else []
    heard.unlink(missing_ok=True)
    facts = [json.loads(line)["facts"] for line in told]
    return [(_list_sources(fact["begun"]), _list_sources(fact["over"])) for fact in facts]


def _list_sources(failures: list[dict[str, str]]) -> list[str]:
    return sorted(failure["source"] for failure in failures)


def test_what_is_wrong_at_an_upgrade_is_not_told_again_and_its_end_is_told_once(
    old_store: str, tmp_path: Path, httpserver: HTTPServer
) -> None:
    rows = list_old_failures(httpserver, tmp_path / "saved.txt")
    keep_failures(old_store, rows)
    config = write_config(tmp_path, old_store, httpserver)
    names = sorted(str(row["source"]) for row in rows)

    show(httpserver, is_right=False)
    first = run_program("--quiet", "--config", config, "track")
    assert first.exit_code == 4, first.stderr
    assert [line for line in first.stderr.splitlines() if "source '" in line] == []
    assert load_heard(tmp_path) == [(names, [])]  # a way that 0.1.0 did not have has heard of nothing yet
    second = run_program("--quiet", "--config", config, "track")
    assert (second.exit_code, second.stderr, load_heard(tmp_path)) == (4, "", [])

    show(httpserver, is_right=True)
    (tmp_path / "saved.txt").write_text(make_notice(企業征信="營業執照"), encoding="utf-8")
    third = run_program("--quiet", "--config", config, "track")
    over = [line.partition("source '")[2] for line in third.stderr.splitlines()]
    assert sorted(line.partition("': over; wrong since 2026-11-26: ")[0] for line in over) == names
    assert load_heard(tmp_path) == [([], names)]
    fourth = run_program("--quiet", "--config", config, "track")
    assert (fourth.exit_code, fourth.stderr, load_heard(tmp_path)) == (0, "", [])


def test_another_failure_of_an_address_after_the_upgrade_is_told(
    old_store: str, tmp_path: Path, httpserver: HTTPServer
) -> None:
    keep_failures(old_store, [row for row in list_old_failures(httpserver, tmp_path) if row["source"] == "gone"])
    source = f'[[source]]\nname = "gone"\nurl = "{httpserver.url_for("/gone")}"\nallow_private = true\n'
    config = write_page(tmp_path, "noticediff.toml", f'store = "{old_store}"\n{source}')
    httpserver.expect_request("/gone").respond_with_data("登录", content_type="text/html; charset=utf-8")
    run = run_program("--quiet", "--config", config, "track")
    assert "source 'gone'" in run.stderr
    assert "no profile's marks" in run.stderr
