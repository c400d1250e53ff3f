from __future__ import annotations

from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from scraper.fetching.fetch import FetchLimits


@pytest.fixture(autouse=True)
def own_machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nobody has settings or a store, and no proxy stands before the loopback."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home))
    for name in ("NO_COLOR", "NOTICEDIFF_STORE", "NOTICEDIFF_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr("scraper.fetching.fetch.LIMITS", FetchLimits(backoff=0.0))
    monkeypatch.setattr("noticediff.loading.DEFAULT_PAUSE", 0.0)
    # What a test does not serve is not there; the server's own word for it, 500, is for pages that are.
    missing = property(lambda _: 404, lambda _, __: None)
    monkeypatch.setattr(HTTPServer, "no_handler_status_code", missing, raising=False)
    monkeypatch.chdir(home)


@pytest.fixture
def notice_file(tmp_path: Path) -> Path:
    """A saved notice of two categories."""
    from program_running import make_notice, write_page  # noqa: PLC0415 - not before pytest has found this folder

    return write_page(tmp_path, "notice.txt", make_notice(個人征信="營業執照", 企業征信="!金融許可證"))
