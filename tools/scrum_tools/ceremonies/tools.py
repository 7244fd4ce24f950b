"""trigger_ceremony, list_ceremonies, set_ceremonies, record_ceremony and emit_event."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field

from scrum.ceremonies import recording, usecases
from scrum.ceremonies.answers import Emitted, Recorded
from scrum.ceremonies.delivering import Means, deliver
from scrum.ceremonies.gate import gate_in
from scrum.ceremonies.gathering import known_ceremony
from scrum.ceremonies.happened import TIME_PASSED
from scrum.ceremonies.occurrence import WHY, Occurrence, Status
from scrum.ceremonies.outcome import Action, Outcome
from scrum.ceremonies.outside import SPRINT
from scrum.ceremonies.policy.spelling import document
from scrum.chronicle.reports import ActionStatus
from scrum.errors import Conflict, Invalid, ScrumError, Unavailable
from scrum.team.project import Cadence
from scrum.text import required
from scrum_tools.arguments import Day, Entry, Key, Project
from scrum_tools.budget import fitting
from scrum_tools.ceremonies.came_view import CameView, parts
from scrum_tools.ceremonies.ceremony_view import CeremoniesView
from scrum_tools.ceremonies.policy_view import PolicyView
from scrum_tools.ceremonies.steps import next_steps
from scrum_tools.ceremonies.trigger_view import TriggeredView
from scrum_tools.ceremonies.unanswered import Waiting, held_on, recent, uncommitted
from scrum_tools.ceremonies.unheard import unheard
from scrum_tools.reports.preview import rehearsed
from scrum_tools.run import Run

_REMARKS = 2_000
_AT_ONCE = timedelta(minutes=1)


Signal = Annotated[
    str,
    Field(description="The source's own, whatever the name; told twice in a sprint, it counts once"),
]


class NotPrepared(Unavailable):
    def __init__(self, occurrence: Occurrence, error: ScrumError) -> None:
        super().__init__(
            f"{occurrence.id} is due, and is prepared by itself once this is mended: {error}\n"
            "trigger_ceremony with dry_run tells what it would say; record_ceremony takes what came of it without it."
        )


class HeldOrSkipped(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "skipped: a ceremony that was skipped has no notes, decisions, attendees or actions. Give one or the other."
        )


class ActionEntry(Entry):
    id: Annotated[str | None, Field(description="Of an earlier one to change; leave out for a new one")] = (
        None
    )
    text: str | None = None
    owner: str | None = None
    due: Day | None = None
    status: ActionStatus | None = None
    clear: tuple[Literal["owner", "due"], ...] = ()

    def action(self) -> Action:
        return Action(self.id or "", self.text, self.owner, self.due, self.status, self.clear)


class ActionView(BaseModel):
    """What was told of it."""

    id: str
    text: str | None
    owner: str | None
    due: Day | None
    status: ActionStatus | None
    clear: tuple[str, ...] = ()

    @classmethod
    def of(cls, action: Action) -> Self:
        return cls(**vars(action))


class RecordedView(CameView):
    occurrence: str
    ceremony: str
    status: str
    actions: list[ActionView]
    remarks: list[str]
    unreported: str = ""

    @classmethod
    def of(cls, recorded: Recorded, now: datetime) -> Self:
        return cls(
            occurrence=recorded.occurrence.id,
            ceremony=recorded.occurrence.ceremony,
            status=recorded.occurrence.status,
            actions=[ActionView.of(one) for one in recorded.actions],
            remarks=fitting(recorded.remarks, budget=_REMARKS),
            unreported=_unreported(recorded.occurrence),
            **parts(recorded.came, now, [one for one in recorded.came.occurrences if one.due_at >= now]),
        )

    def text(self) -> str:
        ids = ", ".join(action.id for action in self.actions)
        actions = [f"Actions: {ids}."] if ids else []
        unreported = [self.unreported] if self.unreported else []
        head = f"{self.occurrence} {self.ceremony} is {self.status}."
        return "\n".join([head, *unreported, *actions, *self.remarks, *self.came()])


def _unreported(occurrence: Occurrence) -> str:
    if occurrence.delivered_at or occurrence.status is not Status.HELD:
        return ""
    return "It was held before its report was made, so none is kept of it."


class EmittedView(CameView):
    """`listeners` are the ceremonies that it counts for, and `sprint` where it may take the sprint on."""

    name: str
    listeners: list[str]
    unheard: str = ""
    again: bool = False

    @classmethod
    def of(cls, done: Emitted, source: str, now: datetime) -> Self:
        return cls(
            name=done.event,
            listeners=list(done.listeners),
            unheard="" if done.again else unheard(done, source, done.policy),
            again=done.again,
            **parts(done, now, [one for one in done.occurrences if _is_due_by(done, one, now)]),
        )

    def text(self) -> str:
        if self.again:
            return f"{self.sprint} heard of {self.name} with this id before, and does not count it again.\n{self.next}"
        counts = [f"It counts for: {', '.join(self.listeners)}."] if self.listeners else []
        unheard = [self.unheard] if self.unheard else []
        return "\n".join([f"{self.sprint} heard of {self.name}.", *counts, *unheard, *self.came()])


def _is_due_by(done: Emitted, one: Occurrence, now: datetime) -> bool:
    """Of what was due at the same moment, what listens."""
    if done.event == TIME_PASSED:
        return True
    return one.due_at >= now and not {one.ceremony, SPRINT}.isdisjoint(done.listeners)


async def trigger_ceremony(
    project: Project,
    ceremony: Annotated[str, Field(description="daily_scrum, or another that list_ceremonies names")],
    run: Run,
    dry_run: Annotated[bool, Field(description="Tell what it would say, and change nothing")] = False,
) -> TriggeredView:
    """Make a ceremony due now, also one that failed; answers with its report.

    Next: record_ceremony.
    """
    if dry_run:
        outlook = await usecases.list_ceremonies(run.look, project, now=run.now)
        name = known_ceremony(outlook.policy, ceremony)
        return TriggeredView.previewed(await rehearsed(run, outlook.project.key, name))
    one = await usecases.trigger_ceremony(run.core, project, ceremony, by=run.by())
    try:
        means = Means(run.core, await run.runtime.chronicle(), await run.aids())
        report = await deliver(means, one.id, now=run.now)
        plan = await uncommitted(run.look, report, run.now)
        before = await _just_before(run, one)
    except (Conflict, Unavailable) as error:
        raise NotPrepared(one, error) from error
    return TriggeredView.of(one, report, plan, before)


async def _just_before(run: Run, one: Occurrence) -> Occurrence | None:
    """Of the same ceremony, delivered and not answered; then this call may be one that was repeated."""
    async with run.look() as work:
        found = await work.occurrences.of(one.sprint)
    same = (it for it in found if it.ceremony == one.ceremony and it.number < one.number)
    last = next(same, None)
    waits = last and last.status is Status.DELIVERED and last.delivered_at
    return last if waits and one.due_at - waits < _AT_ONCE else None


async def list_ceremonies(project: Project, run: Run) -> CeremoniesView:
    """When each ceremony fires next or which fact is missing, what fired, what waits for an answer, and why.

    Next: get_report, then record_ceremony.
    """
    outlook = await usecases.list_ceremonies(run.look, project, now=run.now)
    sprint, known = outlook.schedule.sprint, await recent(run.look, outlook.project.key)
    earlier = [one for one in known if one.sprint != sprint]
    every = [*outlook.occurrences, *earlier]
    waits = Waiting.of(every, sprint, run.now, await held_on(run.look, every))
    due = [one for one in earlier if one.status is Status.DUE]
    gate = gate_in(outlook.policy, outlook.schedule, outlook.state, outlook.occurrences)
    return CeremoniesView.of(outlook, waits, due, next_steps(run, outlook, waits, gate))


async def set_ceremonies(
    project: Project,
    run: Run,
    template: Annotated[Cadence, Field(description="The kind of team")] | None = None,
    policy: Annotated[
        dict[str, Any],
        Field(
            description="What changes beside the template: {sprint: {strategy, ...}, ceremonies: {daily_scrum: {...}}}; "
            "null takes a value back"
        ),
    ]
    | None = None,
    dry_run: Annotated[bool, Field(description="Tell what would change, and change nothing")] = False,
) -> PolicyView:
    """Choose when ceremonies fire and what ends a sprint, between two sprints; with the project alone, see every key.

    Next: list_ceremonies.
    """
    answer = await usecases.set_ceremonies(run.core, project, policy, template, by=run.by(), dry_run=dry_run)
    asked = None if policy is None and template is None else document(policy or {})
    return PolicyView.of(answer, asked, dry_run=dry_run)


async def record_ceremony(
    occurrence: Annotated[Key, Field(description="Its id, like SHOP-S3-C2")],
    run: Run,
    notes: str = "",
    decisions: list[str] | None = None,
    actions: list[ActionEntry] | None = None,
    attendees: list[str] | None = None,
    skipped: Annotated[str, Field(description="Why it is not held; instead of the others")] | None = None,
) -> RecordedView:
    """What came of a ceremony, and what was agreed to do; a sprint that waited for it goes on. Next: list_ceremonies."""
    told = [action.action() for action in actions or ()]
    outcome = Outcome(notes, decisions or (), attendees or (), told)
    if skipped is None:
        recorded = await recording.hold_ceremony(run.core, occurrence, outcome, by=run.by())
    elif outcome != Outcome("", (), (), []):
        raise HeldOrSkipped
    else:
        why = required("skipped", skipped, limit=WHY)
        recorded = await recording.skip_ceremony(run.core, occurrence, why, by=run.by())
    return RecordedView.of(recorded, run.now)


async def emit_event(
    project: Project,
    name: Annotated[str, Field(description="Like deployed; budget_spent has the total in payload.spent")],
    run: Run,
    source: Annotated[str, Field(description="Where it came from, default emit_event")] = "",
    payload: dict[str, Any] | None = None,
    id: Signal = "",  # noqa: A002 - as senders call it
) -> EmittedView:
    """Tell the open sprint that something happened outside, which ceremonies may wait for. Next: list_ceremonies."""
    done = await usecases.emit_event(run.core, project, name, source, payload, id, by=run.by())
    return EmittedView.of(done, source, run.now)
