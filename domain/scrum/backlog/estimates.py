"""What an item without points is taken for."""

from collections.abc import Iterable
from statistics import median

from scrum.backlog.model import Item

USUAL_POINTS = 3


def usual_points(items: Iterable[Item]) -> int:
    """The median of those that have points."""
    known = [item.points for item in items if item.points is not None]
    return round(median(known)) if known else USUAL_POINTS
