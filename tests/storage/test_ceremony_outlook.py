"""What a look at ceremonies tells while others evaluate them: each once, as due or as coming."""

from dataclasses import replace
from typing import Any

import pytest

from scrum.ceremonies.occurrence import Occurrence
from scrum.ceremonies.usecases import list_ceremonies
from scrum.sprint.usecases import start_sprint
from scrum_storage.ceremonies import PostgresOccurrences
from scrum_storage.store import Store
from scrum_storage.work import PostgresWork
from tests.builders import SHOP, a_planned_sprint, by
from tests.requirements import requirement
from tests.storage.meetings import S1, a_policy, evaluate, moment


class Overtaken(PostgresOccurrences):
    """Somebody evaluates the sprint just before they are read."""

    def __init__(self, connection: Any, others: Store) -> None:
        super().__init__(connection)
        self._others = others

    async def of(self, sprint: str) -> list[Occurrence]:
        await evaluate(self._others, sprint=sprint)
        return await super().of(sprint)


def overtaken(core: Store) -> Store:
    def work(*parts: Any) -> PostgresWork:
        made = PostgresWork(*parts)
        made.occurrences = Overtaken(parts[0], core)
        return made

    return replace(core, kind=replace(core.kind, work=work))


@requirement("ceremonies.preview")
@pytest.mark.parametrize("meanwhile", [True, False])
async def test_what_becomes_due_while_a_look_goes_on_is_told_once(core: Store, *, meanwhile: bool) -> None:
    await a_planned_sprint(core, [1, 1])
    await a_policy(core, {})
    await start_sprint(core.start, SHOP, "next", by=by())
    if not meanwhile:
        await evaluate(core)

    outlook = await list_ceremonies((overtaken(core) if meanwhile else core).look, SHOP, now=moment(0))

    planning = next(one for one in outlook.upcoming if one.ceremony == "sprint_planning")
    told = [one.ceremony for one in outlook.occurrences]
    assert outlook.schedule.sprint == S1
    assert (planning.at is not None, told) == (meanwhile, [] if meanwhile else ["sprint_planning"])
