"""Why a sprint failed: rules that look at its episode, and what each would try against it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

from scrum.memory.model import Arm, Episode, Outcome, Result
from scrum.strategies.conditions import ALWAYS, Condition
from scrum.strategies.effects import Act, Effect
from scrum.text import counted

MUCH = 0.1
"""Share of a commitment from which on a cause counts."""
MUCH_CARRIED, LARGE, LONG_CHAIN = 0.3, 0.4, 3
_EXPECTED, _WEIGHT = 0.1, 3
"""What a buffer is expected to be before there is evidence, and how many sprints this expectation counts for."""
_STEP, _LEAST, _MOST = 0.05, 0.05, 0.3
_SCALED = "scale_by_availability"


@dataclass(frozen=True)
class Finding:
    """`strategy` is the name of what would be tried."""

    cause: str
    words: str
    strategy: str
    when: Condition
    effect: Effect


def findings(episode: Episode, past: Sequence[Episode]) -> tuple[Finding, ...]:
    """Of a failed sprint; amounts are estimated from it and from past episodes."""
    if episode.result is not Result.FAILURE or not episode.outcome:
        return ()
    failed = [one for one in past if one.result is Result.FAILURE and one.plan != episode.plan]
    every = [*failed, episode]
    return tuple(found for rule in _RULES for found in rule(episode, episode.outcome, every))


def estimated(shares: Sequence[float]) -> float:
    """The mean share, shrunk towards what is expected before there is evidence, in steps of 5 %."""
    mean = (_WEIGHT * _EXPECTED + sum(shares)) / (_WEIGHT + len(shares))
    return min(_MOST, max(_LEAST, round(round(mean / _STEP) * _STEP, 2)))


def _short(outcome: Outcome) -> float:
    """The share of the commitment that was not completed, beyond what new work took."""
    return (
        max(0.0, 1 - (outcome.completed + _grown(outcome)) / outcome.committed) if outcome.committed else 0.0
    )


def _grown(outcome: Outcome) -> int:
    return max(0, outcome.added + max(0, outcome.reestimated))


def _share_grown(outcome: Outcome) -> float:
    return _grown(outcome) / outcome.committed if outcome.committed else 0.0


def _outcomes(episodes: Iterable[Episode]) -> Iterator[Outcome]:
    return (one.outcome for one in episodes if one.outcome)


def _overcommitment(_: Episode, outcome: Outcome, failed: Sequence[Episode]) -> Iterator[Finding]:
    if (short := _short(outcome)) > MUCH:
        amount = estimated([share for one in _outcomes(failed) if (share := _short(one)) > MUCH])
        words = f"{outcome.completed} of {outcome.committed} points were completed, {short:.0%} less than committed"
        yield Finding(
            "overcommitment", words, "velocity_buffer", Condition(ALWAYS), Effect(Act.BUFFER, amount)
        )


def _absences(episode: Episode, outcome: Outcome, _: Sequence[Episode]) -> Iterator[Finding]:
    features = episode.context.features
    availability, velocity = features.availability, episode.figures.get("velocity", features.velocity)
    if availability is None or velocity is None or availability >= 1:
        return
    if outcome.committed > max(_with_absences(episode), floor(availability * velocity) + 1):
        words = f"{outcome.committed} points were committed at an availability of {availability:.0%}"
        yield Finding(
            "absences ignored",
            words,
            _SCALED,
            Condition("availability < 1"),
            Effect(Act.AVAILABILITY),
        )


def _with_absences(episode: Episode) -> int:
    """The points of a plan that counted its absences; 0 where it did not."""
    tried = episode.strategies
    scaled = [one.after for one in tried if one.strategy == _SCALED and one.arm is Arm.APPLIED]
    return max(*scaled, episode.decision.commitment) if scaled else 0


def _scope_growth(_: Episode, outcome: Outcome, failed: Sequence[Episode]) -> Iterator[Finding]:
    if _share_grown(outcome) >= MUCH:
        shares = [share for one in _outcomes(failed) if (share := _share_grown(one)) >= MUCH]
        words = f"{counted(_grown(outcome), 'point')} came in while it ran"
        yield Finding(
            "scope growth",
            words,
            "reserve_unplanned",
            Condition(ALWAYS),
            Effect(Act.RESERVE, estimated(shares)),
        )


def _carry_over(episode: Episode, outcome: Outcome, _: Sequence[Episode]) -> Iterator[Finding]:
    carried = episode.figures.get("carry_over", episode.context.features.carry_over or 0.0)
    if outcome.committed and carried >= MUCH_CARRIED * outcome.committed:
        words = f"{carried:g} points had been carried over before"
        yield Finding(
            "carry-over",
            words,
            "limit_carried",
            Condition("carry_over > 0"),
            Effect(Act.LIMIT_CARRY_OVER, MUCH_CARRIED),
        )


def _large_items(episode: Episode, outcome: Outcome, _: Sequence[Episode]) -> Iterator[Finding]:
    """A cap is never below the usual item, and none is proposed that no item of the sprint was over."""
    largest, usual = (episode.figures.get(name, 0.0) for name in ("largest_planned", "usual_item"))
    cap = max(1, ceil(usual), floor(LARGE * outcome.completed / 2))
    if outcome.committed and largest >= LARGE * outcome.committed and largest > cap:
        words = f"one item had {largest:g} of {outcome.committed} points"
        yield Finding(
            "large items",
            words,
            "smaller_items",
            Condition(f"largest_item > {cap}"),
            Effect(Act.CAP, cap),
        )


def _blocked_chains(episode: Episode, outcome: Outcome, failed: Sequence[Episode]) -> Iterator[Finding]:
    chain = episode.figures.get("chain_planned", 0.0)
    if chain >= LONG_CHAIN:
        amount = estimated([_short(one) for one in _outcomes(failed)])
        words = f"{chain:g} items of it waited for one another; {outcome.completed} points were completed"
        yield Finding(
            "blocked chains",
            words,
            "chain_buffer",
            Condition(f"longest_chain >= {LONG_CHAIN}"),
            Effect(Act.BUFFER, amount),
        )


def _unestimated(episode: Episode, _: Outcome, __: Sequence[Episode]) -> Iterator[Finding]:
    if unknown := episode.figures.get("unestimated_planned", 0.0):
        yield Finding(
            "unestimated work",
            f"{counted(int(unknown), 'item')} of it had no points",
            "estimate_first",
            Condition("unestimated_share > 0"),
            Effect(Act.LEAVE_OUT_UNESTIMATED),
        )


_RULES = (
    _overcommitment,
    _absences,
    _scope_growth,
    _carry_over,
    _large_items,
    _blocked_chains,
    _unestimated,
)
