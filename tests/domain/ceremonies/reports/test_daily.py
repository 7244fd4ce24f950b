"""The daily scrum."""

from dataclasses import replace
from datetime import date
from typing import Any

from scrum.backlog.events import ItemChanged
from scrum.backlog.model import Block, Item, Status
from scrum.ceremonies.reports.paper.material import Kept, Material
from scrum.ceremonies.reports.parts.since import LEDGER_ENTRIES
from scrum.ceremonies.terms import DAILY
from scrum.chronicle.reports import Report
from scrum.sprint.ledger import Kind, Ledger
from scrum.sprint.model import State
from scrum.team.model import Absence, Team
from tests.domain.ceremonies.reports.examples import SPRINT, after, committed, entry, in_sprint, material
from tests.domain.ceremonies.reports.reported import following, happened, of_item, section, told
from tests.requirements import requirement
from tests.situations import FIVE, team


def daily(given: Material) -> Report:
    return told(DAILY, given)


def doing(number: int, assignee: str = "Ana", **fields: Any) -> Item:
    return in_sprint(number, 3, assignee=assignee, status=Status.IN_PROGRESS, started_at=after(0.1), **fields)


def done(number: int, days: float, assignee: str = "Ana") -> Item:
    return in_sprint(
        number, 3, assignee=assignee, status=Status.DONE, started_at=after(0.1), done_at=after(days)
    )


def test_each_person_has_what_is_recorded_of_their_items() -> None:
    waits = doing(3, "Bo", block=Block("no key yet", after(0.2)))
    late = in_sprint(4, 3, assignee="Bo", due=date(2026, 3, 2))
    report = daily(
        material([done(1, 0.5), doing(2), waits, late], entry(Kind.COMPLETED, 1, days=0.5), days=3)
    )

    assert section(report, "Of Ana") == (
        "1 finished, 1 in progress, 0 blocked, 0 at risk, 1 open in all.",
        "Finished: SHOP-1 'Item 1', 3 points.",
        "In progress: SHOP-2 'Item 2', begun 3 working days ago.",
    )
    assert section(report, "Of Bo") == (
        "0 finished, 0 in progress, 1 blocked, 1 at risk, 2 open in all.",
        "Blocked: SHOP-3 'Item 3' for 3 working days (since 2026-03-02 13:48 UTC): 'no key yet'.",
        "At risk: SHOP-4 'Item 4': it was due 2026-03-02.",
    )
    assert report.figures["SHOP-3 working days blocked"] == 3


@requirement("reports.once")
def test_the_next_one_tells_only_what_is_new() -> None:
    items = [done(1, 0.5), done(2, 1.5)]
    first = daily(material(items[:1], entry(Kind.COMPLETED, 1, days=0.5), days=1))
    entries = (*committed(items), entry(Kind.COMPLETED, 1, days=0.5), entry(Kind.COMPLETED, 2, days=1.5))
    seen = replace(first, figures={**first.figures, LEDGER_ENTRIES: 3})
    second = daily(material(items, ledger=Ledger(entries), days=2, kept=following(seen)))

    assert "Finished: SHOP-2 'Item 2', 3 points." in section(second, "Of Ana")
    assert not any("SHOP-1" in line for line in section(second, "Of Ana"))
    assert section(second, "Since the last one") == (
        "Finished since 2026-03-03 09:00 UTC: 1 item with 3 points.",
    )


@requirement("reports.once")
def test_what_was_recorded_in_the_same_moment_as_the_last_one_is_not_lost() -> None:
    first = daily(material([doing(1)], days=1))
    second = daily(material([done(1, 1)], entry(Kind.COMPLETED, 1, days=1), days=2, kept=following(first)))

    assert second.figures["finished items"] == 1


def test_a_report_that_does_not_count_entries_is_followed_by_its_time() -> None:
    first = replace(daily(material([doing(1)], days=1)), figures={})
    entries = (entry(Kind.COMPLETED, 1, days=0.5), entry(Kind.COMPLETED, 2, days=1.5))
    second = daily(material([done(1, 0.5), done(2, 1.5)], *entries, days=2, kept=following(first)))

    assert second.figures["finished items"] == 1


def test_by_its_time_what_was_recorded_in_that_moment_was_told_already() -> None:
    first = replace(daily(material([doing(1)], days=1)), figures={})
    second = daily(material([done(1, 1)], entry(Kind.COMPLETED, 1, days=1), days=2, kept=following(first)))

    assert second.figures["finished items"] == 0


def test_the_report_of_an_earlier_sprint_is_no_last_one() -> None:
    other = replace(daily(material([doing(1)], days=1)), sprint="SHOP-S0")
    report = daily(material([done(1, 0.5)], entry(Kind.COMPLETED, 1, days=0.5), kept=following(other)))

    assert "since the sprint started" in section(report, "Since the last one")[0]


