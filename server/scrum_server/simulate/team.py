"""The people of a simulation, as set_team takes them."""

from collections.abc import Iterable

from scrum_server.simulate.course import runs
from scrum_server.simulate.simulator import Person

Entries = list[dict[str, object]]


def members(people: Iterable[Person]) -> Entries:
    return [
        {"name": person.name, "hours_per_day": person.hours_per_day, "skills": sorted(person.skills)}
        for person in people
    ]


def absences(people: Iterable[Person]) -> Entries:
    return [
        {"member": person.name, "start": str(first), "end": str(last), "reason": "leave"}
        for person in people
        for first, last in runs(sorted(person.away))
    ]
