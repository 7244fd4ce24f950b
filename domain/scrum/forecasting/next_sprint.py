"""Forecast of the next sprint."""

from collections.abc import Sequence
from math import sqrt

from scrum.forecasting.beyond import within
from scrum.forecasting.history import comparable, known, stretch, usable
from scrum.forecasting.model import ENOUGH, Conditions, Evidence, Forecast
from scrum.forecasting.prior import PRIOR, Prior
from scrum.forecasting.regression import Belief, learn, without
from scrum.sprint.velocity import PastSprint
from scrum.text import counted

TWO_WEEKS = Conditions(days=14, working_days=10)


def forecast(history: Sequence[PastSprint], conditions: Conditions, prior: Prior = PRIOR) -> Forecast:
    """For a sprint under these conditions, from past sprints, oldest first."""
    past = usable(history)
    inside, beyond = within(conditions, past)
    belief = believe(past, inside, prior)
    return Forecast(
        root=belief.told(known(inside)),
        availability=inside.availability,
        n=len(past),
        evidence=Evidence.of(len(past)),
        sources=tuple(sorted({one.source for one in past})),
        notes=(*notes(len(past)), *beyond),
    )


def believe(history: Sequence[PastSprint], conditions: Conditions, prior: Prior) -> Belief:
    """What usable past sprints tell of one under these conditions."""
    typical = prior.level * sqrt(stretch(TWO_WEEKS, conditions))
    past = [comparable(one, conditions) for one in history]
    return learn(without(past, known(conditions)), prior, typical)


def notes(n: int) -> tuple[str, ...]:
    if not n:
        return ("No past sprint: this is what teams complete on average, and they differ widely.",)
    return (f"Only {counted(n, 'past sprint')}: the interval is wide.",) if n < ENOUGH else ()
