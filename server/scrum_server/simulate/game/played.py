"""What came of a simulation, as the server told it: its days, its sprints, and how each ended."""

from dataclasses import dataclass
from datetime import date

from scrum_server.simulate.game.occasions import Occasion
from scrum_server.simulate.invented.happenings import Happening
from scrum_tools.planning.decision import DecisionView
from scrum_tools.planning.plan import PlanView
from scrum_tools.project import ProjectView, TeamView
from scrum_tools.reports.report_view import ReportView
from scrum_tools.sprints.parts import RiskView
from scrum_tools.sprints.sprint_view import SprintView
from scrum_tools.velocity import VelocityView


@dataclass(frozen=True)
class SetUp:
    project: ProjectView
    team: TeamView
    past: VelocityView


@dataclass(frozen=True)
class DayReport:
    """`risks` are those that the sprint did not have on an earlier day, `daily` is there where it is worth a look."""

    day: date
    happenings: tuple[Happening, ...]
    what: str
    sprint: SprintView
    risks: tuple[RiskView, ...]
    daily: ReportView | None


@dataclass(frozen=True)
class Closed:
    """A sprint that is over: the decision that it came from, its ceremonies, the velocity after it, and how it ended."""

    decision: DecisionView
    sprint: SprintView
    velocity: VelocityView
    occasions: tuple[Occasion, ...]
    how: str


@dataclass(frozen=True)
class Played:
    """A whole sprint."""

    plan: PlanView
    days: tuple[DayReport, ...]
    closed: Closed
