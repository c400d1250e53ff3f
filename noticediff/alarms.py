"""What is told of failures: each once, again when its cause changes, and once when it is over. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from snapshots.errors import NoticediffError
from snapshots.record import Failure


class Alarms(Struct, frozen=True, kw_only=True):
    """The failures of a source after a run: those told now, those told before, and those that are over."""

    told: tuple[Failure, ...]
    repeated: tuple[Failure, ...]
    over: tuple[Failure, ...]

    @property
    def open(self) -> tuple[Failure, ...]:
        """All that is wrong now."""
        return self.told + self.repeated


def decide_alarms(
    before: Sequence[Failure], found: Sequence[Failure], *, was_looked_at: Callable[[Failure], bool]
) -> Alarms:
    """What to tell after a run that found these failures, where those of `before` had been told.

    What this run did not come to look at (the list that leads there failed) is neither told again nor over. An address
    fails in one way at a time, a source as a whole in several. A failure of which no cause is known is whatever is
    wrong with its address now.
    """
    causes = {failure.address: failure.cause for failure in found}
    before = [
        failure if failure.cause else replace(failure, cause=causes.get(failure.address, "")) for failure in before
    ]
    known = {(failure.address, failure.cause): failure for failure in before}
    now = set(map(_find_subject, found))
    repeated = [known[place] for failure in found if (place := (failure.address, failure.cause)) in known]
    waiting = [failure for failure in before if not was_looked_at(failure)]
    return Alarms(
        told=tuple(failure for failure in found if (failure.address, failure.cause) not in known),
        repeated=(*repeated, *(failure for failure in waiting if failure not in repeated)),
        over=tuple(failure for failure in before if failure not in waiting and _find_subject(failure) not in now),
    )


def build_failure(source: str, address: str, error: NoticediffError, *, now: dt.datetime) -> Failure:
    """The failure that an error is."""
    return Failure(
        source=source,
        address=address,
        cause=error.cause,
        message=str(error),
        exit_code=error.exit_code,
        since=now,
    )


def since_first(alarms: Alarms, before: Sequence[Failure]) -> Alarms:
    """The alarms, where a failure whose cause has changed keeps the moment at which its address began to fail."""
    starts = {_find_subject(failure): failure.since for failure in reversed(before)}
    told = tuple(replace(failure, since=starts.get(_find_subject(failure), failure.since)) for failure in alarms.told)
    return replace(alarms, told=told)


def _find_subject(failure: Failure) -> str:
    """What is wrong: an address, or one thing about the source as a whole."""
    return failure.address or failure.cause
