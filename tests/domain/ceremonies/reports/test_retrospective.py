"""The retrospective."""

from dataclasses import replace
from datetime import date
from typing import Any

from scrum.backlog.events import ItemBlocked, ItemUnblocked
from scrum.backlog.model import Block, Status
from scrum.ceremonies.reports.paper.material import Kept, Material
from scrum.ceremonies.terms import RETROSPECTIVE
from scrum.chronicle.reports import ActionStatus, Minutes, Report
from scrum.memory.model import Arm
from scrum.sprint.ledger import Amount, Figures, Kind
from scrum.strategies.applying import Step
from tests.domain.ceremonies.reports.examples import ENDED, SPRINT, a_plan, after, entry, in_sprint, material
from tests.domain.ceremonies.reports.reported import action, happened, of_item, section, told
from tests.requirements import requirement
from tests.situations import past

DONE = in_sprint(1, 5, assignee="Ana", status=Status.DONE)
LEFT = in_sprint(2, 15, assignee="Bo")
COMPLETED = entry(Kind.COMPLETED, 1, 5, 2)
WELL, BADLY = "What went well", "What did not"


def retrospective(given: Material) -> Report:
    return told(RETROSPECTIVE, given)


def short(**fields: Any) -> Material:
    """5 of 20 points were completed."""
    return replace(material([DONE, LEFT], COMPLETED, days=12, sprint=ENDED), **fields)


def good(**fields: Any) -> Material:
    """All of 5 points were completed."""
    return replace(material([DONE], COMPLETED, days=12, sprint=ENDED), **fields)


def test_a_sprint_that_completed_a_quarter_did_not_go_well_beside_its_past() -> None:
    report = retrospective(short(history=past(20, 22, 18, committed_points=20)))

    assert (
        "25% of the committed points were completed (90% count as a success); the mean of 3 past sprints is 100%."
        in section(report, BADLY)
    )
    assert "5 points were completed; the median of the past is 20 (n=3)." in section(report, BADLY)
    assert section(report, WELL) == ("No item was reported as blocked.",)


def test_a_sprint_that_completed_all_went_well() -> None:
    report = retrospective(good())

    assert section(report, WELL) == (
        "100% of the committed points were completed (90% count as a success); there is no past sprint to compare with.",
        "No item was reported as blocked.",
        "Nothing of it was left.",
    )


def test_scope_growth_is_compared_with_what_usually_comes_in() -> None:
    result = Figures(committed=Amount(20, 4), added=Amount(1, 1), remaining=Amount(3, 2))
    earlier = tuple(replace(SPRINT, id=f"SHOP-S{n}", result=result) for n in (1, 2))
    report = retrospective(short(ledger=short().ledger.plus([entry(Kind.ADDED, 3, 4, 3)]), earlier=earlier))

    assert "4 points came in while it ran, 20% of the commitment; the mean of the last 2 is 5%." in section(
        report, BADLY
    )
    assert report.figures["past added share n"] == 2


def test_blocked_time_counts_while_the_sprint_ran_each_and_in_total() -> None:
    kept = Kept(
        changes=happened(
            of_item(ItemBlocked, after(1), why="no key"),
            of_item(ItemUnblocked, after(3), since=after(1).isoformat()),
        )
    )
    still = replace(LEFT, block=Block("no answer", after(8)))
    report = retrospective(short(known={"SHOP-1": DONE, "SHOP-2": still}, kept=kept))

    assert section(report, "Blocked time") == (
        "5 working days in total, of 2 items, while the sprint ran.",
        "SHOP-1 'Item 1': 2 working days: 'no key'.",
        "SHOP-2 'Item 2': 3 working days: 'no answer'.",
    )
    assert report.figures["blocked working days"] == 5
    assert "2 items were blocked at some time while it ran." in section(report, BADLY)


def test_days_before_and_after_the_sprint_do_not_count_as_blocked() -> None:
    longer = replace(LEFT, block=Block("", after(-5)))
    given = short(known={"SHOP-1": DONE, "SHOP-2": longer}, now=after(16))

    assert retrospective(given).figures["blocked working days"] == 9


