"""What a project's ceremony policy becomes by a change, and whether that can be."""

from collections.abc import Iterator
from dataclasses import replace

from scrum.ceremonies.answers import CeremoniesAnswer
from scrum.ceremonies.errors import UnknownItems
from scrum.ceremonies.policy.between import restarts
from scrum.ceremonies.policy.model import Policy, resolve
from scrum.ceremonies.policy.spelling import Document
from scrum.ceremonies.policy.whole import check_whole, items_of, remarks
from scrum.ceremonies.ports import CeremonyWork
from scrum.ceremonies.schedule import Chosen
from scrum.ceremonies.strangers import uninvited
from scrum.sprint.model import Sprint
from scrum.team.project import Cadence, Project
from scrum.text import counted
from scrum.work import Start

_DAYS = "duration_days"


def answer_of(project: Project, before: Document, after: Document, *, cadence: Cadence) -> CeremoniesAnswer:
    is_changed = cadence is not project.cadence or after != before
    becomes = _with(project, cadence, before, after) if is_changed else project
    was, now = _policy(project, before), _policy(becomes, after)
    return CeremoniesAnswer(becomes, project.cadence, was, now, restarts(was, now), is_changed)


def _with(project: Project, cadence: Cadence, before: Document, after: Document) -> Project:
    """Sprints are planned for as many days as they then last."""
    is_new = after.sprint.get(_DAYS) != before.sprint.get(_DAYS)
    days = resolve(cadence, after).sprint.settings.duration_days if is_new else None
    return project.with_settings(cadence=cadence, sprint_days=days).numbered()


def _policy(project: Project, document: Document) -> Policy:
    """Its sprints last as long as they are planned for."""
    policy = resolve(project.cadence, document)
    sprint, days = policy.sprint, project.sprint_days
    if days == sprint.settings.duration_days:
        return policy
    settings = replace(sprint.settings, duration_days=days)
    return replace(
        policy, sprint=replace(sprint, settings=settings, origins={**sprint.origins, _DAYS: "project"})
    )


def in_sprint(answer: CeremoniesAnswer, sprint: Sprint | None, chosen: Chosen | None) -> CeremoniesAnswer:
    """With what is to be said of the open sprint. Where nothing is asked for, a running one shows what it began with."""
    notes = (*remarks(answer.after), *_kept_days(answer, sprint))
    if not (sprint and sprint.state.is_running):
        return replace(answer, remarks=notes)
    answer = replace(answer, locked=sprint.id, remarks=notes)
    if answer.changed or chosen is None:
        return answer
    own = replace(answer.project, cadence=chosen.cadence, sprint_days=sprint.days)
    policy = _policy(own, chosen.settings)
    other = f"{sprint.id} keeps what it began with; the next sprint has template {answer.was}."
    notes = notes if policy == answer.after else (*remarks(policy), other)
    return replace(answer, project=own, was=own.cadence, before=policy, after=policy, remarks=notes)


def _kept_days(answer: CeremoniesAnswer, sprint: Sprint | None) -> Iterator[str]:
    days = answer.after.sprint.settings.duration_days
    if sprint and answer.changed and days not in (sprint.days, answer.before.sprint.settings.duration_days):
        yield f"sprint.{_DAYS}: {sprint.id} keeps its {counted(sprint.days, 'day')}, as it was planned."


async def kept_by_sprint(start: Start[CeremonyWork], key: str) -> tuple[str, ...]:
    """What the running sprint keeps, and its project has otherwise by now, in sentences. Raises UnknownProject."""
    async with start() as work:
        project = await work.projects.get(key)
        sprint = await work.sprints.open(key)
        schedule = await work.schedules.find(sprint.id) if sprint else None
    if sprint is None or not sprint.state.is_running:
        return ()
    return tuple(_kept(project, sprint, schedule.chosen if schedule else None))


def _kept(project: Project, sprint: Sprint, chosen: Chosen | None) -> Iterator[str]:
    if chosen and chosen.cadence is not project.cadence:
        yield (
            f"{sprint.id} keeps template {chosen.cadence}, which it began with: {project.cadence} is for the next sprint."
        )
    if sprint.days != project.sprint_days:
        yield f"{sprint.id} keeps its {counted(sprint.days, 'day')}, as it was planned."


async def in_team(work: CeremonyWork, answer: CeremoniesAnswer) -> CeremoniesAnswer:
    """With what is to be said of the people that it names."""
    team = await work.teams.get(answer.project.key)
    return replace(answer, remarks=(*answer.remarks, *uninvited(team, answer.after)))


async def check_set(work: CeremonyWork, answer: CeremoniesAnswer) -> None:
    """Raises Invalid: its message begins with the path."""
    check_whole(answer.after)
    before = items_of(answer.before)
    for path, items in items_of(answer.after).items():
        new = items - before.get(path, frozenset())
        known = await work.items.of(answer.project.key, new) if new else {}
        if missing := sorted(new - known.keys()):
            raise UnknownItems(path, answer.project.key, missing)
