"""What each report is built from, beside the project, the sprint, its items and its ledger: the rest is not read."""

from collections.abc import Mapping
from enum import Enum, auto

from scrum.ceremonies.reports.actions import ACTIONS
from scrum.ceremonies.reports.impediments import IMPEDIMENTS
from scrum.ceremonies.terms import DAILY, PLANNING, REFINEMENT, RETROSPECTIVE, REVIEW


class Fact(Enum):
    """Fields of Material, and of what the chronicle keeps. PAST are the sprints before this one."""

    TEAM = auto()
    BACKLOG = auto()
    PAST = auto()
    LEDGERS = auto()
    PLAN = auto()
    LAST = auto()
    AGREED = auto()
    MINUTES = auto()
    CHANGES = auto()
    PENDING = auto()


_LIKELY = frozenset({Fact.TEAM, Fact.BACKLOG, Fact.PAST, Fact.PLAN})
_NEEDS: Mapping[str, frozenset[Fact]] = {
    PLANNING: _LIKELY,
    DAILY: frozenset({Fact.TEAM, Fact.PLAN, Fact.LAST, Fact.CHANGES, Fact.PENDING}),
    REFINEMENT: _LIKELY | {Fact.LEDGERS},
    REVIEW: _LIKELY,
    RETROSPECTIVE: _LIKELY | {Fact.AGREED, Fact.MINUTES, Fact.CHANGES, Fact.PENDING},
    IMPEDIMENTS: frozenset({Fact.BACKLOG, Fact.CHANGES, Fact.PENDING}),
    ACTIONS: frozenset({Fact.AGREED, Fact.PENDING}),
}
_OWN = frozenset({Fact.LAST})


def needs(ceremony: str) -> frozenset[Fact]:
    return _NEEDS.get(ceremony, _OWN)
