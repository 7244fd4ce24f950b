"""Happenings as tools answer them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel

from scrum.chronicle.model import Happening
from scrum.text import told
from scrum_tools.budget import LISTS, fitting

_WHY = 300


class HappeningView(BaseModel):
    """`what` is a clause whose subject is `actor`, with quoted texts; `about` is what the event changed."""

    at: datetime
    actor: str
    what: str
    why: str
    type: str
    about: str
    sprint: str

    @classmethod
    def of(cls, happening: Happening) -> Self:
        event = happening.event
        return cls(
            at=event.occurred_at,
            actor=event.actor,
            what=happening.what,
            why=event.reason,
            type=event.type,
            about=event.aggregate,
            sprint=happening.sprint,
        )

    def line(self) -> str:
        why = f", because {told(self.why, _WHY)}" if self.why else ""
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.what}{why}"


def history_view(happenings: Sequence[Happening], *, budget: int = LISTS) -> list[HappeningView]:
    """The first ones, as many as fit."""
    return fitting([HappeningView.of(one) for one in happenings], budget=budget)
