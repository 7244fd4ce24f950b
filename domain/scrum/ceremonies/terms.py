"""The words of a ceremony policy."""

from enum import StrEnum

PLANNING = "sprint_planning"
DAILY = "daily_scrum"
REFINEMENT = "backlog_refinement"
REVIEW = "sprint_review"
RETROSPECTIVE = "retrospective"
FIVE = (PLANNING, DAILY, REFINEMENT, REVIEW, RETROSPECTIVE)
"""In the order in which they are due when they are due at once."""
GATES = (REVIEW, RETROSPECTIVE)
"""Those that a sprint can wait for."""


class Strategy(StrEnum):
    TASK_DRIVEN = "task_driven"
    CALENDAR = "calendar"
    HYBRID = "hybrid"
    EVENT_DRIVEN = "event_driven"
    BUDGET_DRIVEN = "budget_driven"
    THROUGHPUT_ADAPTIVE = "throughput_adaptive"
    EXTERNAL_TRIGGER = "external_trigger"
    MILESTONE_DRIVEN = "milestone_driven"

    @property
    def has_calendar(self) -> bool:
        return self in (Strategy.CALENDAR, Strategy.HYBRID)

    @property
    def has_tasks(self) -> bool:
        return self in (Strategy.TASK_DRIVEN, Strategy.HYBRID)


class Trigger(StrEnum):
    """`sprint_end` is when the sprint goes to review; for the retrospective, when the review is over."""

    SPRINT_START = "sprint_start"
    SPRINT_END = "sprint_end"
    SPRINT_MIDPOINT = "sprint_midpoint"
    EVERY_N_COMPLETIONS = "every_n_completions"
    SPRINT_PERCENTAGE = "sprint_percentage"


class Frequency(StrEnum):
    """A ceremony belongs to a sprint, so that `daily` and `per_sprint_day` are the same days."""

    DAILY = "daily"
    WEEKLY = "weekly"
    BI_WEEKLY = "bi_weekly"
    PER_SPRINT_DAY = "per_sprint_day"
    MONTHLY = "monthly"


class Happened(StrEnum):
    """Events that mean something to every policy; others are known by their names alone."""

    SPRINT_PLANNED = "sprint_planned"
    SPRINT_STARTED = "sprint_started"
    SPRINT_EXTENDED = "sprint_extended"
    SPRINT_IN_REVIEW = "sprint_in_review"
    SPRINT_IN_RETROSPECTIVE = "sprint_in_retrospective"
    SPRINT_COMPLETED = "sprint_completed"
    SPRINT_CANCELLED = "sprint_cancelled"
    SPRINT_BACKLOG_EMPTY = "sprint_backlog_empty"
    SCOPE_CHANGED = "scope_changed"
    TASK_COMPLETED = "task_completed"
    TASK_REOPENED = "task_reopened"
    TASK_BLOCKED = "task_blocked"
    TASK_UNBLOCKED = "task_unblocked"
    BOARD_STATE_CHANGED = "board_state_changed"
    BUDGET_SPENT = "budget_spent"
    CEREMONY_TRIGGERED = "ceremony_triggered"
    CEREMONY_HELD = "ceremony_held"
    CEREMONY_SKIPPED = "ceremony_skipped"


ONCE_A_SPRINT = (
    Happened.SPRINT_PLANNED,
    Happened.SPRINT_STARTED,
    Happened.SPRINT_IN_REVIEW,
    Happened.SPRINT_IN_RETROSPECTIVE,
    Happened.SPRINT_BACKLOG_EMPTY,
    Happened.SPRINT_COMPLETED,
    Happened.SPRINT_CANCELLED,
)
"""Nobody waits for five of them: their debounce is 1 where none is given."""
