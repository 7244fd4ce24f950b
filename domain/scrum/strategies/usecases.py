"""Look at strategies, propose them, follow them or drop them. One function, one transaction."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scrum.errors import Invalid
from scrum.events import By, Event
from scrum.memory.model import Episode
from scrum.strategies import events
from scrum.strategies.conditions import ALWAYS, condition
from scrum.strategies.effects import Act, BadEffect, Effect, effect
from scrum.strategies.learning import LOOK_BACK, watched
from scrum.strategies.model import (
    BY,
    MOST_STRATEGIES,
    NAME,
    NeverInQuestion,
    Record,
    Status,
    Strategy,
    TooManyStrategies,
    Trial,
    UnknownStrategy,
    under_test,
)
from scrum.strategies.ports import StrategyWork
from scrum.text import quoted, required
from scrum.work import Start

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NEARER = {
    True: ", nearer to the outcome than without it",
    False: ", farther from the outcome than without it",
    None: ", which says nothing of the commitment",
}


class BadName(Invalid):
    def __init__(self, given: str) -> None:
        super().__init__(
            f"name is {quoted(given)}. Use small letters, digits and underscores, like 'holiday_buffer'."
        )


class NothingSet(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(f"Nothing is set for {name}. Give when and effect, or status, or both.")


@dataclass(frozen=True)
class Wanted:
    """None and '' leave things as they are; a new strategy needs an effect, and applies always without a condition."""

    name: str
    when: str = ""
    effect: str = ""
    status: Status | None = None

    @property
    def says_nothing(self) -> bool:
        return not self.when and not self.effect and self.status is None


async def strategies(start: Start[StrategyWork], project: str) -> Sequence[Record]:
    """By name."""
    async with start() as work:
        return await work.strategies.of(project)


def tested(records: Sequence[Record]) -> str:
    """The name of the candidate under test; empty when there is none."""
    found = under_test(records)
    return found.strategy.name if found else ""


async def taught(start: Start[StrategyWork], project: str, plan: str) -> Sequence[str]:
    """What was learned from how a plan ended, a sentence each; what it said of each strategy."""
    async with start() as work:
        episode = await work.episodes.find(plan)
        trials = await work.strategies.trials(project, plan) if episode else ()
        records = await work.strategies.of(project) if trials else ()
    if episode is None or not episode.outcome:
        return ["Memory has not heard of its end yet."]
    return [*episode.lessons, *_said(trials, episode, records)] or ["Nothing was learned from it."]


def _of_each(trials: Sequence[Trial], episode: Episode) -> list[Trial]:
    """One of each strategy: of the rule that the plan had, or else of the latest that looked back on it."""
    had = {(one.strategy, one.version) for one in episode.strategies}
    ranked = sorted(trials, key=lambda one: ((one.strategy, one.version) in had, one.version))
    last = {one.strategy: one for one in ranked}
    return [last[name] for name in sorted(last)]


def _said(trials: Sequence[Trial], episode: Episode, records: Sequence[Record]) -> Iterator[str]:
    for trial in _of_each(trials, episode):
        result = "a success" if trial.success else "a failure"
        compared = _compared(trial, episode, _named(records, trial.strategy))
        yield f"{trial.strategy} v{trial.version} ({trial.arm}): {result}{compared}."


def _compared(trial: Trial, episode: Episode, record: Record | None) -> str:
    """Of an earlier rule only the plan that had it knows whether it moved the commitment."""
    present = record.strategy if record and record.strategy.version == trial.version else None
    if present.effect.moves_commitment if present else _moved(trial, episode):
        return _nearer(trial)
    return " with what it leaves out" if present and trial.better is not None else ""


def _nearer(trial: Trial) -> str:
    if trial.likely is None:
        return _NEARER[trial.better]
    return f", nearer to the outcome than without it with a probability of {trial.likely:.0%}"


def _moved(trial: Trial, episode: Episode) -> bool:
    rule = trial.strategy, trial.version
    return any(one.before != one.after for one in episode.strategies if (one.strategy, one.version) == rule)


async def set_strategy(start: Start[StrategyWork], project: str, wanted: Wanted, *, by: By) -> Record:
    """Another rule is another version, which begins as a candidate and is looked at on past sprints at once.

    Raises:
        BadName, BadCondition, BadEffect, NothingSet, UnknownStrategy, NeverInQuestion, TooManyStrategies.
    """
    async with start() as work:
        records = await work.strategies.claim(project)
        before = _named(records, wanted.name)
        after, published = _set(project, records, wanted, by)
        past = await work.strategies.past(project, LOOK_BACK)
        record = _looked_back(before, after, past)
        await work.strategies.put([after])
        await work.strategies.add(project, record.trials)
        work.publish(*published)
        await work.commit()
    return record


def _set(project: str, records: Sequence[Record], wanted: Wanted, by: By) -> tuple[Strategy, list[Event]]:
    known = _named(records, wanted.name)
    if wanted.says_nothing:
        raise NothingSet(quoted(wanted.name))
    if known and known.strategy.built_in:
        raise NeverInQuestion(known.strategy.name)
    ruled = _ruled(known.strategy, wanted, by) if known else _new(project, records, wanted, by)
    turned = ruled.set_to(wanted.status, f"{BY}{by.actor}") if wanted.status else ruled
    return turned, [*_proposed(known, ruled, by), *_turned(ruled, turned, by)]


def _proposed(known: Record | None, ruled: Strategy, by: By) -> list[Event]:
    same = known and known.strategy.version == ruled.version
    return [] if same else [events.proposed(ruled, by)]


def _turned(ruled: Strategy, turned: Strategy, by: By) -> list[Event]:
    if turned is ruled:
        return []
    again = turned.status is Status.CANDIDATE
    return [events.proposed(turned, by) if again else events.turned(turned, by)]


def _named(records: Sequence[Record], name: str) -> Record | None:
    return next((one for one in records if one.strategy.name == name.strip()), None)


def _ruled(known: Strategy, wanted: Wanted, by: By) -> Strategy:
    when = condition(wanted.when) if wanted.when else known.when
    act = allowed_effect(wanted.effect) if wanted.effect else known.effect
    return known.ruled(when, act, f"{BY}{by.actor}")


def _new(project: str, records: Sequence[Record], wanted: Wanted, by: By) -> Strategy:
    name = allowed_name(wanted.name)
    if not wanted.effect:
        raise UnknownStrategy(name, project, [one.strategy.name for one in records])
    if len(records) >= MOST_STRATEGIES:
        raise TooManyStrategies(project)
    return Strategy(
        project,
        name,
        condition(wanted.when or ALWAYS),
        allowed_effect(wanted.effect),
        origin=f"{BY}{by.actor}",
    )


def allowed_name(given: str) -> str:
    """Raises Missing, TooLong or BadName."""
    name = required("name", given, limit=NAME)
    if not _NAME.fullmatch(name):
        raise BadName(name)
    return name


def allowed_effect(text: str) -> Effect:
    """Raises BadEffect."""
    found = effect(text)
    if found.act is Act.AVAILABILITY:
        raise BadEffect(text, "absences are counted already, and once is right")
    return found


def _looked_back(before: Record | None, after: Strategy, past: Sequence[Episode]) -> Record:
    known = before.trials if before and before.strategy.version == after.version else ()
    seen = {trial.episode for trial in known}
    new = watched(after, past) if after.status is Status.CANDIDATE else ()
    return Record(after, (*known, *(trial for trial in new if trial.episode not in seen)))
