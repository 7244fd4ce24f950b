"""What a completed sprint teaches: evidence for what was tried, candidates against what failed, and verdicts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from scrum.deliveries import Delivery
from scrum.events import By, Event
from scrum.memory.model import Arm, Episode, Result, Tried
from scrum.strategies import events
from scrum.strategies.closeness import closeness, figures_of
from scrum.strategies.detectors import Finding, findings
from scrum.strategies.effects import Bounds, had
from scrum.strategies.model import ELSEWHERE, MOST_STRATEGIES, Record, Status, Strategy, Trial
from scrum.strategies.ports import StrategyWork
from scrum.text import counted, named

LOOK_BACK = 30
"""Past sprints that a new candidate is tried on."""


@dataclass(frozen=True)
class Learned:
    """What changes, and what there is to tell of it."""

    strategies: tuple[Strategy, ...] = ()
    trials: tuple[Trial, ...] = ()
    events: tuple[Event, ...] = ()
    lessons: tuple[str, ...] = ()


@dataclass
class _Lesson:
    """Under way: the records as they become, by the name of their strategy."""

    records: dict[str, Record]
    by: By
    changed: set[str] = field(default_factory=set[str])
    trials: list[Trial] = field(default_factory=list[Trial])
    events: list[Event] = field(default_factory=list[Event])
    lessons: list[str] = field(default_factory=list[str])

    def kept(self, strategy: Strategy, *published: Event) -> None:
        record = self.records.get(strategy.name)
        trials = record.trials if record and record.strategy.version == strategy.version else ()
        self.records[strategy.name] = Record(strategy, trials)
        self.changed.add(strategy.name)
        self.events.extend(published)

    def tried(self, trials: Iterable[Trial]) -> None:
        """Those of a rule that another one followed are kept too, and judge nothing."""
        for trial in trials:
            record = self.records.get(trial.strategy)
            if record and _is_news(trial, record):
                strategy = record.strategy.touched()
                more = (trial,) if trial.version == strategy.version else ()
                self.records[trial.strategy] = Record(strategy, (*record.trials, *more))
                self.changed.add(strategy.name)
                self.trials.append(trial)
                self.events.append(events.added(strategy, trial, self.by))

    def done(self) -> Learned:
        changed = tuple(self.records[name].strategy for name in sorted(self.changed))
        return Learned(changed, tuple(self.trials), tuple(self.events), tuple(self.lessons))


def _is_news(trial: Trial, record: Record) -> bool:
    return (trial.version, trial.episode) not in {(one.version, one.episode) for one in record.trials}


async def learn(work: StrategyWork, episode: Episode, cause: Delivery) -> Sequence[str]:
    """The lessons of an episode with an outcome; what changes is kept and published in the same unit of work.

    From one that memory knows the outcome of it was learned already, and nothing changes. Strategies are locked in the
    order of their names.
    """
    by = By(cause.event.actor, cause.event.occurred_at)
    records = await work.strategies.claim(episode.project)
    known = await work.episodes.find(episode.plan)
    if known and known.outcome:
        return known.lessons
    past = await work.strategies.past(episode.project, LOOK_BACK)
    shared = await work.strategies.shared(episode.project)
    told = learned(records, episode, past, by=by, shared=shared)
    await work.strategies.put(told.strategies)
    await work.strategies.add(episode.project, told.trials)
    work.publish(*told.events, cause=cause)
    return told.lessons


def learned(
    records: Sequence[Record],
    episode: Episode,
    past: Sequence[Episode],
    *,
    by: By,
    shared: Sequence[Record] = (),
) -> Learned:
    """From an episode with its outcome, in the light of past ones; `shared` are strategies of other projects."""
    lesson = _Lesson({one.strategy.name: one for one in records}, by)
    before = [one for one in past if one.plan != episode.plan]
    lesson.tried(_trials(episode))
    for finding in findings(episode, before):
        _propose(lesson, finding, episode)
    for theirs in shared:
        _arrive(lesson, theirs, episode.project)
    for record in [*lesson.records.values()]:
        _look_back(lesson, record.strategy, [*before, episode])
    for record in [*lesson.records.values()]:
        _judge(lesson, record)
    return lesson.done()


def _trials(episode: Episode) -> Iterator[Trial]:
    """What was watched and moved no commitment is looked back at."""
    tried = (one for one in episode.strategies if one.arm is not Arm.SHADOW or one.before != one.after)
    return (_trial(episode, one) for one in tried if episode.outcome)


def _trial(episode: Episode, tried: Tried) -> Trial:
    seen = closeness(episode, tried)
    return Trial(
        strategy=tried.strategy,
        version=tried.version,
        episode=episode.plan,
        sprint=episode.sprint,
        at=episode.at,
        arm=tried.arm,
        success=episode.result is Result.SUCCESS,
        better=seen.better,
        likely=seen.likely,
    )


def _propose(lesson: _Lesson, finding: Finding, episode: Episode) -> None:
    """A rule whose test began is only supported; any other is estimated anew."""
    lesson.lessons.append(f"{finding.cause.capitalize()}: {finding.words}.")
    record = lesson.records.get(finding.strategy)
    if record is None:
        if len(lesson.records) >= MOST_STRATEGIES:
            return
        found = Strategy(
            episode.project, finding.strategy, finding.when, finding.effect, origin=finding.cause
        )
        _introduce(lesson, found)
    elif _open(record):
        ruled = record.strategy.ruled(finding.when, finding.effect, finding.cause)
        if ruled.version != record.strategy.version:
            _introduce(lesson, ruled)
    strategy = lesson.records[finding.strategy].strategy.supported(episode.plan)
    if strategy.status is not Status.RETIRED and strategy != lesson.records[finding.strategy].strategy:
        lesson.kept(strategy, events.supported(strategy, episode.plan, finding.cause, lesson.by))


def _open(record: Record) -> bool:
    """Whether its rule may be estimated anew."""
    strategy = record.strategy
    if strategy.built_in or strategy.set_by_hand:
        return False
    return strategy.status is Status.RETIRED or (strategy.status is Status.CANDIDATE and not record.tested)


def _introduce(lesson: _Lesson, strategy: Strategy) -> None:
    lesson.kept(strategy, events.proposed(strategy, lesson.by))
    lesson.lessons.append(f"{named(strategy.name)} is a candidate: {strategy.rule}.")


def _arrive(lesson: _Lesson, theirs: Record, project: str) -> None:
    """What others learned is a candidate here, whatever it is there; an untouched rule gives way to it."""
    strategy, origin = theirs.strategy, _origin(theirs)
    known = lesson.records.get(strategy.name)
    if known and known.untouched:
        ruled = known.strategy.ruled(strategy.when, strategy.effect, origin)
        if ruled is not known.strategy:
            _introduce(lesson, ruled)
    elif not known and len(lesson.records) < MOST_STRATEGIES:
        _introduce(lesson, Strategy(project, strategy.name, strategy.when, strategy.effect, origin=origin))


def _origin(theirs: Record) -> str:
    strategy, sprints = theirs.strategy, counted(theirs.tested, "sprint")
    if not strategy.set_by_hand:
        return f"{ELSEWHERE}{strategy.project}"
    return f"set {strategy.origin} in {strategy.project}, tried in {sprints}"


def _look_back(lesson: _Lesson, strategy: Strategy, past: Sequence[Episode]) -> None:
    """What it would have made of past commitments."""
    if strategy.status is Status.CANDIDATE:
        lesson.tried(watched(strategy, past))


def watched(strategy: Strategy, past: Iterable[Episode]) -> Iterator[Trial]:
    """Trials on past sprints where its condition held, which only watch."""
    held = (one for one in past if one.outcome and strategy.when.holds(figures_of(one)))
    return (_watched(strategy, one) for one in held)


def _watched(strategy: Strategy, episode: Episode) -> Trial:
    before, factor = _before(strategy, episode), strategy.effect.factor
    after = before if factor is None else Bounds.around(before).scaled(before, factor)
    trial = _trial(episode, Tried(strategy.name, strategy.version, Arm.SHADOW, before, after))
    if had(strategy.effect, figures_of(episode), before):
        return replace(trial, better=not trial.success)
    return trial


def _before(strategy: Strategy, episode: Episode) -> int:
    """The points that it begins from: where an earlier rule of it was applied, those before that."""
    own = (one for one in episode.strategies if one.strategy == strategy.name and one.arm is Arm.APPLIED)
    return next((one.before for one in own), episode.decision.commitment)


def _judge(lesson: _Lesson, record: Record) -> None:
    turned = record.strategy.judged(record.verdict())
    if turned is record.strategy:
        _object(lesson, record)
        return
    judged = replace(record, strategy=turned)
    lesson.kept(turned, events.decided(judged, lesson.by))
    lesson.lessons.append(
        f"{named(turned.name)} is {turned.status} after {record.tested} sprints: {_chance(record)}."
    )


def _object(lesson: _Lesson, record: Record) -> None:
    """What somebody set active stays so, and they hear of it."""
    strategy = record.strategy
    if strategy.set_active and record.doubtful and strategy.name in lesson.changed:
        lesson.lessons.append(
            f"{named(strategy.name)} was set active {strategy.origin} and stays so, but its sprints speak against it: "
            f"{_chance(record)}."
        )


def _chance(record: Record) -> str:
    better = record.better_than_none
    if better is None:
        return "none of them tells whether it is better than none"
    return f"better than none with a probability of {better:.0%}"
