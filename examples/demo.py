"""A year of notices, tracked as cron would: a local web server publishes one more notice before each night."""

from __future__ import annotations

import http.server
import re
import shutil
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

PAGES = Path(__file__).parent / "pages"
OUTPUT = Path("demo-output")
QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
LIST_ITEM = re.compile(r"<li><a href=\"notice-(?P<quarter>\d{4}Q\d)\.html\">.*?</li>\n")
CONFIGURATION = """# Written by the demo. The server is on this machine, so private addresses are allowed.
store = "notices.db"
output = "digests"

[[source]]
name = "notices"
url = "{address}/index.html"
kind = "list"
match = "类目调整"
allow_private = true
"""
CATALOGUE = """
[[source]]
name = "catalogue"
url = "{address}/catalogue.html"
kind = "catalogue"
allow_private = true
"""


class Site(http.server.ThreadingHTTPServer):
    """The platform's site: `published` says how many quarters its list page shows."""

    published = 0


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the example pages; the list page shows only what is published."""

    server: Site

    def do_GET(self) -> None:
        """Serve the list page as it stands tonight, any other page as it is."""
        if self.path != "/index.html":
            self.path = self.path.replace("/notice-", "/")
            super().do_GET()
            return
        shown = QUARTERS[: self.server.published]
        page = (PAGES / "index.html").read_text(encoding="utf-8")
        body = LIST_ITEM.sub(lambda item: item[0] if item["quarter"] in shown else "", page).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: the terminal belongs to the commands."""


def run(*arguments: str) -> None:
    """Print a command, run it, and stop the demo when it fails."""
    print(f"\n$ noticediff {' '.join(arguments)}", flush=True)
    code = subprocess.run([sys.executable, "-m", "noticediff", *arguments], cwd=OUTPUT, check=False).returncode
    if code:
        sys.exit(f"the command ended with exit code {code}")


def main() -> None:
    """Track the year night by night, then ask what changed."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    site = Site(("127.0.0.1", 0), partial(Handler, directory=str(PAGES)))
    threading.Thread(target=site.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{site.server_port}"
    configuration = OUTPUT / "noticediff.toml"
    configuration.write_text(CONFIGURATION.format(address=address), encoding="utf-8")
    for night, quarter in enumerate(QUARTERS, start=1):
        print(f"\n# Night {night}: the notice of {quarter} has been published.")
        site.published = night
        run("track")
    print("\n# Night 5: nothing has been published.")
    run("track")
    print("\n# Night 6: the complete catalogue is watched too.")
    with configuration.open("a", encoding="utf-8") as file:
        file.write(CATALOGUE.format(address=address))
    run("track")
    run("snapshots")
    run("diff", "2025-03-31", "2025-12-31")
    site.shutdown()
    print("\nThe digests, newest last:")
    for path in sorted((OUTPUT / "digests").glob("*.html"), key=lambda path: path.stat().st_mtime_ns):
        print(f"  {path}")


if __name__ == "__main__":
    main()
