"""What an item is worth to the next sprint: per point, and why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scrum.backlog.model import Item, Priority, Status

_PRIORITY = {
    Priority.HIGHEST: 400,
    Priority.HIGH: 250,
    Priority.MEDIUM: 150,
    Priority.LOW: 80,
    Priority.LOWEST: 40,
}
_RANK = 100
_STARTED = 100
_GOAL = 100
_OVERDUE, _DUE = 200, 150
_CARRIED, _MOST_CARRIED = 30, 2
_MOST_WEEKS = 20
_SHORT_WORD = 4
_COMMON = frozenset(
    [
        "about",
        "after",
        "also",
        "back",
        "been",
        "before",
        "being",
        "between",
        "both",
        "does",
        "each",
        "from",
        "have",
        "into",
        "like",
        "made",
        "make",
        "more",
        "most",
        "much",
        "need",
        "next",
        "once",
        "only",
        "other",
        "over",
        "same",
        "should",
        "some",
        "such",
        "than",
        "that",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "until",
        "upon",
        "very",
        "want",
        "what",
        "when",
        "where",
        "which",
        "while",
        "will",
        "with",
        "within",
        "without",
        "would",
        "your",
    ]
)
"""Words that match every goal."""


@dataclass(frozen=True)
class Worth:
    """`weight` is per point, `value` of the whole item; `why` names what counted beside priority and rank."""

    weight: int
    value: int
    why: tuple[str, ...]


@dataclass(frozen=True)
class Aim:
    """What the sprint is for: its goal's words and its last day."""

    words: frozenset[str]
    today: date
    end: date


def aim(goal: str, today: date, end: date) -> Aim:
    return Aim(frozenset(_words(goal)), today, end)


def worths(items: Sequence[Item], target: Aim) -> dict[str, Worth]:
    """Of items in backlog order; large items count for their points, so that size alone decides nothing."""
    return {item.key: _worth(item, n, len(items), target) for n, item in enumerate(items)}


def _worth(item: Item, position: int, count: int, target: Aim) -> Worth:
    counted = [reason for reason in _reasons(item, target) if reason[0]]
    weight = _PRIORITY[item.priority] + round(_RANK * (1 - position / count)) + sum(n for n, _ in counted)
    why = (f"{item.priority} priority", f"rank {position + 1} of {count}", *(text for _, text in counted))
    return Worth(weight, weight * max(item.points or 0, 1), tuple(filter(None, why)))


def _reasons(item: Item, target: Aim) -> list[tuple[int, str]]:
    matched = sorted(target.words & {*_words(item.title), *_words(" ".join(item.labels))})
    share = (1 + len(matched) / len(target.words)) / 2 if matched else 0
    carried = min(item.carried, _MOST_CARRIED)
    weeks = min((target.today - item.created_at.date()).days // 7, _MOST_WEEKS) if item.created_at else 0
    return [
        (round(_GOAL * share), f"matches the goal ({', '.join(matched)})"),
        (_STARTED if item.status is not Status.TODO else 0, "already started"),
        _due(item.due, target),
        (_CARRIED * carried, f"carried over {item.carried} time{'s' if item.carried > 1 else ''}"),
        (max(weeks, 0), ""),
    ]


def _due(due: date | None, target: Aim) -> tuple[int, str]:
    if due is None or due > target.end:
        return 0, ""
    return (_OVERDUE, f"overdue since {due}") if due < target.today else (_DUE, f"due {due}")


def _words(text: str) -> list[str]:
    return [w for w in re.findall(r"\w+", text.lower()) if len(w) >= _SHORT_WORD and w not in _COMMON]
