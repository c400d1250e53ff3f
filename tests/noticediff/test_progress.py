"""The line of progress: on a terminal, after a second, and gone at the end."""

from __future__ import annotations

import io
import time

import pytest

from noticediff.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def watch(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, after: float) -> Progress:
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("noticediff.cli.progress._AFTER_SECONDS", after)
    return Progress()


def test_work_that_takes_its_time_is_shown_and_the_line_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    progress = watch(monkeypatch, stream, 0.01)
    progress.tell("notices: https://a.example/\x1b[31m1")
    time.sleep(0.2)
    assert stream.getvalue() == "\r\x1b[2Knotices: https://a.example/\ufffd[31m1"
    progress.tell("second")
    progress.end()
    assert stream.getvalue().endswith("\r\x1b[2Ksecond\r\x1b[2K")


def test_short_work_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    progress = watch(monkeypatch, stream, 30)
    progress.tell("notices")
    progress.end()
    assert stream.getvalue() == ""


def test_nothing_is_drawn_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    progress = watch(monkeypatch, stream, 0)
    progress.tell("notices")
    time.sleep(0.05)
    progress.end()
    assert stream.getvalue() == ""
