"""The past of a made-up team: sprints in which it took from a long backlog until their days were over."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from scrum_server.simulate.invented.course import NewItem
from scrum_server.simulate.invented.days import working_days
from scrum_server.simulate.invented.happenings import Finished
from scrum_server.simulate.invented.team import Person, SimulatedTeam, Task

SPRINTS = 6


def history_csv(days: int, people: int, completed: Iterable[int]) -> str:
    """As import-history takes it, the oldest first; nobody was away then."""
    rows = [f"{n},Sprint {n},{days},{people},1,{points}" for n, points in enumerate(completed, start=1)]
    return "\n".join(["seq,sprint_name,days,members,availability,completed_points", *rows, ""])


def always_there(people: Sequence[Person]) -> list[Person]:
    return [replace(person, away=frozenset()) for person in people]


def completed(team: SimulatedTeam, items: Sequence[NewItem], before: date, days: int) -> list[int]:
    """Points of each of the sprints before that day. What nobody has estimated is taken for a point."""
    tasks = [Task(str(n), item.points or 1, frozenset(item.skills)) for n, item in enumerate(items)]
    first = before - timedelta(days * SPRINTS)
    share = -(-len(tasks) // SPRINTS)
    done: list[int] = []
    for number in range(SPRINTS):
        begun, tasks = tasks[:share], tasks[share:]
        left, points = _sprint(team, begun, first + timedelta(days * number), days)
        tasks = [*left, *tasks]
        done.append(points)
    return done


def _sprint(team: SimulatedTeam, tasks: Sequence[Task], first: date, days: int) -> tuple[list[Task], int]:
    """What is left of the tasks, and the points of the others."""
    team.plan(tasks)
    worked = [team.work(day) for day in working_days(first, days)]
    done = {one.item for day in worked for one in day.happenings if isinstance(one, Finished)}
    left = [task for task in tasks if task.key not in done]
    return left, sum(task.points for task in tasks if task.key in done)
