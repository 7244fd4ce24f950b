"""The chance that a running sprint finishes what remains."""

from datetime import datetime
from math import erf, sqrt

from scrum.sprint.ledger import Figures
from scrum.sprint.model import Sprint
from scrum.team.calendar import WorkingCalendar

_INTERVAL = 2 * 1.2816
"""Standard deviations between the ends of an 80 % interval."""
_MOST = 0.95


def chance_to_finish(
    sprint: Sprint, figures: Figures, calendar: WorkingCalendar, now: datetime
) -> float | None:
    """The probability that the points that remain are completed in the time that is left.

    The prediction for the whole sprint, brought to the share of working days that is left: its median in proportion,
    its spread with the square root, as for the rest of a sprint in `forecast`. That knows the team as well, and who is
    away when; here absences count as if they were spread evenly over the sprint. None without a prediction, when
    nothing remains, or when some of it is not estimated.
    """
    remaining = figures.remaining
    if sprint.prediction is None or not remaining.items or remaining.unestimated:
        return None
    left = share_left(sprint, calendar, now)
    expected = sprint.prediction.points * left
    spread = (sprint.prediction.high - sprint.prediction.low) / _INTERVAL * sqrt(left)
    if spread <= 0:
        return 0.0
    return min(_MOST, 0.5 * (1 + erf((expected - remaining.points) / (spread * sqrt(2)))))


def share_left(sprint: Sprint, calendar: WorkingCalendar, now: datetime) -> float:
    """The share of the sprint's working days that is left, today included."""
    total = len(calendar.working_days(sprint.start, sprint.end))
    today = max(calendar.day_of(now), sprint.start)
    if not total or today > sprint.end:
        return 0.0
    return len(calendar.working_days(today, sprint.end)) / total
