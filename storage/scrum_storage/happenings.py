"""Happenings, recorded for the sprints that hear of them in the commit of the events that tell of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from scrum.ceremonies.happened import Heard, happened
from scrum.events import Event
from scrum.sprint.events import SprintPlanned, SprintStarted
from scrum_storage.clocks import SCALE_OF_PROJECT
from scrum_storage.connection import Statements

_OPENING = (SprintPlanned, SprintStarted)


class Happenings:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def record(self, events: Sequence[Event]) -> None:
        """One statement, whatever the number of events; none where nobody hears of them, two where a sprint is planned or started."""
        heard = happened(events)
        if not heard:
            return
        if opening := _opening(events):
            await self._connection.execute(_OPEN, {"rows": opening})
        await self._connection.execute(
            _RECORD, {"rows": [_row(place, one) for place, one in enumerate(heard)]}
        )


def _opening(events: Sequence[Event]) -> list[dict[str, Any]]:
    """One for each sprint: it may be planned and started at once."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        if isinstance(event, _OPENING):
            row = found.setdefault(event.aggregate, {"sprint": event.aggregate, "at": event.occurred_at})
            row["started"] = isinstance(event, SprintStarted)
    return list(found.values())


def _row(place: int, heard: Heard) -> dict[str, Any]:
    return {
        "place": place,
        "project": heard.event.project,
        "wanted": heard.sprint,
        "within": heard.within,
        "at": heard.event.occurred_at,
        "name": heard.name,
        **heard.values,
    }


_ROWS = bindparam("rows", type_=JSONB)

_OPEN = text(
    f"""
    INSERT INTO core.schedules
        (sprint, project, anchor, first_day, days, chosen, time_scale, standing, recorded, occurrences, wake_at)
    SELECT sprints.id, sprints.project, given.at, sprints.first_day, sprints.last_day - sprints.first_day + 1,
        CASE WHEN given.started THEN jsonb_build_object('cadence', projects.cadence,
            'settings', coalesce(ceremony_settings.document, '{{}}')) END,
        CASE WHEN given.started THEN {SCALE_OF_PROJECT} END,
        '{{}}', 0, 0, 'epoch'
    FROM (
        SELECT sprint, min(at) AS at, bool_or(started) AS started
        FROM jsonb_to_recordset(:rows) AS told (sprint text, at timestamptz, started boolean) GROUP BY sprint
    ) AS given
    JOIN core.sprints ON sprints.id = given.sprint
    JOIN core.projects ON projects.key = sprints.project
    LEFT JOIN core.ceremony_settings ON ceremony_settings.project = sprints.project
    ON CONFLICT (sprint) DO UPDATE SET
        anchor = CASE WHEN schedules.first_day IS NULL THEN excluded.anchor ELSE schedules.anchor END,
        first_day = coalesce(schedules.first_day, excluded.first_day),
        days = coalesce(schedules.days, excluded.days),
        chosen = coalesce(schedules.chosen, excluded.chosen),
        time_scale = coalesce(schedules.time_scale, excluded.time_scale)
    """  # noqa: S608 - our own names
).bindparams(_ROWS)
"""A sprint keeps the policy with which it started. One that was opened before it was planned begins with its plan."""

_RECORD = text(
    """
    WITH told AS (
        SELECT schedules.sprint, given.*,
            row_number() OVER (PARTITION BY schedules.sprint ORDER BY given.place) AS nth
        FROM jsonb_to_recordset(:rows) AS given (place int, project text, wanted text, within text, at timestamptz,
            name text, item text, items int, done int, days int, spent float8, source text, occurrence text,
            signal text)
        JOIN core.schedules ON NOT schedules.over
            AND (schedules.sprint = given.wanted OR given.wanted = '' AND schedules.project = given.project)
    ), counted AS (
        SELECT sprint, count(*) AS number, bool_or(name IN ('sprint_completed', 'sprint_cancelled')) AS over
        FROM told GROUP BY sprint
    ), recorded AS (
        UPDATE core.schedules SET recorded = schedules.recorded + counted.number, wake_at = 'epoch', over = counted.over
        FROM counted WHERE counted.sprint = schedules.sprint AND NOT schedules.over
        RETURNING schedules.sprint, schedules.recorded - counted.number AS before
    )
    INSERT INTO core.happenings (sprint, number, at, name, item, items, done, days, spent, source, occurrence,
        signal, elsewhere)
    SELECT told.sprint, recorded.before + told.nth, told.at, told.name, coalesce(told.item, ''),
        coalesce(told.items, 0), coalesce(told.done, 0), coalesce(told.days, 0), coalesce(told.spent, 0),
        coalesce(told.source, ''), coalesce(told.occurrence, ''), coalesce(told.signal, ''),
        coalesce(told.within <> told.sprint, false)
    FROM told JOIN recorded ON recorded.sprint = told.sprint
    """
).bindparams(_ROWS)
"""The schedule's row is locked until the commit: numbers rise in the order of commits, without gaps."""
