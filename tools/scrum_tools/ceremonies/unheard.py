"""What is said of an event for which nothing listens: what was meant, perhaps, and how to have something listen."""

from collections.abc import Iterator

from scrum.ceremonies.answers import Emitted
from scrum.ceremonies.happened import TIME_PASSED
from scrum.ceremonies.outside import OutsideEvent, listeners
from scrum.ceremonies.policy.model import Policy, Rule
from scrum.ceremonies.policy.settings import EXTERNAL
from scrum.ceremonies.terms import DAILY, Happened, Strategy
from scrum.sprint.model import State
from scrum.text import choices, nearest

_SIGNALS = (Strategy.EVENT_DRIVEN, Strategy.EXTERNAL_TRIGGER)
_BY_BUDGET = f"policy={ {'sprint': {'budget': 500}, 'ceremonies': {DAILY: {'budget_thresholds': [50]}}} }"


def unheard(done: Emitted, source: str, policy: Policy) -> str:
    """'' where somebody listens, and of what is for the clock alone."""
    if done.listeners or done.event == TIME_PASSED:
        return ""
    when = "between two sprints, " if done.before.is_running else ""
    if done.event == Happened.BUDGET_SPENT:
        return (
            f"Nothing goes by a budget: it makes nothing due, and is the cost of {done.sprint} where its policy ends it. "
            f"To have a ceremony go by it, {when}call set_ceremonies with {_BY_BUDGET}."
        )
    told = (
        f"Nothing listens for {done.event}: no ceremony counts it, and it does not take {done.sprint} on now."
    )
    awaited = list(dict.fromkeys(_awaited(policy)))
    if (
        meant := _too_soon(done, source, policy)
        or _not_yet(done, source, policy)
        or _meant(done.event, source, awaited)
    ):
        return f"{told}{meant}"
    others = f" Waited for: {choices(awaited)}." if awaited else ""
    rule = {"ceremonies": {DAILY: {"on": done.event, "debounce": 1}}}
    return (
        f"{told}{others} To have one listen, {when}call set_ceremonies with policy={rule}; trigger_ceremony makes one due "
        "now."
    )


def _awaited(policy: Policy) -> Iterator[str]:
    """Events, where they come from, or both, like git:push."""
    for rule in policy.enabled:
        if rule.strategy is Strategy.EVENT_DRIVEN:
            yield from rule.settings.on
        elif rule.strategy is Strategy.EXTERNAL_TRIGGER:
            yield from rule.settings.sources
    if _ends_by_event(policy.sprint):
        yield policy.sprint.settings.transition_event


def _ends_by_event(sprint: Rule) -> bool:
    return sprint.settings.auto_transition and sprint.strategy in _SIGNALS


def _too_soon(done: Emitted, source: str, policy: Policy) -> str:
    wanted = policy.sprint.settings.transition_event
    named = (done.event, source, f"{source}:{done.event}")
    if not _ends_by_event(policy.sprint) or wanted not in named or done.before is State.ACTIVE:
        return ""
    return f" It takes a sprint to its review that is in progress, and {done.sprint} is {done.before.words}: tell it again then."


def _not_yet(done: Emitted, source: str, policy: Policy) -> str:
    event = OutsideEvent(done.event, source or EXTERNAL[0], {})
    later = listeners(policy, event, State.ACTIVE) if done.before is State.PLANNED else ()
    return (
        f" {choices(later)} will count it when {done.sprint} has started: tell it again then."
        if later
        else ""
    )


def _meant(name: str, source: str, awaited: list[str]) -> str:
    """'' where nothing that is waited for is like it."""
    for one in awaited:
        wanted, _, event = one.partition(":")
        if event == name:
            return f" {one} is waited for: call emit_event again with source={wanted!r}."
    events = [one.rpartition(":")[2] for one in awaited]
    return nearest(name, [*awaited, *events]) or (nearest(source, awaited) if source else "")
