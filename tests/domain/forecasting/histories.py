"""Past sprints of every kind."""

from dataclasses import replace

from hypothesis import strategies as st

from scrum.forecasting.model import Conditions
from scrum.sprint.velocity import PastSprint, Source

TWO_WEEKS = Conditions(days=14)

points = st.one_of(st.just(0.0), st.floats(0.1, 10_000))
maybe_days = st.none() | st.floats(0.01, 400)
maybe_heads = st.none() | st.integers(1, 200)
maybe_points = st.none() | points

sprints = st.builds(
    PastSprint,
    name=st.just("Sprint"),
    source=st.sampled_from(Source),
    completed_points=points,
    committed_points=maybe_points,
    days=maybe_days,
    working_days=maybe_days,
    members=maybe_heads,
    availability=st.none() | st.just(0.0) | st.floats(0.05, 1.2),
)
stopped = sprints.map(lambda one: replace(one, source=Source.LEDGER, committed_points=one.completed_points))
histories = st.lists(sprints | stopped, max_size=25)
conditions = st.builds(
    Conditions,
    days=maybe_days,
    working_days=maybe_days,
    members=maybe_heads,
    availability=st.floats(0, 1),
    committed=maybe_points,
)