def test_a_block_that_began_after_the_sprint_is_not_of_it() -> None:
    later = replace(LEFT, block=Block("", after(11.5)))

    report = retrospective(short(known={"SHOP-1": DONE, "SHOP-2": later}))

    assert section(report, "Blocked time") == ("No block is recorded.",)


@requirement("reports.strategies")
def test_each_strategy_stands_beside_what_would_have_been_without_it() -> None:
    steps = (
        Step("buffer", 20, 18, "", otherwise=20),
        Step("scale", 18, 16, "", arm=Arm.CONTROL, otherwise=16),
        Step("old", 18, 16, ""),
    )
    report = retrospective(short(plan=replace(a_plan(), commitment=18, steps=steps)))

    assert section(report, "Strategies") == (
        "buffer (v1): applied. The commitment was 18, without it 20; 5 points were completed, 13 off and 15 off.",
        (
            "scale (v1): under test, and left out by the coin. The commitment was 18, with it 16; 5 points were completed, "
            "13 off and 11 off."
        ),
        "old (v1): applied; what the commitment would have been otherwise was not kept.",
    )


def test_who_did_all_of_it_says_nothing_of_a_larger_commitment() -> None:
    steps = (Step("buffer", 20, 18, "", otherwise=20),)
    plan = replace(a_plan(), commitment=18, steps=steps)

    assert (
        "larger commitment had brought is not known"
        in section(retrospective(good(plan=plan)), "Strategies")[-1]
    )
    assert len(section(retrospective(short(plan=plan)), "Strategies")) == 1


def test_a_failed_sprint_has_causes_that_rules_find() -> None:
    report = retrospective(short(plan=a_plan()))

    assert section(report, "Why, as rules find it from this sprint alone (n=1)")[0] == (
        "overcommitment: 5 of 20 points were completed, 75% less than committed; against it one could try "
        "velocity_buffer."
    )
    assert not section(retrospective(good(plan=a_plan())), "Why")


def test_open_actions_are_told_with_how_often_they_were_carried() -> None:
    actions = (
        action(2, owner="Bo", due=date(2026, 3, 3), carried=2, agreed_at=after(1)),
        action(1),
        action(3, status=ActionStatus.DONE),
    )
    report = retrospective(good(kept=Kept(actions=actions)))

    assert section(report, "Open actions") == (
        "SHOP-S1-C4-A1 'Write tests': no owner, agreed 12 days ago in SHOP-S1, without a day.",
        (
            "SHOP-S1-C4-A2 'Write tests': Bo, agreed 11 days ago in SHOP-S1, overdue since 2026-03-03, carried through 2 "
            "sprints."
        ),
    )


def test_what_was_agreed_in_this_retrospective_is_no_action_of_an_earlier_one() -> None:
    held = Minutes("SHOP-S1-C4", "SHOP", "SHOP-S1", "retrospective", after(12), "ana")
    earlier = replace(action(1), id="SHOP-S1-C40-A1")
    report = retrospective(good(kept=Kept(minutes=(held,), actions=(action(1), earlier))))

    assert [line.split()[0] for line in section(report, "Open actions")] == ["SHOP-S1-C40-A1"]


@requirement("reports.safe")
def test_what_people_noted_before_is_quoted() -> None:
    minutes = Minutes(
        "SHOP-S1-C2", "SHOP", "SHOP-S1", "daily_scrum", after(1), "ana", "We wait\nfor a key", ("Ask again",)
    )
    report = retrospective(good(kept=Kept(minutes=(minutes,))))

    assert section(report, "What people noted") == (
        "SHOP-S1-C2, daily_scrum of 2026-03-03 09:00 UTC: 'We wait for a key'.",
        "SHOP-S1-C2, daily_scrum of 2026-03-03 09:00 UTC, 1 decision: 'Ask again'.",
    )


def test_without_the_chronicle_nothing_is_said_of_what_it_knows() -> None:
    report = retrospective(good(kept=Kept(missing="The chronicle is away.")))

    assert "No item was reported as blocked." not in section(report, WELL)
    assert section(report, "What is missing") == ("The chronicle is away.",)
    assert (
        section(report, "Blocked time")[-1] == "Blocks that are over may be missing. The chronicle is away."
    )
