"""Why a database cannot be used, and who was faster: PostgreSQL's errors translated, once.

Unavailable
├── Unreachable     no server answers, or it refuses to let us in
├── Busy            no connection is free
├── Lost            the connection ended in the middle
├── Silent          it gives no answer: stopped, or out of reach
├── Unwilling       the server cannot do it now: disk full, read-only, too slow
├── NotMigrated     the tables are not there
├── NewerDatabase   a newer version made the tables
├── NoVector        the extension pgvector is missing
└── MayNotCreate    the role lacks a privilege for migrations
Conflict
├── Changed         the stored version is not older than ours
└── Raced           a lock, a deadlock or a unique value
Invalid
└── Unstorable      a character that PostgreSQL cannot hold
"""

from collections.abc import Callable, Iterable

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from scrum.errors import Conflict, Invalid, ScrumError, Unavailable
from scrum.text import choices

PATIENCE = 10
"""Seconds to connect."""

ANSWER = 35
"""Seconds for an answer to a statement: more than the server gives itself, so only a server that hangs takes them."""

_REPEAT = "Look again, then repeat."


class Unreachable(Unavailable):
    def __init__(self, url: URL, reason: str) -> None:
        super().__init__(
            f"PostgreSQL at {_where(url)} cannot be reached: {reason}. Check that it runs and that "
            "SCRUM_DATABASE_URL, or the setting of the store that lives there, names it; nothing was changed."
        )


class Busy(Unavailable):
    def __init__(self, url: URL) -> None:
        super().__init__(
            f"PostgreSQL at {_where(url)} has no free connection now. Repeat in a few seconds; nothing was changed."
        )


class Lost(Unavailable):
    def __init__(self) -> None:
        super().__init__(
            "The connection to PostgreSQL was lost, so it is unknown whether the change was made. "
            "Look first; repeat when it was not."
        )


class Silent(Unavailable):
    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"PostgreSQL gave no answer within {seconds:g} seconds, so it is unknown whether the change was made. "
            "See that the server is not stopped and can be reached; then look first, and repeat when it was not."
        )


class Unwilling(Unavailable):
    def __init__(self, reason: str) -> None:
        super().__init__(
            f"PostgreSQL cannot do this now: {reason}. Nothing was changed; mend that, then repeat."
        )


class NotMigrated(Unavailable):
    def __init__(self) -> None:
        super().__init__("The database has no tables of scrum-mcp, or older ones. Run `scrum-mcp migrate`.")


class NewerDatabase(Unavailable):
    def __init__(self, store: str, revision: str) -> None:
        super().__init__(
            f"The database was made by a newer version of scrum-mcp: the store {store} is at {revision}, which this "
            "version does not know. Nothing was changed. Install the newer version."
        )


class NoVector(Unavailable):
    def __init__(self, reason: str) -> None:
        super().__init__(
            f"PostgreSQL's extension pgvector is needed and not there: {reason}. Install pgvector on the server and "
            "have a superuser run `CREATE EXTENSION vector` in this database, then repeat."
        )


class MayNotCreate(Unavailable):
    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database role may not create what scrum-mcp needs: {reason}. Grant it CREATE on the database, "
            "or run `scrum-mcp migrate` as the owner."
        )


class Changed(Conflict):
    def __init__(self, what: Iterable[str]) -> None:
        super().__init__(f"{choices(what)} changed at the same moment. {_REPEAT}")


class Raced(Conflict):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what}. Nothing was changed. {_REPEAT}")


class Unstorable(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "The text has a character that cannot be stored (U+0000). Remove control characters."
        )


def state_of(error: BaseException) -> str:
    """SQLSTATE; empty where the error has none."""
    cause = error.driver_exception if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", None) or "")


def unreachable(url: URL, error: BaseException) -> Unavailable:
    """For an error of connecting."""
    if state_of(error) == "53300":
        return Busy(url)
    nothing = (
        f"no answer within {PATIENCE} seconds" if isinstance(error, TimeoutError) else type(error).__name__
    )
    return Unreachable(url, str(error) or nothing)


def translated(error: DBAPIError) -> ScrumError | None:
    """For an error of a statement; None for one that only a bug explains."""
    if error.connection_invalidated:
        return Lost()
    state = state_of(error)
    if state == "23505":
        return _taken(error)
    make = _BY_STATE.get(state) or _BY_CLASS.get(state[:2])
    return make(error) if make else None


def _taken(error: DBAPIError) -> Raced | None:
    constraint = getattr(error.driver_exception, "constraint_name", "")
    what = _UNIQUE.get(constraint or "")
    return Raced(what) if what else None


def _unwilling(error: DBAPIError) -> ScrumError:
    return Unwilling(str(error.driver_exception))


_UNIQUE = {
    "projects_pkey": "Somebody else made this project",
    "items_pkey": "Somebody else added items with the same numbers",
    "items_rank": "Somebody else moved the same items",
    "items_external_key": "Somebody else added an item with the same external key",
    "sprints_pkey": "Somebody else made a sprint with the same number",
    "sprints_number": "Somebody else made a sprint with the same number",
    "occurrences_pkey": "Somebody else made the same ceremony due",
    "occurrences_once": "Somebody else made the same ceremony due",
    "sprints_one_open": "Somebody else opened a sprint, and a project has one open sprint",
}
_BY_STATE: dict[str, Callable[[DBAPIError], ScrumError]] = {
    "40001": lambda _: Raced("Somebody else changed the same rows"),
    "40P01": lambda _: Raced("Somebody else changed the same rows in another order"),
    "55P03": lambda _: Raced("Somebody else is still changing this"),
    "42P01": lambda _: NotMigrated(),
    "42703": lambda _: NotMigrated(),
    "3F000": lambda _: NotMigrated(),
    "22021": lambda _: Unstorable(),
    "22P05": lambda _: Unstorable(),
    "57014": _unwilling,
    "25006": _unwilling,
    "25P03": lambda _: Lost(),
    "57P01": lambda _: Lost(),
    "57P02": lambda _: Lost(),
    "57P03": lambda _: Lost(),
}
_BY_CLASS: dict[str, Callable[[DBAPIError], ScrumError]] = {
    "08": lambda _: Lost(),
    "53": _unwilling,
}


def _where(url: URL) -> str:
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}/{url.database}"