def test_what_was_finished_and_reopened_is_reopened_and_not_finished() -> None:
    entries = (entry(Kind.COMPLETED, 1, days=0.5), entry(Kind.REOPENED, 1, days=0.6, reason="it broke"))
    report = daily(material([doing(1)], *entries))

    assert report.figures["finished items"] == 0
    assert section(report, "Reopened") == (
        "ana reopened SHOP-1 'Item 1' (2026-03-02 23:24 UTC, 'it broke').",
    )


@requirement("reports.silence")
def test_silence_is_told_as_no_data_with_when_something_was_heard_last() -> None:
    first = daily(material([doing(1)], days=1))
    second = daily(material([doing(1)], days=2, kept=following(first)))

    assert section(second, "Of Ana")[-1] == (
        "No data since 2026-03-03 09:00 UTC; the last was recorded 2026-03-02 11:24 UTC."
    )
    assert section(second, "No data")[0] == "Bo: no data in this sprint; no open item in the sprint."


def test_any_change_of_an_item_that_the_history_knows_is_data() -> None:
    event = of_item(ItemChanged, after(1.5), 2, fields={"status": "in_review"})
    first = daily(material([doing(1)], days=1))
    kept = following(first, changes=happened(event))

    assert not any(
        "No data" in line for line in section(daily(material([doing(1)], days=2, kept=kept)), "Of Ana")
    )


def test_the_latest_of_what_is_recorded_is_what_was_heard_last() -> None:
    event = of_item(ItemChanged, after(0.5), 2, fields={})
    estimated = entry(Kind.REESTIMATED, 1, 3, 0.75, before=2)
    first = daily(material([doing(1)], days=1))
    kept = following(first, changes=happened(event))
    second = daily(material([doing(1)], estimated, days=2, kept=kept))

    assert section(second, "Of Ana")[-1].endswith("; the last was recorded 2026-03-03 03:00 UTC.")


def test_what_is_due_today_is_not_late() -> None:
    report = daily(material([in_sprint(1, 3, assignee="Ana", due=date(2026, 3, 3))], days=1))

    assert section(report, "Of Ana")[1] == (
        "At risk: SHOP-1 'Item 1': it is due 2026-03-03, before the sprint ends."
    )


def test_what_nobody_is_assigned_to_has_a_place_of_its_own() -> None:
    report = daily(material([in_sprint(1), doing(2, "")]))

    assert section(report, "Without an assignee") == (
        "2 open items: SHOP-1, SHOP-2.",
        "In progress: SHOP-2 'Item 2', begun 1 working day ago.",
    )


def test_whoever_left_the_team_is_told_still() -> None:
    assert section(daily(material([doing(1, "Zoe")])), "Of Zoe")[0] == "Not on the team."


def test_where_no_team_is_recorded_nobody_is_a_stranger() -> None:
    assert section(daily(material([doing(1)], team=Team("SHOP"))), "Of Ana")[0].startswith("0 finished")


def test_the_scope_says_who_changed_what_and_why() -> None:
    changes = (
        entry(Kind.ADDED, 2, 5, 0.2, reason="a customer asked"),
        entry(Kind.REESTIMATED, 1, 8, 0.3, before=3),
        entry(Kind.ADDED, 3, None, 0.4),
        entry(Kind.REMOVED, 3, None, 0.5),
    )
    report = daily(
        material([in_sprint(1), in_sprint(2)], ledger=Ledger((*committed([in_sprint(1)]), *changes)))
    )

    assert section(report, "Scope") == (
        "In total +10 points and +1 item, 2 items of these without points.",
        "ana removed SHOP-3, not estimated (2026-03-02 21:00 UTC, no reason given).",
        "ana added SHOP-3, not estimated (2026-03-02 18:36 UTC, no reason given).",
        "ana changed SHOP-1 'Item 1' from 3 points to 8 points (2026-03-02 16:12 UTC, no reason given).",
        "ana added SHOP-2 'Item 2', 5 points (2026-03-02 13:48 UTC, 'a customer asked').",
    )


def test_the_chance_says_what_it_goes_by() -> None:
    line = next(line for line in section(daily(material([doing(1)])), "Sprint") if "chance" in line)

    assert "20 points, 80% between 10 and 30" in line
    assert "90% of the working days" in line


def test_what_is_not_known_of_the_chance_is_said() -> None:
    unplanned = daily(material([doing(1)], sprint=replace(SPRINT, prediction=None)))
    unknown = daily(material([in_sprint(1, None)]))

    assert "The chance to finish is not known: no plan said what to expect." in section(unplanned, "Sprint")
    assert "The chance to finish is not known: 1 item of what remains without points." in section(
        unknown, "Sprint"
    )


