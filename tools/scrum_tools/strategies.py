"""list_strategies, set_strategy."""

from typing import Annotated, Self

from pydantic import BaseModel, Field

from scrum.strategies import usecases
from scrum.strategies.beta import Share
from scrum.strategies.conditions import ALWAYS, NAMES
from scrum.strategies.effects import effect as effect_of
from scrum.strategies.effects import effects_told
from scrum.strategies.model import MOST_TRIALS, Record, Status
from scrum.strategies.usecases import Wanted
from scrum.team.usecases import one_project
from scrum.text import choices, counted
from scrum_tools.arguments import Project, Reason
from scrum_tools.budget import fitting
from scrum_tools.run import Run
from scrum_tools.tool import View

_FIGURES = choices(NAMES, most=len(NAMES))
_LATEST = 5
"""Episodes that are named for and against each strategy."""


class ShareView(BaseModel):
    """A share that is learned: its mean with the middle 80 % of what it may be, from `n` cases."""

    mean: float
    low80: float
    high80: float
    n: int

    @classmethod
    def of(cls, share: Share) -> Self:
        low, high = share.interval
        return cls(mean=round(share.mean, 3), low80=round(low, 3), high80=round(high, 3), n=share.n)

    def words(self) -> str:
        return f"{self.mean:.0%} ({self.low80:.0%} to {self.high80:.0%}, n={self.n})"


class StrategyView(BaseModel):
    name: str
    version: int
    status: Status
    when: str
    effect: str
    origin: str
    confidence: Annotated[ShareView, Field(description="Sprints that followed it and were successes")]
    closer: Annotated[
        ShareView, Field(description="Its commitment was, or would have been, closer to the outcome")
    ]
    watched: Annotated[
        ShareView,
        Field(description="The same where it was only watched; of a rule for items: its items fell short"),
    ]
    better_than_none: float | None
    tested: int
    under_test: bool
    evidence_for: list[str]
    evidence_against: list[str]

    @classmethod
    def of(cls, record: Record, *, under_test: bool = False) -> Self:
        strategy = record.strategy
        return cls(
            name=strategy.name,
            version=strategy.version,
            status=strategy.status,
            when=strategy.when.text,
            effect=str(strategy.effect),
            origin=strategy.origin,
            confidence=ShareView.of(record.confidence),
            closer=ShareView.of(record.closer),
            watched=ShareView.of(record.watched),
            better_than_none=_rounded(record.better_than_none),
            tested=record.tested,
            under_test=under_test,
            evidence_for=list(record.speaking_for[-_LATEST:]),
            evidence_against=list(record.speaking_against[-_LATEST:]),
        )

    def line(self) -> str:
        when = "always" if self.when == ALWAYS else f"when {self.when}"
        return (
            f"{self.name} v{self.version}, {self.status}{self._test()}: {self.effect} {when} ({self.origin}). "
            f"Confidence {self.confidence.words()}; {self._better()}."
        )

    def _test(self) -> str:
        if self.under_test:
            return f", under test ({self.tested} of at most {MOST_TRIALS} sprints)"
        return ", only watched" if self.status is Status.CANDIDATE else ""

    def _better(self) -> str:
        if self.tested:
            return f"{self._chance()} after {counted(self.tested, 'sprint')}"
        if self.watched.n:
            return self._watched()
        return "no evidence yet"

    def _watched(self) -> str:
        share = self.watched.words()
        if effect_of(self.effect).moves_commitment:
            return f"closer to the outcome in {share} of the sprints that watched it"
        return f"fell short in {share} of the watched sprints that had what it leaves out"

    def _chance(self) -> str:
        if self.better_than_none is None:
            return "nothing to compare it with"
        return f"better than none with {self.better_than_none:.0%}"


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)


class StrategiesView(View):
    project: str
    learning: bool
    strategies: list[StrategyView]
    count: int

    def text(self) -> str:
        lines = [one.line() for one in self.strategies]
        rest = self.count - len(self.strategies)
        more = [f"and {rest} more: give a status to see fewer"] if rest else []
        head = f"{self.project} has {counted(self.count, 'strategy')}." if lines else ""
        off = [] if self.learning else ["Candidates are only watched: setup_project has learning off."]
        return "\n".join([head or f"{self.project} has no such strategy.", *lines, *more, *off])


class StrategySetView(View):
    project: str
    strategy: StrategyView

    def text(self) -> str:
        return f"{self.strategy.line()} Next: plan_sprint shows what it does."


async def list_strategies(
    project: Project,
    run: Run,
    status: Annotated[Status | None, Field(description="Default: all")] = None,
) -> StrategiesView:
    """Rules that change plans, with their evidence, confidence and running tests. Next: set_strategy."""
    owner = await one_project(run.look, project)
    every = await usecases.strategies(await run.runtime.memory(), owner.key)
    tested = usecases.tested(every) if owner.learning else ""
    shown = [one for one in every if status in (None, one.strategy.status)]
    views = [StrategyView.of(one, under_test=one.strategy.name == tested) for one in shown]
    return StrategiesView(
        project=owner.key, learning=owner.learning, strategies=fitting(views), count=len(views)
    )


async def set_strategy(
    project: Project,
    name: Annotated[str, Field(description="Like holiday_buffer")],
    run: Run,
    when: Annotated[
        str,
        Field(description=f"CEL like 'days_away > 2 && velocity < 20'. Numbers: {_FIGURES}; default always"),
    ] = "",
    effect: Annotated[str, Field(description=f"One of {effects_told()}, with another number")] = "",
    status: Annotated[
        Status | None,
        Field(
            description="candidate: tested first, default of a new rule; active: followed; retired: dropped"
        ),
    ] = None,
    reason: Reason = "",
) -> StrategySetView:
    """Propose a rule that changes plans, follow it (active) or drop it (retired). Next: plan_sprint."""
    owner = await one_project(run.look, project)
    memory, wanted = await run.runtime.memory(), Wanted(name, when, effect, status)
    record = await usecases.set_strategy(memory, owner.key, wanted, by=run.by(reason))
    tested = usecases.tested(await usecases.strategies(memory, owner.key)) if owner.learning else ""
    view = StrategyView.of(record, under_test=record.strategy.name == tested)
    return StrategySetView(project=owner.key, strategy=view)
