"""Impediments, open actions, and a team's own ceremony."""

from dataclasses import replace
from datetime import date

from scrum.backlog.events import ItemUnblocked
from scrum.backlog.model import Block, Status
from scrum.ceremonies.reports.actions import ACTIONS
from scrum.ceremonies.reports.impediments import IMPEDIMENTS
from scrum.ceremonies.reports.paper.material import Kept
from scrum.sprint.ledger import Kind, Ledger
from scrum.team.calendar import WorkingCalendar
from scrum.team.project import Project
from tests.domain.ceremonies.reports.examples import after, committed, entry, in_sprint, material
from tests.domain.ceremonies.reports.reported import action, following, happened, of_item, section, told
from tests.situations import MONDAY, item


def test_what_is_blocked_is_told_with_its_age_its_place_and_what_waits_for_it() -> None:
    items = (
        in_sprint(1, 3, assignee="Ana", block=Block("no key", after(4))),
        item(2, 3, block=Block("", after(0))),
        item(3, 3, depends_on=frozenset({"SHOP-1"})),
    )
    report = told(IMPEDIMENTS, material(items, ledger=Ledger(), days=7))

    assert section(report, "Blocked now") == (
        (
            "SHOP-2 'Item 2', in no sprint, nobody: since 2026-03-02 09:00 UTC, 5 working days, 7 calendar days: no reason "
            "given."
        ),
        (
            "SHOP-1 'Item 1', in SHOP-S1, Ana: since 2026-03-06 09:00 UTC, 1 working day, 3 calendar days: 'no key'. Needed "
            "by SHOP-3."
        ),
    )
    assert (report.figures["blocked items"], report.figures["blocked items in the sprint"]) == (2, 1)


def test_blocks_that_are_over_are_told_with_how_long_they_lasted() -> None:
    event = of_item(ItemUnblocked, after(4), 2, since=after(1).isoformat())
    kept = Kept(changes=happened(event))
    report = told(IMPEDIMENTS, material([in_sprint(1)], kept=kept, days=7))

    assert section(report, "Blocked now") == ("Nothing is reported as blocked.",)
    assert section(report, "Resolved in the sprint") == (
        "SHOP-1 'Item 1': 3 working days, 3 calendar days, until 2026-03-06 09:00 UTC: no reason given.",
    )


def test_without_the_chronicle_earlier_blocks_are_not_known() -> None:
    report = told(IMPEDIMENTS, material([in_sprint(1)], kept=Kept(missing="The chronicle is away.")))

    assert not section(report, "Resolved")
    assert section(report, "What is missing") == ("The chronicle is away.",)


def test_actions_are_told_the_oldest_first_with_what_is_overdue() -> None:
    actions = (
        action(2, agreed_at=after(1), due=date(2026, 3, 4)),
        action(1, owner="Bo", due=date(2026, 3, 5)),
    )
    report = told(ACTIONS, material(days=3, kept=Kept(actions=actions)))

    assert section(report, "Open actions") == (
        "SHOP-S1-C4-A1 'Write tests': Bo, agreed 3 days ago in SHOP-S1, due 2026-03-05.",
        "SHOP-S1-C4-A2 'Write tests': no owner, agreed 2 days ago in SHOP-S1, overdue since 2026-03-04.",
    )
    assert (report.figures["open actions"], report.figures["overdue actions"]) == (2, 1)


def test_no_action_is_an_answer_and_an_absent_chronicle_another() -> None:
    none = told(ACTIONS, material())
    away = told(ACTIONS, material(kept=Kept(missing="The chronicle is away.")))

    assert section(none, "Open actions") == ("None is open.",)
    assert section(away, "Open actions") == ()
    assert section(away, "What is missing") == ("The chronicle is away.",)


def test_a_ceremony_of_the_team_has_the_sprint_in_short_and_what_is_new() -> None:
    done = in_sprint(1, 5, status=Status.DONE)
    stuck = in_sprint(2, 3, block=Block("", after(0)))
    first = told("security_check", material([in_sprint(1, 5), in_sprint(2)], days=0))
    entries = (*committed([done, stuck]), entry(Kind.COMPLETED, 1, 5, 1))
    second = told(
        "security_check", material([done, stuck], ledger=Ledger(entries), days=2, kept=following(first))
    )

    assert section(second, "Finished since 2026-03-02 09:00 UTC") == ("SHOP-1 'Item 1', 5 points.",)
    assert section(second, "Blocked") == ("1 item: SHOP-2 for 2 working days.",)
    assert second.title.startswith("'security_check' of SHOP-S1") or second.title.startswith(
        "security_check of SHOP-S1"
    )


def test_a_report_of_nothing_blocked_says_nothing_of_blocks() -> None:
    assert not section(told("security_check", replace(material([in_sprint(1)]))), "Blocked")


def test_times_are_told_where_the_team_lives() -> None:
    berlin = Project("SHOP", "The shop", calendar=WorkingCalendar(timezone="Europe/Berlin"))
    report = told(IMPEDIMENTS, material([in_sprint(1, block=Block("", MONDAY))], project=berlin, days=30))

    assert report.title == "Impediments of SHOP, 2026-04-01 11:00 CEST"
    assert "since 2026-03-02 10:00 CET, " in section(report, "Blocked now")[0]
