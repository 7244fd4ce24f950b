"""What happens to projects and teams."""

from dataclasses import dataclass

from scrum.events import Event


@dataclass(frozen=True, kw_only=True)
class ProjectSetUp(Event):
    name: str
    settings: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class TeamSet(Event):
    members: list[str]
    joined: list[str]
    left: list[str]
    absences: int
