"""An event of each type, and what is told of it."""

from typing import Any

from scrum.backlog.events import (
    ItemAdded,
    ItemBlocked,
    ItemChanged,
    ItemCompleted,
    ItemReopened,
    ItemUnblocked,
)
from scrum.ceremonies import events as ceremonies
from scrum.events import Event
from scrum.memory.events import DecisionTaken, EpisodeEnded, EpisodeWritten
from scrum.sprint import events as sprint
from scrum.strategies import events as strategies
from scrum.team.events import ProjectSetUp, TeamSet
from tests.builders import MONDAY, SHOP

ITEM, SPRINT, BUFFER = "SHOP-1", "SHOP-S1", "SHOP/velocity_buffer"


def event(kind: type[Event], aggregate: str, /, *, version: int = 1, **data: Any) -> Event:
    return kind(
        project=SHOP,
        aggregate=aggregate,
        aggregate_version=version,
        occurred_at=MONDAY,
        actor="ana",
        **data,
    )


DECIDED: dict[str, Any] = {
    "sprint": SPRINT, "goal": "Sell", "text": "Pay by card", "focus": [], "features": {}, "figures": {}, "commitment": 34,
    "points": 33, "items": [ITEM], "prediction": None, "strategies": [],
}  # fmt: skip

MEETING = "SHOP-S1-C2"
REVIEW: dict[str, Any] = {"sprint": SPRINT, "ceremony": "sprint_review"}

