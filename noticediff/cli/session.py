"""What the global options say: the configuration, the store, how much is said, and in which colours."""

# ruff: noqa: PLC0415 - doors are opened when a command needs them: --help must not pay for a database.

from __future__ import annotations

import datetime as dt
import logging
import os
import platform
import sys
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from noticediff.cli.progress import Progress
from noticediff.inert import make_line
from snapshots.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from differ.impact.portfolio import Portfolio
    from noticediff.config import Config, SourceConfig
    from noticediff.findings import Outlook
    from scraper.profile.profile import Profile
    from snapshots.holder import Holder
    from snapshots.snapshot import StoredDocument
    from snapshots.store import Store

LOGGER = logging.getLogger("noticediff")
DEFAULT_OUTPUT = "digests"
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "faint": {"dim": True},
    "heading": {"bold": True, "fg": "cyan"},
    "requirement": {"fg": "green"},
    "scope": {"fg": "blue"},
    "problem": {"bold": True, "fg": "red"},
}


class Session:
    """One run of the program: its options, its clock (read once) and its way to the store."""

    def __init__(self) -> None:
        self.now = dt.datetime.now(dt.UTC)
        self.verbosity = 0
        self.color = "auto"
        self.progress = Progress()
        self._store: str | None = None
        self._config: str | None = None

    @property
    def today(self) -> dt.date:
        """The day of this run, in UTC like every clock of the store."""
        return self.now.date()

    def configure(self, *, store: str | None, config: str | None, verbosity: int, color: str) -> None:
        """Take over the global options; `verbosity` is -1 for --quiet."""
        self._store, self._config, self.verbosity, self.color = store, config, verbosity, color
        LOGGER.setLevel([logging.INFO, logging.DEBUG][min(verbosity, 1)] if verbosity >= 0 else logging.ERROR)
        LOGGER.handlers = [_TalkHandler(self.progress)]
        LOGGER.propagate = False

    @cached_property
    def config(self) -> Config:
        """The configuration, or an empty one where there is no file; raises UsageError for a wrong one."""
        from noticediff.config import Config, find_config_file, load_config

        path = find_config_file(self._config)
        return Config() if path is None else load_config(path)

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """The profiles that take part in choosing by marks: those that ship, and those that the configuration names."""
        from scraper.profile.profile import gather_profiles

        return gather_profiles(self.config.profiles)

    def load_portfolio(self, given: str | None) -> Portfolio | None:
        """The portfolio that digests start with: the given file, else the one that the configuration names."""
        path = self.config.portfolio if given is None else Path(given)
        if path is None:
            return None
        from noticediff.portfolio import load_portfolio

        return load_portfolio(path)

    def check_platform(self, platform: str | None, documents: Iterable[StoredDocument]) -> None:
        """Raise UsageError for a platform that no profile and no page knows: an empty answer would look like peace."""
        if platform is None:
            return
        known = {profile.platform for profile in self.profiles} | {stored.document.platform for stored in documents}
        if platform not in known:
            raise UsageError(f"no platform is named '{platform}'; there are: {', '.join(sorted(known))}")

    @property
    def outlook(self) -> Outlook:
        """The day of this run, and how often the configured sources are expected to speak."""
        from noticediff.findings import build_outlook

        return build_outlook(self.config, self.today)

    def tell_idle_corrections(self, documents: Sequence[StoredDocument]) -> None:
        """Say which corrections of the configuration find nothing to correct."""
        for idle in self.config.corrections.list_idle(documents):
            LOGGER.warning("%s: %s finds nothing to correct", self.config.path, idle)

    @property
    def store_address(self) -> str:
        """The store: as --store says, else the configuration, else notices.db in the user's data directory."""
        if self._store is not None:
            return self._store
        if self.config.store is not None:
            return self.config.store
        from platformdirs import user_data_path

        return str(user_data_path("noticediff") / "notices.db")

    @property
    def output_folder(self) -> Path:
        """Where digests go: as configured, else beside the configuration."""
        return self.config.output or (self.config.path or Path()).parent / DEFAULT_OUTPUT

    def open_store(self, *, create: bool = False, required: bool = True, hold: bool = False) -> Store:
        """The store, open, made with `create`.

        A command that writes takes `hold` of it, once, for as long as it works: raises StoreBusyError where another
        run has it. A command that reads never waits.

        Where there is none, and it is not to be made, raises UsageError; or, where it is not `required`, an empty one
        that keeps nothing.
        """
        address = self.store_address
        if required and not create and "://" not in address and _is_nothing(Path(address)):
            lost = (
                "no store is there"
                if not Path(address).exists()
                else "is empty; if a store was lost, restore its backup"
            )
            raise UsageError(f"{address}: {lost}; `noticediff add PAGE` or `noticediff track` makes one")
        if hold:
            self.refuse_held_store()
        from snapshots.store import open_store

        store = open_store(address, create=create, holder=self._sign() if hold else None)
        if store.left_by is not None:
            told = "%s: the last run that held the store ended before its end (%s); what it had not finished is undone"
            LOGGER.warning(told, store.name, store.left_by.describe())
        if store.upgraded_from is not None:
            told = "%s: brought up from schema %d to the present one; an earlier noticediff cannot read it any more"
            LOGGER.warning(told, store.name, store.upgraded_from)
        return store

    def refuse_held_store(self) -> None:
        """Raise StoreBusyError where another run holds the store in a file, before anything costly is loaded."""
        if "://" not in self.store_address:
            from snapshots.file_hold import refuse_held

            refuse_held(Path(self.store_address))

    def _sign(self) -> Holder:
        from snapshots.holder import Holder

        command = click.get_current_context().command_path.partition(" ")[2]
        return Holder(command=command, pid=os.getpid(), host=platform.node(), since=self.now)

    def find_source(self, name: str | None) -> SourceConfig | None:
        """The configured source of that name; where nothing is configured at all, the name is only a label."""
        if name is None or self.config.path is None:
            return None
        return self.config.find_source(name)

    @property
    def use_color(self) -> bool:
        """Whether results are coloured: as --color says, else on a terminal, unless NO_COLOR is set."""
        if self.color != "auto":
            return self.color == "always"
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def paint(self, text: str, style: str) -> str:
        """Words in the colours of that style, where colours are used."""
        return click.style(text, **_STYLES[style]) if self.use_color and text.strip() else text

    def emphasize(self, text: str) -> str:
        """A headline of a text output, bold where colours are used."""
        return click.style(text, bold=True) if self.use_color else text


def _is_nothing(path: Path) -> bool:
    """Whether no store is in the file: it is not there, or it is empty, which is no state to answer from."""
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


class _TalkHandler(logging.Handler):
    """Talk goes to standard error; what is wrong carries the program's name, as its errors do."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        self._progress.clear()
        prefix = "noticediff: " if record.levelno >= logging.WARNING else ""
        click.echo(prefix + make_line(record.getMessage()), err=True)


pass_session = click.make_pass_decorator(Session)
