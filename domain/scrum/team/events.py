"""What happens to projects and teams."""

from dataclasses import dataclass

from scrum.events import Event


@dataclass(frozen=True, kw_only=True)
class ProjectSetUp(Event):
    name: str
    """As people wrote it."""
    settings: dict[str, object]
    """All of them, as they are now."""


@dataclass(frozen=True, kw_only=True)
class TeamSet(Event):
    members: list[str]
    """The names of all who are on the team now."""
    joined: list[str]
    """Names that are new."""
    left: list[str]
    """Names that are not on the team any more."""
    absences: int
    """How many absences are known now."""
