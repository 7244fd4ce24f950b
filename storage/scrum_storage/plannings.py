"""The plan that each sprint planning is held on."""

from sqlalchemy import delete, exists, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB, insert

from scrum.events import POLICY
from scrum.planning.model import Plan
from scrum_storage.ceremony_tables import plannings
from scrum_storage.connection import Statements
from scrum_storage.errors import Changed
from scrum_storage.tables import plans


class PostgresPlannings:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def plan(self, occurrence: str) -> Plan | None:
        held = select(plans.c.plan).join(plannings, plannings.c.plan == plans.c.id)
        found: Plan | None = await self._connection.scalar(held.where(plannings.c.occurrence == occurrence))
        return found

    async def hold(self, occurrence: str, plan: str) -> None:
        before = await self.plan(occurrence)
        if before and before.id == plan:
            return
        if before and before.sprint:
            raise Changed([occurrence])
        new = insert(plannings)
        upsert = new.on_conflict_do_update(index_elements=["occurrence"], set_={"plan": new.excluded.plan})
        await self._connection.execute(upsert, {"occurrence": occurrence, "plan": plan})
        if before:
            await self._forget(before.id)

    async def _forget(self, plan: str) -> None:
        """A person who had the same one made, before or after, may commit it still, and is told what changed."""
        waits = (plans.c.id == plan, plans.c.sprint == "", _MAKER == POLICY)
        elsewhere = exists().where(plannings.c.plan == plans.c.id)
        await self._connection.execute(delete(plans).where(*waits, ~elsewhere))


_MAKER = type_coerce(plans.c.plan, JSONB)["created_by"].astext