SENTENCES: list[tuple[Event, str]] = [
    (event(ProjectSetUp, SHOP, name="The shop", settings={}), "set up project SHOP 'The shop'"),
    (
        event(ProjectSetUp, SHOP, version=4, name="The shop", settings={}),
        "changed the settings of project SHOP 'The shop'",
    ),
    (
        event(TeamSet, SHOP, members=["Ana", "Bo"], joined=["Bo"], left=["Cy", "Di"], absences=1),
        "set the team: 2 members, 1 absence; 'Bo' joined; 'Cy', 'Di' left",
    ),
    (
        event(TeamSet, SHOP, members=["Ana"], joined=[], left=[], absences=0),
        "set the team: 1 member, 0 absences",
    ),
    (
        event(ItemAdded, ITEM, title="Pay by card", points=5, priority="high"),
        "added SHOP-1 'Pay by card' (5 points, high priority)",
    ),
    (
        event(ItemAdded, ITEM, title="Pay", points=None, priority="low"),
        "added SHOP-1 'Pay' (not estimated, low priority)",
    ),
    (
        event(
            ItemChanged,
            ITEM,
            sprint="",
            fields={"status": "done", "labels": ["a", "b"], "depends_on": ["SHOP-2"], "rank": 1},
        ),
        "changed SHOP-1: status done, labels 'a', 'b', depends on SHOP-2, rank 1",
    ),
    (
        event(ItemChanged, ITEM, sprint="", fields={"points": None, "assignee": "", "skills": []}),
        "changed SHOP-1: no points, no assignee, no skills",
    ),
    (event(ItemChanged, ITEM, sprint="", fields={"points": 0}), "changed SHOP-1: points 0"),
    (event(ItemChanged, ITEM, sprint="", fields={}), "changed SHOP-1"),
    (event(ItemCompleted, ITEM, sprint=SPRINT, points=1), "completed SHOP-1 (1 point)"),
    (
        event(ItemBlocked, ITEM, sprint=SPRINT, why="waits for Zoe"),
        "reported SHOP-1 as blocked: 'waits for Zoe'",
    ),
    (event(ItemBlocked, ITEM, sprint=SPRINT, why=""), "reported SHOP-1 as blocked, without saying why"),
    (
        event(sprint.HistoryImported, SHOP, sprints=12, different=3),
        "imported 12 past sprints, 3 of them new or different",
    ),
    (
        event(sprint.SprintPlanned, SPRINT, plan="PLAN-A", goal="Sell", items=["SHOP-1", "SHOP-2"], points=8),
        "committed PLAN-A as SHOP-S1: 2 items, 8 points, with the goal 'Sell'",
    ),
    (
        event(sprint.SprintPlanned, SPRINT, plan="", goal="", items=["SHOP-1"], points=1),
        "committed a plan as SHOP-S1: 1 item, 1 point",
    ),
    (
        event(sprint.SprintStarted, SPRINT, items=["SHOP-1"], points=5),
        "started SHOP-S1 with 1 item, 5 points",
    ),
    (
        event(sprint.SprintScopeChanged, SPRINT, added=["SHOP-3", "SHOP-4"], removed=[], points=8),
        "added SHOP-3, SHOP-4 to SHOP-S1 (8 points)",
    ),
    (
        event(sprint.SprintScopeChanged, SPRINT, added=[], removed=["SHOP-3"], points=1),
        "removed SHOP-3 from SHOP-S1 (1 point)",
    ),
    (
        event(sprint.SprintExtended, SPRINT, days=3, end="2026-03-18"),
        "extended SHOP-S1 by 3 days, to 2026-03-18",
    ),
    (
        event(sprint.SprintExtended, SPRINT, days=-1, end="2026-03-14"),
        "shortened SHOP-S1 by 1 day, to 2026-03-14",
    ),
    (event(sprint.SprintGoalChanged, SPRINT, goal="Sell"), "set the goal of SHOP-S1 to 'Sell'"),
    (event(sprint.SprintGoalChanged, SPRINT, goal=""), "removed the goal of SHOP-S1"),
    (event(sprint.SprintReviewed, SPRINT), "ended the work on SHOP-S1, which went into its review"),
    (event(sprint.SprintInRetrospective, SPRINT), "moved SHOP-S1 on to its retrospective"),
    (
        event(
            sprint.SprintClosed,
            SPRINT,
            plan="PLAN-A",
            committed=34,
            added=3,
            removed=0,
            reestimated=-2,
            completed=33,
            carried_over=["SHOP-2"],
            destination="next",
            spent=1250.5,
        ),
        (
            "closed SHOP-S1: 33 points completed of 34 committed (added 3, removed 0, re-estimated -2), "
            "carried 1 item over to the next sprint, 1250.5 spent"
        ),
    ),
    (
        event(sprint.SprintCancelled, SPRINT, plan="PLAN-A", completed=3, returned=["SHOP-1", "SHOP-2"]),
        "cancelled SHOP-S1: 3 points completed, 2 items went back to the backlog",
    ),
    (
        event(DecisionTaken, "PLAN-A", **DECIDED, base=42),
        "decided SHOP-S1 by PLAN-A: it aims at 34 points, 42 without strategies",
    ),
    (
        event(DecisionTaken, "PLAN-A", **DECIDED, base=34),
        "decided SHOP-S1 by PLAN-A: it aims at 34 points",
    ),
    (event(EpisodeWritten, "PLAN-A", sprint=SPRINT), "had PLAN-A remembered"),
    (
        event(EpisodeEnded, "PLAN-A", sprint=SPRINT, result="failure", lessons=["Overcommitted"]),
        "had the end of PLAN-A remembered (failure): Overcommitted",
    ),
    (
        event(
            strategies.StrategyProposed,
            BUFFER,
            rule_version=2,
            when="true",
            effect="buffer 0.1",
            origin="by ana",
        ),
        "had the strategy velocity_buffer proposed ('by ana'): buffer 0.1",
    ),
    (
        event(
            strategies.StrategyProposed,
            BUFFER,
            rule_version=2,
            when="days_away > 2",
            effect="cap 8",
            origin="a",
        ),
        "had the strategy velocity_buffer proposed ('a'): cap 8 when days_away > 2",
    ),
    (
        event(strategies.StrategySupported, BUFFER, episode="PLAN-A", why="overcommitment"),
        "had the strategy velocity_buffer supported by PLAN-A: overcommitment",
    ),
    (
        event(
            strategies.EvidenceAdded,
            BUFFER,
            rule_version=1,
            episode="PLAN-A",
            arm="applied",
            success=True,
            better=True,
        ),
        "had the strategy velocity_buffer measured by PLAN-A (applied): a success, which speaks for it",
    ),
    (
        event(
            strategies.EvidenceAdded,
            BUFFER,
            rule_version=1,
            episode="PLAN-A",
            arm="shadow",
            success=False,
            better=None,
        ),
        "had the strategy velocity_buffer measured by PLAN-A (shadow): a failure",
    ),
    (
        event(strategies.StrategyActivated, BUFFER, rule_version=1, better_than_none=0.94),
        "had the strategy velocity_buffer followed from now on (better than none: 94%)",
    ),
    (
        event(strategies.StrategyRetired, BUFFER, rule_version=1, better_than_none=None),
        "had the strategy velocity_buffer dropped",
    ),
    (event(ItemReopened, ITEM, sprint=SPRINT), "reopened SHOP-1, which was done"),
    (
        event(ItemUnblocked, ITEM, sprint=SPRINT, since="2026-03-03T09:00:00+00:00"),
        "said that SHOP-1 is blocked no more, as it was since 2026-03-03",
    ),
    (
        event(ceremonies.CeremoniesSet, SHOP, cadence="startup", settings={}),
        "set the ceremonies of SHOP by the template startup",
    ),
    (
        event(
            ceremonies.OutsideEventSeen,
            "SHOP-S1-ceremonies",
            sprint=SPRINT,
            name="deployed",
            source="git",
            spent=None,
            payload={},
        ),
        "told SHOP-S1 of deployed from git",
    ),
    (
        event(
            ceremonies.OutsideEventSeen,
            "SHOP-S1-ceremonies",
            sprint=SPRINT,
            name="budget_spent",
            source="emit_event",
            spent=1200.5,
            payload={"spent": 1200.5},
        ),
        "told SHOP-S1 of budget_spent from emit_event, 1200.5 so far",
    ),
    (
        event(ceremonies.CeremonyTriggered, "SHOP-S1-ceremonies", **REVIEW),
        "asked for sprint_review in SHOP-S1",
    ),
    (
        event(
            ceremonies.CeremonyDue,
            MEETING,
            occurrence="end",
            covers=["end"],
            because="The sprint went to review.",
            **REVIEW,
        ),
        "made SHOP-S1-C2, sprint_review, due: 'The sprint went to review.'",
    ),
    (event(ceremonies.CeremonyDelivered, MEETING, **REVIEW), "prepared SHOP-S1-C2, sprint_review"),
    (
        event(ceremonies.CeremonyFailed, MEETING, why="no disk", **REVIEW),
        "could not prepare SHOP-S1-C2, sprint_review: 'no disk'",
    ),
    (
        event(
            ceremonies.CeremonyHeld,
            MEETING,
            notes="Fine",
            decisions=["Ship"],
            attendees=["Ana"],
            actions=[{"id": "SHOP-S1-C2-A1"}, {"id": "SHOP-S1-C2-A2"}],
            **REVIEW,
        ),
        "recorded that SHOP-S1-C2, sprint_review, was held: 1 decision, 2 actions",
    ),
    (
        event(ceremonies.CeremonyHeld, MEETING, notes="", decisions=[], attendees=[], actions=[], **REVIEW),
        "recorded that SHOP-S1-C2, sprint_review, was held",
    ),
    (event(ceremonies.CeremonySkipped, MEETING, **REVIEW), "skipped SHOP-S1-C2, sprint_review"),
]
