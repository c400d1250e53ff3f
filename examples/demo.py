"""A year of notices, tracked night by night as cron would: what `make demo` runs.

A web server on this machine publishes the pages beside this file, one quarter after the other. After each, `noticediff
track` runs as it would at night. Everything that is written goes to demo-output/. A step that fails ends the demo with
exit code 1.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "examples" / "pages"
OUTPUT = ROOT / "demo-output"
PROGRAM = Path(sys.executable).with_name("noticediff")
QUARTERS = ("2025Q1.html", "2025Q2.html", "2025Q3.html", "2025Q4.html")

CONFIG = """\
store = "notices.db"
output = "digests"

[[source]]
name = "notices"
url = "{site}/index.html"
kind = "list"
match = "类目调整"
allow_private = true    # the site of this demo runs on this machine
pause = 0               # and does not mind

[[source]]
name = "catalogue"
url = "{site}/catalogue.html"
kind = "catalogue"
allow_private = true
pause = 0
"""


class StepFailed(Exception):  # noqa: N818 - it says what happened
    """A step of the demo did not do what it shows."""


class Site:
    """A site that publishes its pages by and by; its list of notices links to what is published."""

    def __init__(self) -> None:
        self.published: set[str] = {"index.html"}

    def read_page(self, name: str) -> bytes | None:
        """The page, or None where it is not published."""
        if name not in self.published:
            return None
        lines = (PAGES / name).read_text(encoding="utf-8").splitlines(keepends=True)
        if name == "index.html":
            lines = [line for line in lines if not self._is_early(line)]
        return "".join(lines).encode()

    def _is_early(self, line: str) -> bool:
        return any(link not in self.published for link in re.findall(r'href="(2025Q[^"]+)"', line))


def main() -> None:
    """Run the demo from the first night to the last."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    site = Site()
    with serve_site(site) as address:
        config = OUTPUT / "noticediff.toml"
        config.write_text(CONFIG.format(site=address), encoding="utf-8")
        for quarter in QUARTERS:
            say(f"The site publishes {quarter}. That night, cron runs:")
            site.published.add(quarter)
            track("notices", is_news=True)
            if quarter == QUARTERS[1]:
                say("The next night the site has nothing new, so nothing is written:")
                track("notices", is_news=False)
        say("The catalogue of all open categories is watched from now on, too:")
        site.published.add("catalogue.html")
        track(is_news=True)
        say("The night after, again nothing new:")
        track(is_news=False)
    say("The dates at which the rules changed:")
    run("snapshots")
    say("What changed in what was in force, from the end of March to the end of the year:")
    run("diff", "2025-03-31", "2025-12-31")
    say("The digests of this year, to open in a browser or an editor:")
    for path in sorted(list_digests(), key=lambda path: path.stat().st_mtime_ns):
        if path.suffix != ".json":
            print(path.relative_to(ROOT))


@contextmanager
def serve_site(site: Site) -> Iterator[str]:
    """The address at which the site answers, as long as it is needed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = site.read_page(self.path.lstrip("/"))
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(content or "没有这个页面".encode())

        def log_message(self, *arguments: object) -> None:
            del arguments

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def track(*sources: str, is_news: bool) -> None:
    """Run `noticediff track`, and see that it wrote a digest where there is news, and nothing where there is none."""
    before = list_digests()
    run("track", *sources)
    if (list_digests() > before) != is_news:
        raise StepFailed(f"a digest was {'not ' if is_news else ''}written")


def run(*arguments: str) -> None:
    """Run the program, print the command and what it says."""
    command = ("--config", "demo-output/noticediff.toml", *arguments)
    print(f"$ noticediff {' '.join(command)}", flush=True)
    settings = {name: value for name, value in os.environ.items() if not name.startswith("NOTICEDIFF_")}
    settings |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    finished = subprocess.run([PROGRAM, *command], cwd=ROOT, env=settings, stderr=subprocess.STDOUT, check=False)
    if finished.returncode:
        raise StepFailed(f"noticediff ended with exit code {finished.returncode}")


def list_digests() -> set[Path]:
    """The digests that were written so far."""
    return set((OUTPUT / "digests").glob("digest-*"))


def say(words: str) -> None:
    """Print what comes next."""
    print(f"\n# {words}", flush=True)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        main()
    except StepFailed as failure:
        sys.exit(f"the demo failed: {failure}")
