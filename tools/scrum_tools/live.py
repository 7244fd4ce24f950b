"""Which resources an event changes: whoever watches one of them reads it again."""

from collections.abc import Iterable, Iterator, Mapping

from mcp.shared.uri_template import UriTemplate

from scrum.backlog.events import (
    ItemAdded,
    ItemBlocked,
    ItemChanged,
    ItemCompleted,
    ItemReopened,
    ItemUnblocked,
)
from scrum.ceremonies.events import (
    CeremoniesSet,
    CeremonyDelivered,
    CeremonyDue,
    CeremonyFailed,
    CeremonyHeld,
    CeremonySkipped,
    CeremonyTriggered,
    OutsideEventSeen,
)
from scrum.events import Event
from scrum.memory.events import DecisionTaken, EpisodeEnded, EpisodeWritten
from scrum.sprint.events import (
    HistoryImported,
    SprintCancelled,
    SprintClosed,
    SprintExtended,
    SprintGoalChanged,
    SprintInRetrospective,
    SprintPlanned,
    SprintReviewed,
    SprintScopeChanged,
    SprintStarted,
)
from scrum.strategies.events import (
    EvidenceAdded,
    StrategyActivated,
    StrategyProposed,
    StrategyRetired,
    StrategySupported,
)
from scrum.team.events import ProjectSetUp, TeamSet
from scrum_tools.resources import (
    BACKLOG,
    CEREMONIES,
    CURRENT_SPRINT,
    ITEM,
    REPORT,
    STRATEGIES,
    VELOCITY,
)

_ALL = (BACKLOG, CURRENT_SPRINT, VELOCITY, CEREMONIES, STRATEGIES, REPORT, ITEM)
_BOARD = (BACKLOG, CURRENT_SPRINT, CEREMONIES)
"""Ceremonies hear of whatever happens on the board."""
_SPRINT = (CURRENT_SPRINT, CEREMONIES)
_PARSED = {template: UriTemplate.parse(template) for template in _ALL}

CHANGED: Mapping[type[Event], tuple[str, ...]] = {
    ProjectSetUp: (*_BOARD, VELOCITY),
    TeamSet: (),
    HistoryImported: (VELOCITY,),
    ItemAdded: (BACKLOG,),
    ItemChanged: _BOARD,
    ItemCompleted: _BOARD,
    ItemReopened: _BOARD,
    ItemBlocked: _BOARD,
    ItemUnblocked: _BOARD,
    SprintPlanned: _BOARD,
    SprintStarted: (*_SPRINT, ITEM),  # of items that it drops, because they are closed, it does not tell
    SprintScopeChanged: _BOARD,
    SprintExtended: _SPRINT,
    SprintGoalChanged: (CURRENT_SPRINT,),
    SprintReviewed: _SPRINT,
    SprintInRetrospective: _SPRINT,
    SprintClosed: (*_BOARD, VELOCITY),
    SprintCancelled: _BOARD,
    CeremoniesSet: (CEREMONIES,),
    OutsideEventSeen: (CEREMONIES,),
    CeremonyTriggered: (CEREMONIES,),
    CeremonyDue: (CEREMONIES,),
    CeremonyDelivered: (CEREMONIES,),
    CeremonyFailed: (CEREMONIES,),
    CeremonyHeld: (CEREMONIES,),
    CeremonySkipped: (CEREMONIES,),
    DecisionTaken: (),
    EpisodeWritten: (),
    EpisodeEnded: (),
    StrategyProposed: (STRATEGIES,),
    StrategySupported: (STRATEGIES,),
    EvidenceAdded: (STRATEGIES,),
    StrategyActivated: (STRATEGIES,),
    StrategyRetired: (STRATEGIES,),
}
"""Templates of resources; the one of items stands for all of the project, beside those that the event names."""


def changed(event: Event) -> frozenset[str]:
    """URIs of what may read differently now; every item of a project is `scrum://SHOP/items/{item}`."""
    templates = CHANGED.get(type(event), _ALL)
    return frozenset([*_of(event.project, templates), *_items(event), *_reports(event)])


def changed_by_unknown(project: str) -> frozenset[str]:
    """What an event of a newer version may change: all that the project has."""
    return frozenset(_of(project, _ALL))


def affected(subscribed: Iterable[str], changes: frozenset[str]) -> list[str]:
    """Those of the URIs, as their clients wrote them, that the changes are about; in a fixed order."""
    return sorted(uri for uri in subscribed if not changes.isdisjoint(_meant(uri)))


def _meant(uri: str) -> Iterator[str]:
    """The URI as `changed` writes it, for an item also as one of all items; nothing for what is no resource."""
    for template, parsed in _PARSED.items():
        if found := parsed.match(uri):
            words = {name: str(word).upper() for name, word in found.items()}
            yield _filled(template, words)
            yield _filled(template, {"project": words["project"]})


def _of(project: str, templates: Iterable[str]) -> Iterator[str]:
    return (_filled(template, {"project": project}) for template in templates)


def _items(event: Event) -> Iterator[str]:
    return (_filled(ITEM, {"project": event.project, "item": key}) for key in _named(event))


def _reports(event: Event) -> Iterator[str]:
    """A report is kept once, and never changes."""
    if isinstance(event, CeremonyDelivered):
        yield _filled(REPORT, {"project": event.project, "id": event.aggregate})


def _filled(template: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        template = template.replace(f"{{{name}}}", word)
    return template


def _named(event: Event) -> list[str]:
    match event:
        case ItemAdded() | ItemChanged() | ItemCompleted() | ItemReopened() | ItemBlocked() | ItemUnblocked():
            return [event.aggregate]
        case SprintPlanned() | SprintStarted():
            return event.items
        case SprintScopeChanged():
            return event.added + event.removed
        case SprintClosed():
            return event.carried_over
        case SprintCancelled():
            return event.returned
        case _:
            return []
