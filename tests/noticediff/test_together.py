"""What a run keeps of one source is there as a whole, or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from program_running import make_html, make_notice, run_process, write_page
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from snapshots.store import open_store

QUARTERS = {f"/{number}.html": f"2025年{3 * number - 2}-{3 * number}月" for number in (1, 2, 3)}


class Site:
    """A site with a list of three notices; it does not answer for the last one before it is let go."""

    def __init__(self, server: HTTPServer) -> None:
        self.asked, self.open = threading.Event(), threading.Event()
        self.address = server.url_for("/list.html")
        links = "".join(f'<p><a href="{path}">{months}公告</a></p>' for path, months in QUARTERS.items())
        server.expect_request("/list.html").respond_with_data(f"<html>{links}</html>", content_type="text/html")
        for path in QUARTERS:
            server.expect_request(path).respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        if request.path == "/3.html":
            self.asked.set()
            self.open.wait(timeout=60)
        page = make_html(make_notice(QUARTERS[request.path], 個人征信="營業執照"))
        return Response(page, content_type="text/html; charset=utf-8", headers={"ETag": '"1"'})


@pytest.fixture
def site(httpserver: HTTPServer) -> Iterator[Site]:
    site = Site(httpserver)
    yield site
    site.open.set()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "notices.db") if request.param == "sqlite" else request.getfixturevalue("postgresql")


@pytest.fixture
def config(tmp_path: Path, store: str, site: Site) -> Path:
    write_page(tmp_path, "first.txt", make_notice("2024年1-3月", 企業征信="金融許可證"))
    first = 'name = "first"\nfile = "first.txt"'
    listed = f'name = "list"\nurl = "{site.address}"\nkind = "list"\nmatch = "公告"\nrobots = false\npause = 0'
    text = f'store = "{store}"\n[[source]]\n{first}\n[[source]]\n{listed}\nallow_private = true\n'
    return write_page(tmp_path, "noticediff.toml", text)


def list_kept(store: str) -> tuple[list[str | None], list[str], list[object]]:
    """The sources of the documents, the sources that were looked at, and the digests."""
    with open_store(store, create=False) as opened:
        documents = [stored.source for stored in opened.load_documents()]
        return documents, [status.name for status in opened.load_sources()], list(opened.load_digests())


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_source_whose_run_was_ended_is_as_it_was_before(config: Path, store: str, site: Site, end: int) -> None:
    command = [sys.executable, "-m", "noticediff", "--config", str(config), "track"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        assert site.asked.wait(timeout=60)
        assert list_kept(store) == (["first"], ["first"], [])
        run.send_signal(end)
        site.open.set()
    assert run.returncode == (130 if end == signal.SIGINT else -end)
    assert list_kept(store) == (["first"], ["first"], [])
    again = run_process("--config", config, "track", cwd=config.parent)
    assert again.returncode == 0, again.stderr
    documents, sources, digests = list_kept(store)
    assert documents == ["first", "list", "list", "list"]
    assert sources == ["first", "list"]
    assert len(digests) == 1


def test_a_disk_that_fills_up_undoes_the_source_and_is_named(tmp_path: Path, site: Site) -> None:
    site.open.set()
    store = tmp_path / "notices.db"
    notice = write_page(tmp_path, "first.txt", make_notice("2024年1-3月", 企業征信="金融許可證"))
    assert run_process("--store", store, "add", notice, "--source", "first", cwd=tmp_path).returncode == 0
    before = list_kept(str(store))
    papers = {f"類目{number}": f"許可證{number}" for number in range(900)}
    write_page(tmp_path, "long.txt", make_notice("2024年4-6月", **papers))
    source = '[[source]]\nname = "long"\nfile = "long.txt"\n'
    config = write_page(tmp_path, "noticediff.toml", f'store = "{store}"\n{source}')
    # The largest file that a process may write, in blocks of 512 bytes.
    shell = f'ulimit -f {store.stat().st_size // 512 + 64}; exec "$@"'
    command = ["sh", "-c", shell, "sh", sys.executable, "-m", "noticediff", "--config", str(config), "track"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2, run.stderr
    assert run.stderr.splitlines()[-1].startswith(f"noticediff: {store}: the store cannot be written (")
    assert list_kept(str(store)) == before
