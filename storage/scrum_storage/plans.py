"""Plans, whole, until they expire; for good once they are committed."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from scrum.planning.model import Plan, UnknownPlan
from scrum_storage.connection import Statements
from scrum_storage.errors import Changed
from scrum_storage.tables import plans


class PostgresPlans:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def get(self, plan: str) -> Plan:
        return await self._one(plan, claim=False)

    async def claim(self, plan: str) -> Plan:
        return await self._one(plan, claim=True)

    async def put(self, plan: Plan) -> None:
        """The same plan made again replaces itself.

        Raises:
            Changed: it is committed by now.
        """
        new = insert(plans)
        columns = {
            "id": plan.id,
            "project": plan.project,
            "created_at": plan.created_at,
            "expires_at": plan.expires_at,
            "sprint": plan.sprint,
            "plan": plan,
        }
        upsert = new.on_conflict_do_update(
            index_elements=["id"],
            set_={name: new.excluded[name] for name in columns if name != "id"},
            where=plans.c.sprint == "",
        )
        written = await self._connection.scalar(upsert.returning(plans.c.id), columns)
        if written is None and await self.get(plan.id) != plan:
            raise Changed([plan.id])

    async def forget_expired(self, project: str, now: datetime) -> None:
        expired = (plans.c.project == project, plans.c.sprint == "", plans.c.expires_at <= now)
        await self._connection.execute(delete(plans).where(*expired))

    async def _one(self, plan: str, *, claim: bool) -> Plan:
        query = select(plans.c.plan).where(plans.c.id == plan)
        found: Plan | None = await self._connection.scalar(query.with_for_update() if claim else query)
        if found is None:
            raise UnknownPlan(plan)
        return found
