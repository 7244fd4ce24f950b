"""What came of something that a sprint heard of: what became due by it, and what its gap holds back."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from scrum.ceremonies.answers import CameOf
from scrum.ceremonies.occurrence import Occurrence
from scrum.sprint.model import State
from scrum.text import counted
from scrum_tools.ceremonies.ceremony_view import OccurrenceView, listed, views
from scrum_tools.tool import View


class CameView(View):
    """What became due by it, and what was `due_before`, unseen; `was` and `state` are the sprint's before and after."""

    project: str
    sprint: str
    was: State
    state: State
    became_due: list[OccurrenceView]
    due_before: tuple[OccurrenceView, ...] = ()
    held_back: tuple[str, ...] = ()
    next: str

    def came(self) -> list[str]:
        moved = (
            []
            if self.was is self.state
            else [f"{self.sprint} was {self.was.words} and is {self.state.words} now."]
        )
        nothing = "Nothing became due by it yet." if self.held_back else "Nothing became due by it."
        due = listed("Due by it", self.became_due, len(self.became_due)) or [nothing]
        before = listed("Due before it, and seen now", self.due_before, len(self.due_before))
        return [*moved, *due, *self.held_back, *before, self.next]


def parts(came: CameOf, now: datetime, by_it: Sequence[Occurrence]) -> dict[str, Any]:
    """Of a CameView; what is not due `by_it` was due before."""
    zone = ZoneInfo(came.project.calendar.timezone)
    before = [one for one in came.occurrences if one not in by_it]
    prepared = "list_ceremonies in a moment: what became due is prepared then"
    return {
        "project": came.project.key,
        "sprint": came.sprint,
        "was": came.before,
        "state": came.after,
        "became_due": views(by_it, zone),
        "due_before": tuple(views(before, zone)),
        "held_back": tuple(_held_back(came, now)),
        "next": f"Next: {prepared if came.occurrences else 'list_ceremonies says what each waits for'}.",
    }


def _held_back(came: CameOf, now: datetime) -> Iterator[str]:
    for rule in came.policy.enabled:
        turn, gap = came.schedule.standing.turn(rule), rule.settings.gap_seconds
        if turn.waiting and turn.last:
            left = turn.last + timedelta(seconds=gap) - now
            seconds = counted(max(1, ceil(left.total_seconds())), "second")
            yield f"{rule.name} is due in at most {seconds}, for all that comes until then: its gap_seconds is {gap:g}."