def test_on_the_first_day_it_looks_back_to_the_start() -> None:
    report = daily(material([in_sprint(1)], days=0))

    assert section(report, "Since the last one") == (
        "Nothing was recorded as finished since the sprint started.",
    )
    assert section(report, "Sprint")[1] == "Working day 1 of 10; it ends 2026-03-13."
    assert section(report, "Scope") == ("It did not change.",)


def test_an_empty_sprint_has_nothing_to_tell() -> None:
    report = daily(material())

    assert report.figures["remaining items"] == 0
    assert "nothing remains" in section(report, "Sprint")[-1]


def test_a_sprint_that_has_not_started_has_no_progress() -> None:
    planned = replace(SPRINT, state=State.PLANNED, started_at=None)
    report = daily(material([in_sprint(1), in_sprint(2, None)], ledger=Ledger(), sprint=planned))

    assert [one.heading for one in report.sections] == ["Sprint"]
    assert section(report, "Sprint")[2] == "It has 3 points in 2 items, 1 of them without points."


def test_without_a_sprint_it_says_so() -> None:
    first = daily(material(sprint=None, sprint_id="SHOP-S2", open_sprint=""))
    later = daily(material(sprint=None, sprint_id="SHOP-S2", open_sprint="SHOP-S1"))

    assert section(first, "Sprint") == (
        "SHOP-S2 is not planned yet. Call plan_sprint, then commit_plan and start_sprint.",
    )
    assert section(later, "Sprint") == (
        "SHOP-S2 is not planned yet. SHOP-S1 comes before it, and is not over.",
    )


def test_when_everybody_is_away_it_says_when_they_are_back_and_what_that_endangers() -> None:
    everybody = replace(
        team(*FIVE), absences=tuple(Absence(name, date(2026, 3, 2), date(2026, 3, 20)) for name in FIVE)
    )
    report = daily(material([doing(1)], team=everybody))

    assert section(report, "Of Ana")[0] == "Away, back 2026-03-23."
    assert "At risk: SHOP-1 'Item 1': who has it is away on every working day that is left." in section(
        report, "Of Ana"
    )
    assert all(line.endswith("Away, back 2026-03-23.") for line in section(report, "No data"))


def test_half_a_day_away_is_no_absence_for_the_sprint() -> None:
    half = replace(team("Ana"), absences=(Absence("Ana", date(2026, 3, 3), date(2026, 3, 3), half_day=True),))

    assert section(daily(material([doing(1)], team=half)), "Of Ana")[0] == "Away for part of today."


def test_an_item_is_at_risk_that_waits_for_what_stands_still() -> None:
    stuck = in_sprint(2, 3, assignee="Bo", block=Block("", after(0.1)))
    outside = replace(in_sprint(3), sprint="")
    waits = in_sprint(1, 3, assignee="Ana", depends_on=frozenset({"SHOP-2", "SHOP-3"}))
    report = daily(material([waits, stuck], known={one.key: one for one in (waits, stuck, outside)}))

    assert (
        "At risk: SHOP-1 'Item 1': it needs SHOP-2, blocked and it needs SHOP-3, not in the sprint."
        in section(report, "Of Ana")
    )


def test_an_item_is_at_risk_that_takes_far_longer_than_those_that_are_done() -> None:
    finished = [done(number, 1.1) for number in (1, 2, 3)]
    completions = [entry(Kind.COMPLETED, number, days=1.1) for number in (1, 2, 3)]
    slow = daily(material([*finished, doing(4)], *completions, days=3))
    fast = daily(material([*finished, doing(4)], *completions, days=2))

    told_of_it = "started 3 working days ago, over twice the median of what is done here (1)"
    assert any(told_of_it in line for line in section(slow, "Of Ana"))
    assert slow.figures["of Ana: at risk"] == 1
    assert fast.figures["of Ana: at risk"] == 0


def test_what_could_not_be_read_is_said() -> None:
    report = daily(material([doing(1)], kept=Kept(missing="The chronicle is away.")))

    assert section(report, "What is missing") == ("The chronicle is away.",)


def test_what_the_chronicle_did_not_hear_of_yet_is_counted() -> None:
    report = daily(material([doing(1)], kept=Kept(pending=2)))

    assert section(report, "What is missing") == (
        "At least 2 events of the project did not reach the chronicle yet: what it adds to this may lag behind.",
    )
    assert report.figures["pending events"] == 2


def test_a_sprint_that_should_be_over_says_so() -> None:
    assert "It should have ended 2026-03-13." in section(daily(material([doing(1)], days=12)), "Sprint")


def test_a_block_is_told_in_working_days_and_not_again_as_a_risk() -> None:
    report = daily(material([doing(1, block=Block("", after(0.2)))], days=2))

    assert not any("blocked items" in line for line in section(report, "Risks of the sprint"))


def test_a_weekend_is_no_working_day() -> None:
    lines = section(daily(material([doing(1)], days=5)), "Sprint")

    assert "Today is no working day. Working day 5 of 10; it ends 2026-03-13." in lines
