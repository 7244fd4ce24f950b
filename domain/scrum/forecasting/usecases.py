"""Ask for a forecast of the coming sprints."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scrum.errors import Invalid
from scrum.forecasting.coming import Coming, coming
from scrum.forecasting.joint import Joint, joint
from scrum.forecasting.question import Answer, Question, scope_of
from scrum.forecasting.several import Outlook, forecast_sum
from scrum.sprint.ports import SprintWork
from scrum.sprint.usecases import past_sprints
from scrum.sprint.velocity import PastSprint
from scrum.work import Start

MOST_PROJECTS = 20
_SEED = 1
"""The same question gets the same answer."""


class NoDate(Invalid):
    def __init__(self) -> None:
        super().__init__("and_projects asks whether all are done by a day. Give by_date too.")


class Alone(Invalid):
    def __init__(self, project: str) -> None:
        super().__init__(f"and_projects names no project but {project} itself. Name others, or leave it out.")


class TooManyProjects(Invalid):
    def __init__(self, count: int) -> None:
        super().__init__(f"and_projects has {count} projects; the limit is {MOST_PROJECTS}. Leave some out.")


@dataclass(frozen=True)
class Together:
    """Answers for several projects, and the chance that all of them make it."""

    answers: tuple[Answer, ...]
    joint: Joint


async def forecast(start: Start[SprintWork], project: str, question: Question, now: datetime) -> Answer:
    """Raises UnknownProject, UnknownItem or Invalid."""
    answer, _ = await _asked(start, project, question, now)
    return answer


async def forecast_together(
    start: Start[SprintWork], projects: Sequence[str], question: Question, now: datetime
) -> Together:
    """The question is about the first project; each other is asked for its whole open backlog by the same day.

    Raises:
        UnknownProject, UnknownItem or Invalid.
    """
    if question.by_date is None:
        raise NoDate
    different = list(dict.fromkeys(projects))
    if len(different) < 2:  # noqa: PLR2004 - with itself a project is alone
        raise Alone(different[0])
    if len(different) > MOST_PROJECTS + 1:
        raise TooManyProjects(len(different) - 1)
    everything = Question(by_date=question.by_date, confidence=question.confidence)
    asked = [
        await _asked(start, key, everything if place else question, now)
        for place, key in enumerate(different)
    ]
    chances = [answer.chance or 0.0 for answer, _ in asked]
    return Together(tuple(answer for answer, _ in asked), joint(chances, [people for _, people in asked]))


async def _asked(
    start: Start[SprintWork], key: str, question: Question, now: datetime
) -> tuple[Answer, frozenset[str]]:
    """The answer, and the names of the people."""
    async with start() as work:
        project = await work.projects.get(key)
        team = await work.teams.get(project.key)
        items = await work.items.open(project.key)
        history = await past_sprints(work, project)
        running = await work.sprints.open(project.key)
    calendar = running.days_of(project.calendar) if running else project.calendar
    today = calendar.day_of(now)
    question.checked(today)
    scope = scope_of(project.key, question, items)
    ahead = coming(project, team, running, today, until=question.by_date)
    outlook = await asyncio.to_thread(_outlook, history, ahead) if ahead else None
    return Answer(project.key, question, scope, ahead, outlook), frozenset(team.names)


def _outlook(history: Sequence[PastSprint], ahead: Sequence[Coming]) -> Outlook:
    sprints, parts = [one.conditions for one in ahead], [one.part for one in ahead]
    return forecast_sum(history, sprints, seed=_SEED, shares=parts)
