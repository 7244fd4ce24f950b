"""The parts of a sprint, as they are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel

from scrum.sprint.burndown import Day
from scrum.sprint.ledger import Amount, Entry, Figures, Kind
from scrum.sprint.model import Prediction
from scrum.sprint.risk import Level, Risk
from scrum.text import counted, told

_MOST_DAYS = 62


class AmountView(BaseModel):
    points: int
    items: int
    unestimated: int

    @classmethod
    def of(cls, amount: Amount) -> Self:
        return cls(points=amount.points, items=amount.items, unestimated=amount.unestimated)


class FiguresView(BaseModel):
    """committed + added - removed + reestimated = completed + remaining, in points."""

    committed: AmountView
    added: AmountView
    removed: AmountView
    reestimated: int
    completed: AmountView
    remaining: AmountView
    carried_over: AmountView
    completion: float | None

    @classmethod
    def of(cls, figures: Figures) -> Self:
        return cls(
            committed=AmountView.of(figures.committed),
            added=AmountView.of(figures.added),
            removed=AmountView.of(figures.removed),
            reestimated=figures.reestimated,
            completed=AmountView.of(figures.completed),
            remaining=AmountView.of(figures.remaining),
            carried_over=AmountView.of(figures.carried_over),
            completion=None if figures.completion is None else round(figures.completion, 4),
        )

    def line(self) -> str:
        share = "" if self.completion is None else f" ({self.completion:.0%} of the commitment)"
        return (
            f"committed {self.committed.points}, added {self.added.points}, removed {self.removed.points}, "
            f"re-estimated {self.reestimated:+d}, completed {self.completed.points}{share}, remaining "
            f"{counted(self.remaining.points, 'point')} in {counted(self.remaining.items, 'item')}"
        )


class DayView(BaseModel):
    day: date
    working: bool
    ideal: float
    remaining: int | None = None
    scope: int | None = None


class EntryView(BaseModel):
    at: datetime
    actor: str
    kind: Kind
    item: str
    points: int | None
    before: int | None
    reason: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(
            at=entry.at,
            actor=entry.actor,
            kind=entry.kind,
            item=entry.item,
            points=entry.points,
            before=entry.before,
            reason=entry.reason,
        )

    def line(self) -> str:
        points = "?" if self.points is None else self.points
        before = "?" if self.before is None else self.before
        was = f" (was {before})" if self.kind is Kind.REESTIMATED else ""
        reason = f" {told(self.reason)}" if self.reason else ""
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.item} {points}{was} by {self.actor}{reason}"


class PredictionView(BaseModel):
    points: float
    low80: float
    high80: float
    p_commitment: float

    @classmethod
    def of(cls, foreseen: Prediction) -> Self:
        return cls(
            points=foreseen.points,
            low80=foreseen.low,
            high80=foreseen.high,
            p_commitment=foreseen.p_commitment,
        )

    def line(self) -> str:
        return f"Predicted: {self.points:.0f} points, 80% between {self.low80:.0f} and {self.high80:.0f}."


class RiskView(BaseModel):
    name: str
    level: Level
    evidence: str

    @classmethod
    def of(cls, risk: Risk) -> Self:
        return cls(name=risk.name, level=risk.level, evidence=risk.evidence)

    def line(self) -> str:
        return f"Risk ({self.level}): {self.name}, {self.evidence}."


def day_views(days: Sequence[Day]) -> list[DayView]:
    """Each day; of a sprint longer than two months every second or third and so on, up to the last one."""
    step = max(1, -(-len(days) // _MOST_DAYS))
    return [
        DayView(day=d.day, working=d.working, ideal=d.ideal, remaining=d.remaining, scope=d.scope)
        for d in days[(len(days) - 1) % step :: step]
    ]
