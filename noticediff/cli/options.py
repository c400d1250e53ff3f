"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, get_args

import click

from snapshots.category import EntityType
from snapshots.errors import UsageError
from snapshots.period import parse_date

_F = TypeVar("_F", bound=Callable[..., Any])


class DateParam(click.ParamType[dt.date]):
    """A day, a month or a quarter; what is none is told in one line, without the usage."""

    name = "date"

    def convert(self, value: str | dt.date, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The day that the words mean; raises UsageError that names the option."""
        if isinstance(value, dt.date):
            return value
        del ctx
        try:
            return parse_date(value)
        except UsageError as error:
            where = "" if param is None else f"{param.opts[0]}: "
            raise UsageError(f"{where}{error}") from error


DATE = DateParam()
LAST_DIGEST = "last-digest"


def read_since(ctx: click.Context, param: click.Parameter, value: str) -> dt.date | None:
    """The day, or None for the last digest."""
    return None if value == LAST_DIGEST else DATE.convert(value, param, ctx)


def format_option(formats: Sequence[str], default: str) -> Callable[[_F], _F]:
    """The --format option with these formats."""
    return click.option(
        "--format", type=click.Choice(formats), default=default, show_default=True, help="Form of the result."
    )


def output_option(function: _F) -> _F:
    """The --output option of commands whose result may go to a file."""
    return click.option("--output", metavar="FILE", help="Write to this file, whole or not at all; - is stdout.")(
        function
    )


def scope_options(function: _F) -> _F:
    """The --platform and --entity-type options, which narrow a result."""
    function = click.option(
        "--entity-type", type=click.Choice(get_args(EntityType)), help="Only categories of this kind of applicant 主體."
    )(function)
    return click.option("--platform", metavar="NAME", help="Only categories of this platform.")(function)
