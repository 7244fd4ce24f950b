"""What is known of the ceremonies of a project, as it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from scrum.ceremonies.occurrence import Occurrence
from scrum.ceremonies.outcome import Action
from scrum.ceremonies.policy.model import Policy
from scrum.ceremonies.schedule import Schedule
from scrum.ceremonies.triggers.evaluation import Upcoming
from scrum.ceremonies.triggers.standing import Standing
from scrum.sprint.model import State
from scrum.team.project import Cadence, Project


@dataclass(frozen=True)
class CameOf:
    """What came of something that a sprint heard of: `occurrences` became due, `before` and `after` are its states.

    `policy` and `schedule` are as they are then.
    """

    project: Project
    policy: Policy
    schedule: Schedule
    occurrences: tuple[Occurrence, ...]
    before: State
    after: State

    @property
    def sprint(self) -> str:
        return self.schedule.sprint


@dataclass(frozen=True)
class Emitted(CameOf):
    """`event` is a name as it is kept; `listeners` are whom it counts for: ceremonies, and `sprint` where it may end it.

    One that was heard of before by its sender's id is not counted `again`.
    """

    event: str
    listeners: tuple[str, ...]
    again: bool = False


@dataclass(frozen=True)
class Recorded:
    """`actions` have the ids under which they are kept. `remarks` are sentences about names that are not on the team."""

    occurrence: Occurrence
    actions: tuple[Action, ...]
    came: CameOf
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class CeremoniesAnswer:
    """`restarts` are sentences: what starts over with the next sprint. `locked` is the sprint that runs, or empty.

    `remarks` are sentences about what is accepted and worth a look.
    """

    project: Project
    was: Cadence
    before: Policy
    after: Policy
    restarts: tuple[str, ...]
    changed: bool
    locked: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outlook:
    """Of the open sprint, else of the one that is to be planned. `occurrences` of it became due, the latest first."""

    project: Project
    policy: Policy
    schedule: Schedule
    standing: Standing
    waits_for: str
    upcoming: tuple[Upcoming, ...]
    occurrences: Sequence[Occurrence]

    @property
    def state(self) -> State:
        return self.standing.state

    @property
    def all_done(self) -> bool:
        return 0 < self.standing.items <= self.standing.done

    @property
    def template(self) -> Cadence:
        """That of the policy, which a sprint keeps from its start on."""
        return self.schedule.chosen.cadence if self.schedule.chosen else self.project.cadence

    @property
    def planned(self) -> bool:
        """There is such a sprint."""
        return self.schedule.first_day is not None
