"""How far a milestone is. What is cancelled is not needed for it; where nothing else is left, it cannot be reached."""

from scrum.ceremonies.policy.settings import Milestone
from scrum.ceremonies.terms import Happened
from scrum.ceremonies.triggers.standing import Circumstances, Standing
from scrum.text import choices, named


def is_reached(around: Circumstances, standing: Standing, milestone: Milestone) -> bool:
    needed = milestone.items - _cancelled(around, standing)
    return bool(needed) and needed <= around.done_items(standing)


def is_lost(around: Circumstances, standing: Standing, milestone: Milestone) -> bool:
    return milestone.items <= _cancelled(around, standing)


def reached(around: Circumstances, standing: Standing, milestone: Milestone) -> str:
    return f"All items of {named(milestone.name)} are done.{left_out(around, standing, milestone)}"


def lacking(around: Circumstances, standing: Standing, milestone: Milestone) -> str:
    """Keys, and which of them are not in the sprint; empty when it is reached."""
    keys = milestone.items - around.done_items(standing) - _cancelled(around, standing)
    away = around.facts.elsewhere
    told = [f"{key} (not in the sprint)" if key in away else key for key in sorted(keys)]
    return choices(told) if told else ""


def left_out(around: Circumstances, standing: Standing, milestone: Milestone) -> str:
    """A sentence after a space; empty where nothing is."""
    keys = sorted(milestone.items & _cancelled(around, standing))
    if not keys:
        return ""
    return f" It does without {choices(keys)}, which {'is' if len(keys) == 1 else 'are'} cancelled."


def _cancelled(around: Circumstances, standing: Standing) -> frozenset[str]:
    """By what was seen: not yet what is seen later."""
    facts = around.facts
    if not facts.cancelled:
        return facts.cancelled
    later = (one for one in facts.happenings if one.number > standing.seen)
    return facts.cancelled - {one.item for one in later if one.name == Happened.SCOPE_CHANGED}
