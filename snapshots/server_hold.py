"""The hold on a store in PostgreSQL: an advisory lock of the session, one for each schema of a database.

The server lets go of it when the connection ends, in whatever way. Who holds it stands in the name of the session,
which everybody may read; a name has 63 bytes, and what may be cut off stands last.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from snapshots.holder import Holder, build_refusal

_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended('noticediff ' || current_schema(), 0))")
_SIGN = text("SELECT set_config('application_name', :name, false)")
_FIND = text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND (classid::bigint << 32) | objid::bigint = hashtextextended('noticediff ' || current_schema(), 0)"
)


def hold_on_server(connection: Connection, name: str, holder: Holder) -> None:
    """Take hold for this session; raises StoreBusyError at once where another one has it."""
    if not connection.scalar(_TAKE):
        raise build_refusal(name, load_server_holder(connection))
    connection.execute(_SIGN, {"name": _sign(holder)})


def load_server_holder(connection: Connection) -> Holder | None:
    """The run that holds the store; None where nobody does, or not under its name yet."""
    return _read_signature(connection.scalar(_FIND) or "")


def _sign(holder: Holder) -> str:
    since = int(holder.since.timestamp())
    return f"noticediff|{holder.command}|{holder.pid}|{since}|{holder.host}".encode("ascii", "replace").decode()[:63]


def _read_signature(name: str) -> Holder | None:
    match name.split("|", 4):
        case ["noticediff", command, pid, since, host] if pid.isdecimal() and since.isdecimal():
            moment = dt.datetime.fromtimestamp(int(since), dt.UTC)
            return Holder(command=command, pid=int(pid), host=host, since=moment)
        case _:
            return None
