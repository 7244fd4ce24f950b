"""Candidates that a language model proposes: asked outside of transactions, and held to the same rules as everybody's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrum.errors import ScrumError
from scrum.events import By
from scrum.memory.model import Episode
from scrum.strategies import events
from scrum.strategies.closeness import figures_of
from scrum.strategies.conditions import NAMES, condition
from scrum.strategies.effects import effects_told
from scrum.strategies.learning import LOOK_BACK, watched
from scrum.strategies.model import MOST_STRATEGIES, Record, Strategy
from scrum.strategies.ports import Adviser, StrategyWork, Suggestion
from scrum.strategies.usecases import allowed_effect, allowed_name
from scrum.work import Start

ORIGIN = "proposed by "
MOST = 2
"""Candidates that are taken of one answer."""
RECENT = timedelta(days=1)
"""Sprints that ended longer ago are not asked about any more."""
_BATCH = 20

TASK = (
    "A sprint completed less than it committed. Propose at most two rules that could make the next plans better, or none. "
    "A rule has a name of small letters and underscores; `when`, a condition of comparisons in CEL over these numbers: "
    f"{', '.join(f'{name} ({words})' for name, words in NAMES.items())}, or true for always; and `effect`, one of: "
    f"{effects_told()}. Use only what the facts show."
)


@dataclass(frozen=True)
class Asked:
    """A sprint that failed, and the strategies of its project."""

    episode: Episode
    records: Sequence[Record]

    @property
    def answered(self) -> bool:
        """A model proposed something for it already."""
        known = (one.strategy for one in self.records)
        return any(one.origin.startswith(ORIGIN) and self.episode.plan in one.support for one in known)

    @property
    def facts(self) -> str:
        """Numbers and rules alone: nothing that people wrote."""
        outcome = self.episode.outcome
        ended = (
            f"committed {outcome.committed}, completed {outcome.completed}, added {outcome.added}"
            if outcome
            else ""
        )
        known = ", ".join(f"{name} {value:g}" for name, value in sorted(figures_of(self.episode).items()))
        rules = "; ".join(f"{one.strategy.name}: {one.strategy.rule}" for one in self.records)
        return f"Points: {ended}. Figures: {known}. Rules that there are: {rules}."


async def failed(start: Start[StrategyWork], now: datetime) -> Sequence[Asked]:
    """Sprints that failed lately, and that no model was heard about."""
    async with start() as work:
        episodes = await work.strategies.failed(now - RECENT, _BATCH)
        asked = [Asked(one, await work.strategies.of(one.project)) for one in episodes]
    return [one for one in asked if not one.answered]


async def advise(
    start: Start[StrategyWork], adviser: Adviser, asked: Asked, *, now: datetime
) -> Sequence[Strategy]:
    """The candidates that came of it; what breaks a rule is told to the adviser and not taken.

    Raises:
        Unavailable: the adviser gives no answer, or memory is away.
    """
    suggestions = await adviser.suggested(TASK, asked.facts)
    project = asked.episode.project
    async with start() as work:
        records = await work.strategies.claim(project)
        past = await work.strategies.past(project, LOOK_BACK)
        taken = list(_taken(suggestions, asked, records, adviser))[:MOST]
        await work.strategies.put(taken)
        for one in taken:
            await work.strategies.add(project, tuple(watched(one, past)))
        work.publish(*(events.proposed(one, By(adviser.name, now)) for one in taken))
        await work.commit()
    return taken


def _taken(
    suggestions: Sequence[Suggestion], asked: Asked, records: Sequence[Record], adviser: Adviser
) -> Iterator[Strategy]:
    known = {one.strategy.name for one in records}
    for one in suggestions:
        try:
            strategy = _strategy(one, asked, adviser)
        except ScrumError as error:
            adviser.rejected(f"{one.name}: {one.effect} when {one.when}", str(error))
            continue
        if strategy.name not in known and len(known) < MOST_STRATEGIES:
            known.add(strategy.name)
            yield strategy


def _strategy(one: Suggestion, asked: Asked, adviser: Adviser) -> Strategy:
    """Raises Invalid."""
    name, effect = allowed_name(one.name), allowed_effect(one.effect)
    origin = f"{ORIGIN}{adviser.name}"
    return Strategy(
        asked.episode.project, name, condition(one.when), effect, origin=origin, support=(asked.episode.plan,)
    )
