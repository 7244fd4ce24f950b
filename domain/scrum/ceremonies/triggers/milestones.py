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
    without = _without(around, standing, milestone)
    return f"All items of {named(milestone.name)} are done{f'; it {without}' if without else ''}."


def stands(around: Circumstances, standing: Standing, milestone: Milestone) -> str:
    """What it lacks, as the end of a sentence about it."""
    parts = (_lacks(around, standing, milestone), _without(around, standing, milestone))
    return " and ".join(part for part in parts if part)


def _lacks(around: Circumstances, standing: Standing, milestone: Milestone) -> str:
    keys = milestone.items - around.done_items(standing) - _cancelled(around, standing)
    away = around.facts.elsewhere
    told = [f"{key} (not in the sprint)" if key in away else key for key in sorted(keys)]
    return f"lacks {choices(told)}" if told else "is done"


def _without(around: Circumstances, standing: Standing, milestone: Milestone) -> str:
    """As the end of a sentence about it; empty where nothing is."""
    keys = sorted(milestone.items & _cancelled(around, standing))
    if not keys:
        return ""
    return f"does without {choices(keys)}, which {'is' if len(keys) == 1 else 'are'} cancelled"


def _cancelled(around: Circumstances, standing: Standing) -> frozenset[str]:
    """By what was seen: not yet what is seen later."""
    facts = around.facts
    if not facts.cancelled:
        return facts.cancelled
    later = (one for one in facts.happenings if one.number > standing.seen)
    return facts.cancelled - {one.item for one in later if one.name == Happened.SCOPE_CHANGED}
