"""The program: its global options, its commands, and the one place where errors become a line and an exit code.

Beside the exit codes of the errors: 70 for a fault of the program itself, 130 after Ctrl-C, and 141 where the reader
of a pipe has gone (`| head`), which is what a shell reports of git and diff.
"""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import click

from noticediff.cli.archives import export
from noticediff.cli.changes import diff, digest
from noticediff.cli.explaining import explain
from noticediff.cli.findings import findings, review
from noticediff.cli.impact import impact
from noticediff.cli.notify import notify
from noticediff.cli.output import PipeClosedError, prepare_streams, silence_output
from noticediff.cli.pages import add, parse
from noticediff.cli.quarantine import quarantine
from noticediff.cli.session import Session
from noticediff.cli.settings import config, profile, schema
from noticediff.cli.sources import source
from noticediff.cli.states import show, snapshots
from noticediff.cli.tracking import track
from noticediff.cli.upkeep import backup, doctor, reparse
from noticediff.inert import make_line
from snapshots.errors import NoticediffError, UsageError

EXIT_USAGE = 2
EXIT_FAULT = 70
EXIT_INTERRUPTED = 130
EXIT_PIPE_CLOSED = 141


class Program(click.Group):
    """The group of all commands, whose exit code is that of the command or of the error that ended it."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the program; with `standalone_mode`, leave the interpreter with the exit code."""
        prepare_streams()
        # A run is short and keeps nearly all that it makes: looking for garbage made loading grow with its square.
        gc.disable()
        session = Session()

        def run() -> Any:
            return super(Program, self).main(args, prog_name, complete_var, standalone_mode=False, obj=session, **extra)

        return sys.exit(_run_guarded(run, session)) if standalone_mode else run()


def _run_guarded(run: Callable[[], Any], session: Session) -> int:
    try:
        code = run()
        sys.stdout.flush()
    except click.UsageError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _tell(error.format_message(), EXIT_USAGE)
    except click.Abort:
        return _tell("interrupted", EXIT_INTERRUPTED)
    except NoticediffError as error:
        if session.verbosity > 1:
            traceback.print_exc()
        return _tell(str(error), error.exit_code)
    except (PipeClosedError, BrokenPipeError):
        silence_output()
        return EXIT_PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets one line
        if session.verbosity > 1:
            traceback.print_exc()
        silence_output()
        if isinstance(error, OSError) and error.errno is not None:
            return _tell(f"{error.filename or 'standard output'}: {error.strerror}", EXIT_USAGE)
        hint = "" if session.verbosity > 1 else "; run it again as `noticediff -vv …` and report what that prints"
        return _tell(f"a fault of the program: {type(error).__name__}: {error}{hint}", EXIT_FAULT)
    return code if isinstance(code, int) else 0


def _tell(message: str, code: int) -> int:
    click.echo(f"noticediff: {make_line(message)}", err=True)
    return code


@click.group(
    cls=Program,
    context_settings={
        "auto_envvar_prefix": "NOTICEDIFF",
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
    epilog="Every option has an environment variable: NOTICEDIFF_STORE for --store, NOTICEDIFF_DIFF_FORMAT for "
    "diff --format. Dates are days (2025-03-31), months or quarters (2025-03, 2025Q1: their last day), in UTC. "
    "Exit codes: 0 done, 1 differences (--exit-code, --fail-on), 2 usage, configuration or a file, 3 a page could not "
    "be fetched, a message not be sent, or the database not be reached, 4 a page was refused, 5 another run holds the "
    "store, 6 the store is damaged or not ours, 70 a fault of the program.",
)
@click.option("--store", metavar="PATH-OR-URL", help="The store: a file (SQLite) or a database address.")
@click.option("--config", metavar="FILE", help="The configuration; default: ./noticediff.toml, then the user's.")
@click.option("-v", "--verbose", count=True, help="Say more; -vv prints the traceback of an error.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours in text; auto: on a terminal, unless NO_COLOR is set.",
)
@click.version_option(package_name="noticediff", prog_name="noticediff", message="%(prog)s %(version)s")
@click.pass_obj
def main(session: Session, *, store: str | None, config: str | None, verbose: int, quiet: bool, color: str) -> None:
    """Tell what platforms change in their category rules: new, adjusted and removed categories and their papers."""
    if verbose and quiet:
        raise UsageError("--verbose and --quiet exclude each other")
    session.configure(store=store, config=config, verbosity=-1 if quiet else verbose, color=color)


COMMANDS = (
    parse, add, track, snapshots, show, diff, digest, findings, review, explain, impact, schema, profile, config,
    source, quarantine, export, reparse, doctor, backup, notify,
)  # fmt: skip

for command in COMMANDS:
    main.add_command(command)
