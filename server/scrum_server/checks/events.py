"""Whether events get through: what the stores have to send, and what was set aside."""

from collections.abc import Sequence

from scrum.errors import Unavailable
from scrum_server.checks.check import Check, Mark
from scrum_server.events.groups import GROUPS
from scrum_server.events.standing import Seen, look, summed
from scrum_server.settings import Settings
from scrum_storage.errors import NotMigrated
from scrum_storage.store import KINDS, open_store

_ABOUT = "events"


async def events(settings: Settings, own_database: str | None) -> list[Check]:
    """One check; none while no server can be asked."""
    places = [(kind, settings.database_of(kind.name) or own_database) for kind in KINDS]
    seen: list[Seen] = []
    for kind, url in places:
        if url is None:
            return []
        try:
            async with open_store(url, kind) as store:
                seen.append(await look(store, {}))
        except NotMigrated:
            return [Check(Mark.NOTE, _ABOUT, f"unknown until the tables of {kind.name} are there")]
        except Unavailable as error:
            return [Check(Mark.BROKEN, _ABOUT, f"unknown, the store {kind.name} is away: {error}")]
    return [_told(seen)]


def _told(seen: Sequence[Seen]) -> Check:
    standing = summed(seen, GROUPS)
    if problems := standing.problems:
        return Check(Mark.BROKEN, _ABOUT, "; ".join(problems))
    unsent = sum(one.events.unsent or 0 for one in seen)
    return Check(Mark.OK, _ABOUT, ", ".join([f"{unsent} unsent", *standing.notes]))
