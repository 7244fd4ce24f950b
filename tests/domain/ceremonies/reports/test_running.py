"""What a retrospective says of a sprint whose work goes on, where somebody asked for it."""

from dataclasses import replace
from typing import Any

from scrum.backlog.model import Block, Status
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.terms import DAILY, RETROSPECTIVE
from scrum.chronicle.reports import Report
from scrum.sprint.ledger import Kind
from scrum.strategies.applying import Step
from tests.domain.ceremonies.reports.examples import ENDED, SPRINT, a_plan, after, entry, in_sprint, material
from tests.domain.ceremonies.reports.reported import section, told
from tests.requirements import requirement
from tests.situations import past

TODO = [in_sprint(1, 5, assignee="Ana"), in_sprint(2, 15, assignee="Bo")]
WELL, BADLY, WHY, WHAT_STRATEGIES_DID = "What went well", "What did not", "Why, as rules", "Strategies"
NOTHING = ("Nothing that the data shows.",)
STEPS = (Step("buffer", 20, 18, "", otherwise=20),)


def on_its_third_day(**fields: Any) -> Material:
    """Nothing of 20 points is done."""
    plan = replace(a_plan(), commitment=18, steps=STEPS)
    return replace(material(TODO, days=2, plan=plan, history=past(20, 20, committed_points=20)), **fields)


def retrospective(given: Material) -> Report:
    return told(RETROSPECTIVE, given)


@requirement("reports.running")
def test_what_is_not_over_has_no_verdict_and_no_cause() -> None:
    report = retrospective(on_its_third_day())

    assert section(report, WELL) == NOTHING
    assert section(report, BADLY) == NOTHING
    assert section(report, WHY) == ()
    assert section(report, "Sprint")[-1].startswith("The sprint runs still: when its work is over, this says")


def test_what_strategies_did_is_told_without_an_outcome() -> None:
    report = retrospective(on_its_third_day())

    assert section(report, WHAT_STRATEGIES_DID) == (
        "buffer (v1): applied. The commitment was 18, without it 20.",
    )


@requirement("reports.running")
def test_the_same_is_judged_once_its_work_is_over() -> None:
    report = retrospective(on_its_third_day(sprint=ENDED))

    assert len(section(report, BADLY)) == 4
    assert section(report, WHY)
    assert section(report, WELL) == ("No item was reported as blocked.",)
    assert section(report, WHAT_STRATEGIES_DID)[0].endswith("18 off and 20 off.")
    assert "runs still" not in section(report, "Sprint")[-1]


def test_what_got_in_its_way_so_far_is_told() -> None:
    blocked = replace(TODO[0], block=Block("no key", after(1)))
    given = on_its_third_day(known={"SHOP-1": blocked, "SHOP-2": TODO[1]})
    growing = replace(given, ledger=given.ledger.plus([entry(Kind.ADDED, 3, 4, 1)]))

    assert section(retrospective(growing), BADLY) == (
        "4 points came in while it ran, 20% of the commitment; past sprints do not tell.",
        "1 item was blocked at some time while it ran.",
    )


def finishing(number: int) -> Report:
    """Ana finished so many items of 2 points, and is at work on one."""
    done = [in_sprint(n, 2, assignee="Ana", status=Status.DONE) for n in range(1, number + 1)]
    doing = in_sprint(99, 2, assignee="Ana", status=Status.IN_PROGRESS, started_at=after(0))
    entries = [entry(Kind.COMPLETED, n, 2, 0.5) for n in range(1, number + 1)]
    return told(DAILY, material([*done, doing], *entries))


def finishes(number: int) -> list[str]:
    return [line for line in section(finishing(number), "Of Ana") if line.startswith("Finished")]


@requirement("reports.many")
def test_ten_finished_items_of_a_person_are_named_each() -> None:
    assert finishes(10) == [f"Finished: SHOP-{n} 'Item {n}', 2 points." for n in range(1, 11)]


@requirement("reports.many")
def test_of_more_the_first_are_named_and_the_others_counted() -> None:
    assert finishes(39) == [
        *(f"Finished: SHOP-{n} 'Item {n}', 2 points." for n in (1, 2, 3)),
        "Finished besides: 36 items with 72 points; get_report with kind='history' has all.",
    ]
    assert finishing(39).figures["of Ana: finished"] == 39
    assert section(finishing(39), "Of Ana")[-1].startswith("In progress: SHOP-99")


@requirement("reports.why")
def test_a_report_says_first_why_its_ceremony_is_held() -> None:
    why = "25 items are done, 25 more than when it was last due."
    given = on_its_third_day(because=why, sprint=SPRINT)

    for report in (told(DAILY, given), retrospective(given), told("pairing", given)):
        assert (report.sections[0].heading, report.sections[0].lines) == ("Why it is held", (why,))
    assert section(told(DAILY, replace(given, because="")), "Why it is held") == ()
