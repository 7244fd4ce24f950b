"""What makes a ceremony due when something happens, for each strategy."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from scrum.ceremonies.policy.model import Rule
from scrum.ceremonies.policy.settings import Settings
from scrum.ceremonies.terms import DAILY, RETROSPECTIVE, REVIEW, Happened, Strategy, Trigger
from scrum.ceremonies.triggers import milestones, throughput
from scrum.ceremonies.triggers.facts import Happening
from scrum.ceremonies.triggers.standing import Circumstances, Crossing, Standing, Turn
from scrum.sprint.model import State
from scrum.text import are, named

Crossed = tuple[Turn, list[Crossing]]
MIDPOINT = 50


@dataclass(frozen=True)
class Moment:
    """One step of the sprint's course. `entered` is the state that it took just now; `standing` is what is after it."""

    at: datetime
    standing: Standing
    around: Circumstances
    events: tuple[str, ...] = ()
    happening: Happening | None = None
    entered: State | None = None

    @property
    def is_active(self) -> bool:
        return self.standing.state is State.ACTIVE

    @property
    def completion(self) -> bool:
        """An item of the sprint was completed."""
        return Happened.TASK_COMPLETED in self.events

    def crossing(self, occurrence: str, reason: str, *, alone: bool = False) -> Crossing:
        return Crossing(occurrence, self.at, reason, alone=alone)


def crossed(rule: Rule, turn: Turn, moment: Moment) -> Crossed:
    return _BY[rule.strategy](rule, turn, moment)


def hears(rule: Rule, state: State) -> bool:
    """Of events. What goes on in a sprint, or looks back at it, waits for its start."""
    return state is not State.PLANNED or rule.name not in (DAILY, REVIEW, RETROSPECTIVE)


def every(settings: Settings) -> int:
    """After how many completions it is due; 0 when it does not count them."""
    if settings.strategy is Strategy.HYBRID and settings.also_trigger_every_n:
        return settings.also_trigger_every_n
    return settings.every_n_completions if settings.trigger is Trigger.EVERY_N_COMPLETIONS else 0


def percentage(settings: Settings) -> float | None:
    """At which percentage of done items it is due; None when it does not look at them."""
    if settings.trigger is Trigger.SPRINT_MIDPOINT:
        return MIDPOINT
    return settings.sprint_percentage if settings.trigger is Trigger.SPRINT_PERCENTAGE else None


def _none(_rule: Rule, turn: Turn, _moment: Moment) -> Crossed:
    """Time alone makes it due."""
    return turn, []


def _tasks(rule: Rule, turn: Turn, moment: Moment) -> Crossed:
    found = [*_bounds(rule, turn, moment), *_share(rule.settings, turn, moment)]
    turn = turn.past(*(one.occurrence for one in found))
    if not moment.is_active:
        return turn, found
    number = every(rule.settings)
    while number and moment.standing.peak - turn.mark >= number:
        turn = replace(turn, mark=turn.mark + number)
        often = "completion" if number == 1 else f"{number} completions"
        reason = f"{are(turn.mark, 'item')} done; it is due after every {often}."
        found.append(moment.crossing(f"completions:{turn.mark}", reason))
    return turn, found


def _bounds(rule: Rule, turn: Turn, moment: Moment) -> Iterable[Crossing]:
    trigger, entered = rule.settings.trigger, moment.entered
    end = State.RETROSPECTIVE if rule.name == RETROSPECTIVE else State.IN_REVIEW
    if trigger is Trigger.SPRINT_START and entered is State.ACTIVE and "start" not in turn.passed:
        yield moment.crossing("start", "The sprint started.", alone=True)
    if trigger is Trigger.SPRINT_END and entered is end and "end" not in turn.passed:
        why = "The sprint's review is over." if end is State.RETROSPECTIVE else "The sprint went to review."
        yield moment.crossing("end", why, alone=True)


