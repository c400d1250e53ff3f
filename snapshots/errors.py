"""The errors of the program: one root, one class for each way to fail, the subject as an attribute."""

from __future__ import annotations

_PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses that a server gives for a moment: too busy, restarting, its backend away."""


class NoticediffError(Exception):
    """The root: one line for the user (what, where, what to do), the exit code of its class, and a cause.

    The cause is a code: it stays the same as long as the same thing is wrong, however the line says it.
    """

    exit_code = 2
    cause = "error"


class UsageError(NoticediffError):
    """A command, an option, a date or a configuration that cannot be followed; also a missing file."""

    def __init__(self, message: str, *, cause: str = "usage") -> None:
        """Keep the line and the cause."""
        super().__init__(message)
        self.cause = cause


class FetchError(NoticediffError):
    """A page that could not be fetched; a later run may succeed."""

    exit_code = 3

    def __init__(self, address: str, reason: str, *, cause: str, may_pass: bool = False) -> None:
        """Keep the address, why it could not be fetched, and whether another try a moment later may succeed."""
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason
        self.cause = cause
        self.may_pass = may_pass


class StatusError(FetchError):
    """A server that answered with another status than 200; `wait` is its Retry-After, in seconds."""

    def __init__(self, address: str, reason: str, *, status: int, wait: float | None = None) -> None:
        """Keep the status and how long the server asks to be left alone."""
        super().__init__(address, reason, cause=f"status {status}", may_pass=status in _PASSING)
        self.status = status
        self.wait = wait


class DeliveryError(NoticediffError):
    """A message that could not be sent; it is kept, and a later run tries again."""

    exit_code = 3


class MissingVariableError(DeliveryError):
    """A secret that the environment lacks: at a terminal it may, under cron it may not."""


class PageRefusedError(NoticediffError):
    """A page that was read but is not what it should be: no notice, cut in half, binary."""

    exit_code = 4

    def __init__(self, page: str, reason: str, *, cause: str = "refused") -> None:
        """Keep the page's name and why it was refused."""
        super().__init__(f"{page}: {reason}")
        self.page = page
        self.reason = reason
        self.cause = cause


class PageFaultError(NoticediffError):
    """A page at which the program itself failed; the others are read all the same."""

    exit_code = 70

    def __init__(self, page: str, cause: Exception) -> None:
        """Keep the page's name; the cause is chained."""
        what = f"{type(cause).__name__}: {cause}"
        super().__init__(f"{page}: a fault of the program: {what}; report what `noticediff -vv parse` prints for it")
        self.page = page
        self.cause = f"fault {type(cause).__name__}"


class StoreBusyError(NoticediffError):
    """Another run holds the store."""

    exit_code = 5


class StoreUnreachableError(NoticediffError):
    """A database server that does not answer, or ends the connection; a later run may find it there."""

    exit_code = 3


class StoreUnwritableError(NoticediffError):
    """A store that cannot be written where it is: a full disk, a folder or a role without the right to."""

    def __init__(self, name: str, reason: str) -> None:
        """Keep the store's name, and why in the system's words."""
        super().__init__(f"{name}: the store cannot be written ({reason}); make room or choose another with --store")
        self.name = name
        self.reason = reason


class StoreDamagedError(NoticediffError):
    """A store that is damaged or belongs to another program."""

    exit_code = 6

    @property
    def bare(self) -> str:
        """What is damaged, without the name of the store and what to do."""
        return str(self).partition("damaged: ")[2].partition("; restore")[0] or str(self)
