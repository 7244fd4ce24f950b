"""The report of each ceremony, by its name."""

from collections.abc import Callable, Mapping

from scrum.ceremonies.reports.actions import ACTIONS, actions
from scrum.ceremonies.reports.daily import daily
from scrum.ceremonies.reports.impediments import IMPEDIMENTS, impediments
from scrum.ceremonies.reports.own import own
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.planning import planning
from scrum.ceremonies.reports.refinement import refinement
from scrum.ceremonies.reports.retrospective import retrospective
from scrum.ceremonies.reports.review import review
from scrum.ceremonies.terms import DAILY, PLANNING, REFINEMENT, RETROSPECTIVE, REVIEW
from scrum.chronicle.reports import Report

_BUILDERS: Mapping[str, Callable[[Material], Report]] = {
    PLANNING: planning,
    DAILY: daily,
    REFINEMENT: refinement,
    REVIEW: review,
    RETROSPECTIVE: retrospective,
    IMPEDIMENTS: impediments,
    ACTIONS: actions,
}


def build(material: Material) -> Report:
    """Of `material.ceremony`; a ceremony of the team's own has the sprint in short. Its id is left to whoever keeps it.

    It may take some tenths of a second: call it in a thread of its own.
    """
    return _BUILDERS.get(material.ceremony, own)(material)
