"""What a forecast is asked, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scrum.backlog.estimates import usual_points
from scrum.backlog.model import Item, UnknownItem
from scrum.errors import Invalid
from scrum.forecasting.coming import Coming
from scrum.forecasting.model import MOST_CERTAIN
from scrum.forecasting.several import Outlook
from scrum.team.project import OutOfRange

MOST_POINTS = 100_000
_LEAST_CERTAIN = 0.05
_LONGEST = timedelta(3 * 366)


class TwoScopes(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "items and points are two answers to how much. Give one of them, or neither for the backlog."
        )


class NotAhead(Invalid):
    def __init__(self, by_date: date, today: date) -> None:
        super().__init__(
            f"by_date is {by_date}; it must be from today ({today}) to {today + _LONGEST}. Give a day in between."
        )


class NothingLeft(Invalid):
    def __init__(self, project: str) -> None:
        super().__init__(
            f"The open backlog of {project} has no points to complete. Give points, or by_date alone to ask how much."
        )


@dataclass(frozen=True)
class Question:
    """How much: `items` with all that they need, `points`, or else everything open. `by_date` is included."""

    items: tuple[str, ...] = ()
    points: int | None = None
    by_date: date | None = None
    confidence: float = 0.8

    def checked(self, today: date) -> None:
        """Raises TwoScopes, OutOfRange or NotAhead."""
        if self.items and self.points is not None:
            raise TwoScopes
        if self.points is not None and not 1 <= self.points <= MOST_POINTS:
            raise OutOfRange("points", self.points, 1, MOST_POINTS)
        if not _LEAST_CERTAIN <= self.confidence <= MOST_CERTAIN:
            raise OutOfRange("confidence", self.confidence, _LEAST_CERTAIN, MOST_CERTAIN)
        if self.by_date and not today <= self.by_date <= today + _LONGEST:
            raise NotAhead(self.by_date, today)


@dataclass(frozen=True)
class Scope:
    """`items` counts the items, `needed` those among them that only others need, `guessed` those without points.

    Each of these is taken for `usual` points. Where points were asked for, there are no items.
    """

    points: int
    items: int = 0
    needed: int = 0
    guessed: int = 0
    usual: int = 0


@dataclass(frozen=True)
class Answer:
    """`coming` are the sprints that `outlook` is about; `chance` is that of the scope by the date."""

    project: str
    question: Question
    scope: Scope
    coming: tuple[Coming, ...]
    outlook: Outlook | None

    @property
    def chance(self) -> float | None:
        """The probability that the scope is complete by the date; None without a date, 1.0 when nothing is open."""
        if self.question.by_date is None:
            return None
        if not self.scope.points and not self.scope.items:
            return 1.0
        return self.outlook.at_least(self.scope.points, after=len(self.coming)) if self.outlook else 0.0

    def points(self, confidence: float) -> float:
        """At least so many are complete by the date, with this confidence."""
        return self.outlook.quantile(1 - confidence, after=len(self.coming)) if self.outlook else 0.0

    def done(self, confidence: float) -> Coming | None:
        """The sprint at whose end the scope is complete, with this confidence; None: later than was looked ahead."""
        needed = self.outlook.sprints_until(self.scope.points, confidence) if self.outlook else None
        return self.coming[needed - 1] if needed else None


def scope_of(project: str, question: Question, items: Sequence[Item]) -> Scope:
    """Of the open items of a project.

    Raises:
        UnknownItem: an item that is asked for is not open.
        NothingLeft: there is nothing to complete, and no date to ask how much.
    """
    if question.points is not None:
        return Scope(question.points)
    known = {item.key: item for item in items}
    if missing := [key for key in question.items if key not in known]:
        raise UnknownItem(missing, f"The open backlog of {project}")
    wanted = _with_needs(question.items, known) if question.items else known.keys()
    counted = [known[key].points for key in wanted]
    usual, guessed = usual_points(items), counted.count(None)
    points = sum(one or 0 for one in counted) + usual * guessed
    if not points and not question.by_date:
        raise NothingLeft(project)
    needed = len(counted) - len(set(question.items)) if question.items else 0
    return Scope(points, len(counted), needed, guessed, usual)


def _with_needs(keys: Sequence[str], known: Mapping[str, Item]) -> set[str]:
    """And all that they depend on, directly or not, and that is still open."""
    reached = set(keys)
    while more := {need for key in reached for need in known[key].depends_on if need in known} - reached:
        reached |= more
    return reached
