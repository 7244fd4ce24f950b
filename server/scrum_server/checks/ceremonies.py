"""Whether ceremonies get delivered: what failed, and what is due for too long."""

from collections.abc import Sequence
from datetime import timedelta

from scrum.ceremonies.occurrence import Occurrence, Status
from scrum.clock import system
from scrum.errors import Unavailable
from scrum.text import choices
from scrum_server.checks.check import Check, Mark
from scrum_server.settings import Settings
from scrum_storage.errors import NotMigrated
from scrum_storage.store import CORE, open_store

_ABOUT = "ceremonies"
_LATE = timedelta(minutes=5)
_MOST = 1_000


async def ceremonies(settings: Settings, own_database: str | None) -> list[Check]:
    """One check; none while no server can be asked."""
    url = settings.database_of(CORE.name) or own_database
    if url is None:
        return []
    try:
        async with open_store(url) as store, store.look() as work:
            return [_told(await work.occurrences.undelivered(_MOST), settings)]
    except NotMigrated:
        return [Check(Mark.NOTE, _ABOUT, f"unknown until the tables of {CORE.name} are there")]
    except Unavailable as error:
        return [Check(Mark.BROKEN, _ABOUT, f"unknown, the store {CORE.name} is away: {error}")]


def _told(undelivered: Sequence[Occurrence], settings: Settings) -> Check:
    failed = [one for one in undelivered if one.status is Status.FAILED]
    due = [one for one in undelivered if one.status is Status.DUE]
    problems = [*_failed(failed), *([] if settings.virtual_time else _late(due))]
    if problems:
        return Check(Mark.BROKEN, _ABOUT, "; ".join(problems))
    return Check(Mark.OK, _ABOUT, f"{len(due)} due, none failed")


def _failed(failed: Sequence[Occurrence]) -> list[str]:
    if not failed:
        return []
    names = choices(one.id for one in failed)
    return [
        f"{names} could not be delivered, the last because {failed[-1].told}; trigger_ceremony tries again"
    ]


def _late(due: Sequence[Occurrence]) -> list[str]:
    late = [one.id for one in due if system() - one.due_at > _LATE]
    if not late:
        return []
    told = f"{choices(late)} should have been delivered, due since {due[0].due_at:%Y-%m-%d %H:%M} UTC"
    return [f"{told}: see that `scrum-mcp worker`, `scrum-mcp tick` or a server with SCRUM_WORKER=true runs"]
