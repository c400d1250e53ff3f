"""Progress on a terminal: one line that says what is looked at, gone when the work is done."""

from __future__ import annotations

import shutil
import sys
import threading

from noticediff.inert import make_line
from noticediff.widths import wrap_text

_AFTER_SECONDS = 1.0
_ERASE = "\r\x1b[2K"


class Progress:
    """The line, drawn only on a terminal, and only once the work takes more than a second.

    Under cron nothing is drawn: what happened is told in plain lines, by the log.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._text = ""
        self._is_due = self._is_drawn = False

    def tell(self, what: str) -> None:
        """Show what is looked at now, or once a second has gone."""
        if not sys.stderr.isatty():
            return
        with self._lock:
            self._text = make_line(what)
            if self._timer is None:
                self._timer = threading.Timer(_AFTER_SECONDS, self._begin)
                self._timer.daemon = True
                self._timer.start()
            if self._is_due:
                self._draw()

    def clear(self) -> None:
        """Take the line away, for other talk."""
        with self._lock:
            if self._is_drawn:
                sys.stderr.write(_ERASE)
                sys.stderr.flush()
                self._is_drawn = False

    def end(self) -> None:
        """Take the line away for good."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
        self._is_due = False
        self.clear()

    def _begin(self) -> None:
        with self._lock:
            self._is_due = True
            self._draw()

    def _draw(self) -> None:
        width = max(shutil.get_terminal_size().columns - 1, 1)
        sys.stderr.write(f"{_ERASE}{wrap_text(self._text, width)[0]}")
        sys.stderr.flush()
        self._is_drawn = True
