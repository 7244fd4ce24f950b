"""Whether learning pays: histories are played again, sprint by sprint, as plan, outcome and what is learned from it.

A sprint is planned from those before it alone, and completes what it completed: nobody knows what the team would have
done with another commitment.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from statistics import fmean

from scrum.events import By
from scrum.forecasting.model import ENOUGH, Conditions, Forecast
from scrum.forecasting.next_sprint import forecast
from scrum.forecasting.prior import PRIOR, Prior
from scrum.memory.model import Arm, Context, Decision, Episode, Features, Outcome, Tried
from scrum.sprint.ledger import GOOD_SHARE
from scrum.sprint.model import Prediction, project_of
from scrum.sprint.velocity import PastSprint, completion
from scrum.strategies.applying import Given, arms, reached, steps
from scrum.strategies.learning import LOOK_BACK, learned
from scrum.strategies.model import Record, Strategy, Trial, built_in

TARGET = 0.5
_RECENT = 3
_BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
_REPLAYED = "replay"


@dataclass(frozen=True)
class Replayed:
    """One sprint. Commitments in points: ours with and without what was learned, the team's own, the mean of three.

    `confidence` is the probability that was told of completing at least 90 % of ours; `followed` names the learned
    strategies that made it.
    """

    team: str
    place: int
    completed: float
    learned: int
    plain: int
    own: float | None
    recent: float
    confidence: float
    followed: tuple[str, ...]

    @property
    def success(self) -> bool:
        return self.completed >= GOOD_SHARE * self.learned


@dataclass
class _Team:
    """What is known of its strategies by now."""

    name: str
    records: Sequence[Record]
    past: list[Episode] = field(default_factory=list[Episode])

    def learn(self, episode: Episode) -> None:
        by = By(_REPLAYED, episode.at)
        told = learned(self.records, episode, self.past[-LOOK_BACK:], by=by)
        self.records = _kept(self.records, told.strategies, told.trials)
        self.past.append(episode)


def _kept(
    records: Sequence[Record], changed: Sequence[Strategy], trials: Sequence[Trial]
) -> tuple[Record, ...]:
    """As the store keeps them: of a changed rule only the trials of its present version are known."""
    known = {one.strategy.name: one for one in records}
    for strategy in changed:
        before = known.get(strategy.name)
        same = before is not None and before.strategy.version == strategy.version
        known[strategy.name] = Record(strategy, before.trials if before and same else ())
    for trial in trials:
        record = known[trial.strategy]
        if trial.version == record.strategy.version:
            known[trial.strategy] = replace(record, trials=(*record.trials, trial))
    return tuple(known[name] for name in sorted(known))


def replay(
    team: str,
    sprints: Sequence[PastSprint],
    *,
    prior: Prior = PRIOR,
    target: float = TARGET,
    after: int = ENOUGH,
) -> Iterator[Replayed]:
    """Of each sprint, oldest first, that has so many before it (at least two)."""
    state = _Team(team, tuple(map(Record, built_in(team))))
    for place in range(max(after, 2), len(sprints)):
        yield _played(state, sprints[: place + 1], prior=prior, target=target)


def _played(state: _Team, sprints: Sequence[PastSprint], *, prior: Prior, target: float) -> Replayed:
    """The last of these sprints."""
    *history, outcome = sprints
    place = len(history)
    coming = replace(Conditions.of(outcome), committed=None)
    expected = forecast(history, coming, prior)
    everybody = forecast(history, replace(coming, availability=1.0), prior)
    given = Given(
        sprint=f"{state.name}-S{place}",
        base=everybody.commitment(target),
        present=expected.commitment(target),
        figures=_figures(history, coming, everybody),
    )
    chosen = arms(state.records, given)
    applied = [strategy for strategy, arm in chosen if arm is Arm.APPLIED]
    tried = [Tried(one.name, one.version, one.arm, one.before, one.after) for one in steps(given, chosen)]
    commitment = reached(given, applied)
    episode = _episode(given, commitment, tried, outcome)
    state.learn(replace(episode, prediction=_prediction(expected, commitment)))
    return Replayed(
        team=state.name,
        place=place,
        completed=outcome.completed_points,
        learned=commitment,
        plain=given.present,
        own=outcome.committed_points,
        recent=fmean(past.completed_points for past in history[-_RECENT:]),
        confidence=expected.at_least(GOOD_SHARE * commitment),
        followed=tuple(one.name for one in applied if not one.built_in),
    )


def _figures(history: Sequence[PastSprint], coming: Conditions, everybody: Forecast) -> Mapping[str, float]:
    known = {
        "availability": coming.availability,
        "team_size": coming.members,
        "working_days": coming.working_days,
        "velocity": everybody.median,
        "past_sprints": len(history),
        "completion": completion(history),
    }
    return {name: float(value) for name, value in known.items() if value is not None}


def _prediction(expected: Forecast, commitment: int) -> Prediction:
    low, high = expected.interval(0.8)
    return Prediction(expected.median, low, high, expected.at_least(commitment))


def _episode(given: Given, commitment: int, tried: Sequence[Tried], outcome: PastSprint) -> Episode:
    """What memory would have kept of it."""
    at = _BEGIN + timedelta(days=given.figures["past_sprints"])
    features = Features(velocity=given.figures["velocity"], availability=given.figures["availability"])
    return Episode(
        plan=f"PLAN-{given.sprint}",
        project=project_of(given.sprint),
        sprint=given.sprint,
        at=at,
        context=Context(features=features),
        decision=Decision(commitment, given.base, commitment),
        strategies=tuple(tried),
        outcome=Outcome(at, commitment, round(outcome.completed_points)),
        figures=given.figures,
    )
