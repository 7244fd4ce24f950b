"""How ten kinds of teams hold their ceremonies. A project takes one, and changes what it likes."""

from collections.abc import Mapping
from typing import Any

from scrum.ceremonies.policy.spelling import Document, document
from scrum.ceremonies.terms import RETROSPECTIVE, REVIEW
from scrum.team.project import Cadence

_GATED: Mapping[str, Any] = {REVIEW: {"gate": True}, RETROSPECTIVE: {"gate": True}}

BOUND: Mapping[str, Any] = {"strategy": "task_driven", "trigger": "sprint_end"}
"""What belongs to the ends of a sprint stays there, whatever else the sprint goes by."""

DEFAULTS: Document = document(
    {
        "ceremonies": {
            "sprint_planning": {
                "strategy": "task_driven",
                "trigger": "sprint_start",
                "on": "sprint_planned",
                "frequency": "bi_weekly",
            },
            "daily_scrum": {},
            "backlog_refinement": {
                "trigger": "sprint_midpoint",
                "frequency": "weekly",
                "on": "board_state_changed",
            },
            "sprint_review": {**BOUND, "on": "sprint_backlog_empty", "frequency": "bi_weekly"},
            "retrospective": {**BOUND, "on": "sprint_completed", "frequency": "bi_weekly"},
        }
    }
)

_TEMPLATES: Mapping[Cadence, Mapping[str, Any]] = {
    Cadence.SOLO: {
        "sprint": {"strategy": "task_driven", "every_n_completions": 10},
        "ceremonies": {"backlog_refinement": {"enabled": False}},
    },
    Cadence.STARTUP: {"sprint": {"strategy": "task_driven"}},
    Cadence.DATA_TEAM: {
        "sprint": {"strategy": "task_driven", "every_n_completions": 3, "transition_threshold": 0.9},
        "ceremonies": {"backlog_refinement": {"trigger": "sprint_percentage", "sprint_percentage": 60}},
    },
    Cadence.DEV_SHOP: {
        "sprint": {"strategy": "hybrid", "time_of_day": "09:30"},
        "ceremonies": {"daily_scrum": {"also_trigger_every_n": 10}},
    },
    Cadence.PRODUCT_TEAM: {"sprint": {"strategy": "hybrid"}, "ceremonies": _GATED},
    Cadence.ENTERPRISE: {
        "sprint": {"strategy": "hybrid", "auto_complete_on_tasks_done": False, "every_n_completions": 20},
        "ceremonies": {name: {"gate": True, "timeout_hours": 72} for name in (REVIEW, RETROSPECTIVE)},
    },
    Cadence.AGENCY: {
        "sprint": {"strategy": "event_driven"},
        "ceremonies": {REVIEW: {"gate": True}, "backlog_refinement": {"on": "task_blocked", "debounce": 3}},
    },
    Cadence.RESEARCH: {
        "sprint": {"strategy": "throughput_adaptive"},
        "ceremonies": {
            "backlog_refinement": {"strategy": "event_driven", "on": "board_state_changed", "debounce": 20}
        },
    },
    Cadence.CONSULTANCY: {"sprint": {"strategy": "calendar"}, "ceremonies": _GATED},
    Cadence.AGENT_SWARM: {
        "sprint": {
            "strategy": "task_driven",
            "time_scale": 1_000,
            "every_n_completions": 25,
            "auto_start": True,
        }
    },
}

TEMPLATES: Mapping[Cadence, Document] = {cadence: document(raw) for cadence, raw in _TEMPLATES.items()}
