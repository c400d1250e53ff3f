"""What every run makes once and keeps: made already in the process that the runs of the benchmarks are forked from.

It is imported there by name, and makes the table of characters and the names of papers when it is, and reads the
hundred services that apprise knows.
"""

from __future__ import annotations

from differ.verdict.papers import load_names
from noticediff.delivery.services import open_service
from scraper.profile.profile import gather_profiles
from snapshots.folding import fold

fold("類目")
load_names()
gather_profiles(())
open_service("json://127.0.0.1")
