"""Decisions as they travel, and as they are remembered."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from scrum.events import By
from scrum.memory.events import DecisionTaken, EpisodeEnded, EpisodeWritten
from scrum.memory.model import Arm, Context, Decision, Ending, Episode, Features, Outcome, Tried
from scrum.sprint.events import SprintCancelled, SprintClosed
from scrum.sprint.model import Prediction


def taken(episode: Episode, by: By) -> DecisionTaken:
    """The event that tells of an episode whose end nobody knows yet."""
    context, decision = episode.context, episode.decision
    return DecisionTaken.of(
        by,
        episode,
        sprint=episode.sprint,
        goal=context.goal,
        text=context.text,
        focus=list(context.focus),
        features=context.features.known(),
        figures=dict(episode.figures),
        commitment=decision.commitment,
        base=decision.base,
        points=decision.points,
        items=list(decision.items),
        prediction=asdict(episode.prediction) if episode.prediction else None,
        strategies=[{**asdict(tried), "arm": tried.arm.value} for tried in episode.strategies],
    )


def remembered(event: DecisionTaken) -> Episode:
    """The episode that an event tells of."""
    return Episode(
        plan=event.aggregate,
        project=event.project,
        sprint=event.sprint,
        at=event.occurred_at,
        context=Context(event.goal, event.text, tuple(event.focus), Features(**event.features)),
        decision=Decision(event.commitment, event.base, event.points, tuple(event.items)),
        prediction=Prediction(**event.prediction) if event.prediction else None,
        strategies=tuple(_tried(event.strategies)),
        figures=event.figures,
    )


def _tried(strategies: Iterable[dict[str, Any]]) -> Iterable[Tried]:
    for one in strategies:
        yield Tried(one["strategy"], one["version"], Arm(one["arm"]), one["before"], one["after"])


def ending(event: SprintClosed | SprintCancelled) -> Ending:
    if isinstance(event, SprintCancelled):
        return Ending(event.occurred_at, None)
    outcome = Outcome(
        closed_at=event.occurred_at,
        committed=event.committed,
        completed=event.completed,
        added=event.added,
        removed=event.removed,
        reestimated=event.reestimated,
    )
    return Ending(event.occurred_at, outcome)


def written(episode: Episode, by: By) -> EpisodeWritten:
    return EpisodeWritten.of(by, episode, sprint=episode.sprint)


def ended(episode: Episode, by: By) -> EpisodeEnded:
    result, lessons = episode.result.value, list(episode.lessons)
    return EpisodeEnded.of(by, episode, sprint=episode.sprint, result=result, lessons=lessons)
