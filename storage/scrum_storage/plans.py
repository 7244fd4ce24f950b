"""Plans, whole, until they expire; for good once they are committed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert

from scrum.events import POLICY
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
        """The same plan made again replaces itself; where the policy makes it again, it stays whose it was, and since when.

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
            set_={name: new.excluded[name] for name in columns if name != "id"} | _first_made(new, plan),
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


def _first_made(new: Insert, plan: Plan) -> dict[str, ColumnElement[Any]]:
    """What stays of the stored plan when `plan` replaces it."""
    if plan.created_by != POLICY:
        return {}
    whole = type_coerce(new.excluded.plan, JSONB).concat(_FIRST_MADE)
    return {"created_at": plans.c.created_at, "plan": whole}


_STORED = type_coerce(plans.c.plan, JSONB)
_FIRST_MADE = func.jsonb_build_object(
    "created_by", _STORED["created_by"], "created_at", _STORED["created_at"], type_=JSONB
)
