"""The course of a sprint, one happening and one alarm after the other, each at its own time.

Only its steps are not: the sprint goes on when an evaluation says so, once all is known that was recorded before. Whatever
was recorded shows that it had not gone on by then: a start by hand, a longer sprint, a review that was held late.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scrum.ceremonies.policy.model import Rule
from scrum.ceremonies.terms import RETROSPECTIVE, REVIEW, Happened, Strategy
from scrum.ceremonies.triggers.alarms import Alarm, Kind, first_day, gate_of, grid_of, next_alarm
from scrum.ceremonies.triggers.crossing import Moment, crossed
from scrum.ceremonies.triggers.ending import ended
from scrum.ceremonies.triggers.facts import Happening
from scrum.ceremonies.triggers.standing import MOST_COVERED, Circumstances, Crossing, Standing, Turn
from scrum.ceremonies.triggers.tally import ENTERS, EVENT_OF, SETTLES, events_of, tallied
from scrum.ceremonies.triggers.times import lasting, project_time_of
from scrum.sprint.model import State
from scrum.text import named


@dataclass(frozen=True)
class Firing:
    """A ceremony is due. `covers` names the last occurrences that it is held for, its own last, after `uncovered` others."""

    ceremony: str
    occurrence: str
    at: datetime
    reason: str
    covers: tuple[str, ...]
    uncovered: int = 0

    @property
    def held_for(self) -> int:
        return self.uncovered + len(self.covers)


@dataclass(frozen=True)
class Move:
    """The sprint goes on to another state, because its policy says so."""

    state: State
    at: datetime
    reason: str


Step = Firing | Move
_PATH = (State.PLANNED, State.ACTIVE, State.IN_REVIEW, State.RETROSPECTIVE, State.COMPLETED)


class Course:
    """`steps` are in the order of their times."""

    def __init__(self, around: Circumstances, standing: Standing) -> None:
        self.around = around
        self.standing = standing
        self.steps: list[Step] = []
        self._settling: dict[str, str] = {}

    def through(self, now: datetime) -> None:
        """All that has happened, and all that became due until now."""
        unseen = (one for one in self.around.facts.happenings if one.number > self.standing.seen)
        for happening in sorted(unseen, key=lambda one: one.number):
            self._take(happening, now)
        if not self.around.facts.more:
            self._go_on(now)

    def ring(self, alarm: Alarm, at: datetime) -> None:
        at, rule = self._no_earlier(at), alarm.rule
        self.standing = replace(self.standing, clock=at)
        if rule is None:
            self._step_by_time(at)
        elif alarm.kind is Kind.SLOT and alarm.slot:
            self._reach(rule, alarm.slot, at)
        elif alarm.kind is Kind.STALL:
            self._stall(rule, at)
        else:
            self._flush(rule, at)

    def _no_earlier(self, at: datetime) -> datetime:
        return max(at, self.standing.clock or at)

    def _take(self, happening: Happening, now: datetime) -> None:
        """What is recorded late counts from when it is known, and what is of a clock ahead of ours is of now."""
        at = self._no_earlier(min(happening.at, now))
        self._ring_until(at)
        before = self.standing
        self.standing = replace(before, seen=happening.number, clock=at)
        if before.state.is_open:
            self._tell(happening, at)

    def _ring_until(self, at: datetime) -> None:
        """All but the steps of the sprint."""
        while (alarm := next_alarm(self.around, self.standing)) and alarm.rule and alarm.at <= at:
            self.ring(alarm, alarm.at)

    def _go_on(self, now: datetime) -> None:
        now = self._no_earlier(now)
        self._ring_until(now)
        if self.standing.ending and self.standing.state is State.ACTIVE:
            self._move(State.IN_REVIEW, now, self.standing.ending)
        self._pass_gates(now)
        while (alarm := next_alarm(self.around, self.standing)) and alarm.at <= now:
            self.ring(alarm, alarm.at if alarm.rule else now)
        self.standing = replace(self.standing, clock=now)

    def _tell(self, happening: Happening, at: datetime) -> None:
        before, after = self.standing, tallied(self.standing, happening, self.around.watched)
        events = events_of(happening, before, after)
        self.standing = after
        self._happen(Moment(at, after, self.around, events, happening))
        if happening.name == Happened.CEREMONY_TRIGGERED:
            self._hold_now(happening, at)
        if happening.name in ENTERS:
            self._lead(ENTERS[happening.name], at)
        if happening.name in SETTLES:
            self._settle(happening)
        self._see_an_end(happening, events)

    def _settle(self, happening: Happening) -> None:
        """One from before the sprint waited for it counts only where none came after it."""
        turn = self.standing.turns.get(happening.item)
        if turn and turn.latest and happening.occurrence not in ("", turn.latest, *turn.at_gate):
            return
        self.standing = replace(self.standing, settled=self.standing.settled | {happening.item})
        self._settling[happening.item] = SETTLES[happening.name]

    def _happen(self, moment: Moment) -> None:
        for rule in self.around.policy.enabled:
            before = self.standing.turn(rule)
            turn, found = crossed(rule, before, moment)
            if turn is not before:
                self.standing = self.standing.with_turn(rule, turn)
            if found:
                self._cross(rule, found, moment.at)

    def _cross(self, rule: Rule, crossings: list[Crossing], at: datetime) -> None:
        """At once, or together with what comes until the gap since the last firing is over."""
        turn = self.standing.turn(rule).joined_by(crossings)
        self.standing = self.standing.with_turn(rule, turn)
        gap = timedelta(seconds=rule.settings.gap_seconds)
        if turn.last is None or at >= turn.last + gap or any(one.alone for one in crossings):
            self._fire(rule, at)

    def _hold_now(self, happening: Happening, at: datetime) -> None:
        """Somebody asked for it; even what is switched off is held then."""
        if rule := self.around.policy.of(happening.item):
            reason = f"{named(happening.source or 'Somebody')} asked for it."
            self._cross(rule, [Crossing(f"{ASKED}{happening.number}", at, reason, alone=True)], at)

    def _fire(self, rule: Rule, at: datetime) -> None:
        """For all that waits."""
        before = self.standing.turn(rule)
        last = before.waiting[-1]
        turn = replace(before, last=at, fired=before.fired + 1, waiting=(), uncovered=0)
        turn = replace(turn, latest=last.occurrence, at_gate=self._at_gate(rule, last))
        if rule.strategy is Strategy.HYBRID:
            turn = _leg_taken(turn, before.waiting, self.standing.peak)
        settled = self.standing.settled - {rule.name}
        self.standing = replace(self.standing.with_turn(rule, turn), settled=settled)
        reason = last.reason + _together(rule, before.waits)
        covers = tuple(one.occurrence for one in before.waiting)
        self.steps.append(Firing(rule.name, last.occurrence, at, reason, covers, before.uncovered))

    def _at_gate(self, rule: Rule, last: Crossing) -> tuple[str, ...]:
        if _GATED.get(self.standing.state) != rule.name:
            return ()
        return (*self.standing.turn(rule).at_gate, last.occurrence)[-MOST_COVERED:]

    def _reach(self, rule: Rule, slot: datetime, at: datetime) -> None:
        """A slot is over; in a hybrid, an earlier firing may have taken it."""
        grid = grid_of(self.around, self.standing, rule)
        turn = replace(self.standing.turn(rule), slot=slot, slot_day=grid.calendar.day_of(slot))
        self.standing = self.standing.with_turn(rule, replace(turn, taken=""))
        if not turn.taken:
            shown = project_time_of(self.around, rule, at)
            reason = f"Its slot was reached{shown}."
            self._cross(rule, [Crossing(f"{SLOT}{grid.label(slot)}", at, reason, alone=True)], at)

    def _stall(self, rule: Rule, at: datetime) -> None:
        turn = self.standing.turn(rule)
        rates = replace(turn.rates, stalled=True)
        self.standing = self.standing.with_turn(rule, replace(turn, rates=rates))
        reason = f"Nothing was completed for {lasting(rule.settings.stall_after, 'hour')} of working days."
        self._cross(rule, [Crossing(f"stall:{rates.completions}", at, reason)], at)

    def _flush(self, rule: Rule, at: datetime) -> None:
        if self.standing.turn(rule).waiting:
            self._fire(rule, at)

    def _step_by_time(self, at: datetime) -> None:
        state = self.standing.state
        if state is State.PLANNED:
            self._move(State.ACTIVE, at, "Its first day came.")
        elif state is State.ACTIVE:
            self._move(State.IN_REVIEW, at, "Its days are over.")
            self._pass_gates(at)
        elif gate := gate_of(self.around.policy, self.standing):
            hours = f"{lasting(gate.settings.timeout_hours, 'hour')} of working days"
            self._move(_after(state), at, f"{gate.name} was not held within {hours}.")
            self._pass_gates(at)

    def _see_an_end(self, happening: Happening, events: tuple[str, ...]) -> None:
        """An event stays seen; of what can be undone, the last counts."""
        rule = self.around.policy.sprint
        if self.standing.state is State.ACTIVE and rule.settings.auto_transition:
            seen = self.standing.ending if rule.strategy in _BY_EVENT else ""
            ending = ended(self.around, self.standing, happening, events) or seen
            self.standing = replace(self.standing, ending=ending)

    def _pass_gates(self, at: datetime) -> None:
        """On to the next state, unless a ceremony is to be held first."""
        automatic = self.around.policy.sprint.settings.auto_transition
        while automatic and self.standing.state in _GATED and not gate_of(self.around.policy, self.standing):
            name = _GATED[self.standing.state]
            how = self._settling.get(name, "is over")
            why = f"{name} {how}." if name in self.standing.settled else f"It does not wait for {name}."
            self._move(_after(self.standing.state), at, why)

    def _move(self, state: State, at: datetime, reason: str) -> None:
        self._leave(at)
        self.steps.append(Move(state, at, reason))
        self._enter(state, at)

    def _lead(self, state: State, at: datetime) -> None:
        """Somebody took the sprint there already."""
        if state is State.CANCELLED:
            self._leave(at)
            self._enter(state, at)
        while self.standing.state in _PATH and _PATH.index(self.standing.state) < _PATH.index(state):
            self._leave(at)
            self._enter(_after(self.standing.state), at)

    def _leave(self, at: datetime) -> None:
        """What waits is held before the sprint goes on."""
        if self.standing.state is State.ACTIVE:
            for rule in self.around.policy.enabled:
                self._flush(rule, at)

    def _enter(self, state: State, at: datetime) -> None:
        self.standing = replace(self.standing, state=state, entered=at)
        if state is State.ACTIVE:
            begun = replace(self.standing, started=at, first=None)
            self.standing = replace(begun, first=first_day(self.around, begun))
        self._happen(Moment(at, self.standing, self.around, (EVENT_OF[state],), entered=state))


SLOT, ASKED = "slot:", "asked:"
_BY_EVENT = (Strategy.EVENT_DRIVEN, Strategy.EXTERNAL_TRIGGER)
_GATED = {State.IN_REVIEW: REVIEW, State.RETROSPECTIVE: RETROSPECTIVE}


def _after(state: State) -> State:
    return _PATH[_PATH.index(state) + 1]


def _leg_taken(turn: Turn, crossings: tuple[Crossing, ...], peak: int) -> Turn:
    """Whichever leg of a hybrid is first starts the other over; what somebody asked for is no leg."""
    own = [one.occurrence for one in crossings if not one.occurrence.startswith(ASKED)]
    if not own:
        return turn
    return replace(turn, mark=peak, taken="" if own[-1].startswith(SLOT) else own[-1])


def _together(rule: Rule, number: int) -> str:
    if number == 1:
        return ""
    gap = lasting(rule.settings.gap_seconds, "second")
    return f" It covers {number} occurrences, which came within {gap}."