def _share(settings: Settings, turn: Turn, moment: Moment) -> Iterable[Crossing]:
    wanted, standing = percentage(settings), moment.standing
    if wanted is None or not moment.is_active or not standing.items:
        return
    occurrence = f"percentage:{wanted:g}"
    if occurrence not in turn.passed and standing.share * 100 >= wanted:
        reason = f"{are(standing.done, 'item', of=standing.items)} done, at least {wanted:g} %."
        yield moment.crossing(occurrence, reason, alone=True)


def _events(rule: Rule, turn: Turn, moment: Moment) -> Crossed:
    settings = rule.settings
    if not (set(settings.on) & set(moment.events) and hears(rule, moment.standing.state)):
        return turn, []
    turn = replace(turn, total=turn.total + 1, events=turn.events + 1)
    if turn.events < settings.debounce:
        return turn, []
    names = " or ".join(settings.on)
    reason = (
        f"{names} was seen."
        if settings.debounce == 1
        else f"{names} was seen {turn.total} times; it is due after every {settings.debounce}."
    )
    return replace(turn, events=0), [moment.crossing(f"events:{turn.total}", reason)]


def _signals(rule: Rule, turn: Turn, moment: Moment) -> Crossed:
    signal = moment.happening if hears(rule, moment.standing.state) else None
    if signal is None or not matches(rule.settings.sources, signal.name, signal.source):
        return turn, []
    turn = replace(turn, total=turn.total + 1)
    reason = f"{named(signal.name)} came from {named(signal.source)}."
    return turn, [moment.crossing(f"signals:{turn.total}", reason)]


def matches(sources: Iterable[str], name: str, source: str) -> bool:
    """By where it came from, by its name, or by both, written like git:push."""
    return bool(source) and not {source, name, f"{source}:{name}"}.isdisjoint(sources)


def _budget(rule: Rule, turn: Turn, moment: Moment) -> Crossed:
    if not moment.is_active:
        return turn, []
    spent = moment.around.spent_share(moment.standing) * 100
    found = [
        moment.crossing(occurrence, f"{spent:.4g} % of the budget is spent, at least {threshold:g} %.")
        for threshold in rule.settings.budget_thresholds
        if spent >= threshold and (occurrence := f"budget:{threshold:g}") not in turn.passed
    ]
    return turn.past(*(one.occurrence for one in found)), found


def _milestones(rule: Rule, turn: Turn, moment: Moment) -> Crossed:
    """What was done before the sprint started is not done in it."""
    if not moment.is_active:
        return turn, []
    around, standing = moment.around, moment.standing
    found = [
        moment.crossing(occurrence, milestones.reached(around, standing, one))
        for one in rule.milestones
        if (occurrence := f"milestone:{one.name}") not in turn.passed
        and milestones.is_reached(around, standing, one)
    ]
    turn = turn.past(*(one.occurrence for one in found))
    return turn, [] if moment.entered is State.ACTIVE else found


def _throughput(rule: Rule, turn: Turn, moment: Moment) -> Crossed:
    settings = rule.settings
    shown = moment.around.clock.shows(moment.at)
    if moment.entered is State.ACTIVE:
        return replace(turn, rates=throughput.begun(shown)), []
    if not (moment.is_active and moment.completion):
        return turn, []
    before = turn.rates
    after = throughput.completed(before, settings, moment.around.facts.calendar, shown)
    turn = replace(turn, rates=after)
    if after.changes == before.changes:
        return turn, []
    how, limit = ("slower", settings.drop) if after.outside == "drop" else ("faster", settings.spike)
    reason = f"The last {settings.window} completions were at least {limit:g} % {how} than the baseline."
    return turn, [moment.crossing(f"{after.outside}:{after.changes}", reason)]


_BY: Mapping[Strategy, Callable[[Rule, Turn, Moment], Crossed]] = {
    Strategy.TASK_DRIVEN: _tasks,
    Strategy.CALENDAR: _none,
    Strategy.HYBRID: _tasks,
    Strategy.EVENT_DRIVEN: _events,
    Strategy.BUDGET_DRIVEN: _budget,
    Strategy.THROUGHPUT_ADAPTIVE: _throughput,
    Strategy.EXTERNAL_TRIGGER: _signals,
    Strategy.MILESTONE_DRIVEN: _milestones,
}
