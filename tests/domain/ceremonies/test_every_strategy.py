"""What holds for every strategy: cold starts, the same facts twice, and what one ceremony does otherwise."""

import pytest
from pydantic import TypeAdapter

from scrum.ceremonies.terms import Strategy
from scrum.ceremonies.triggers.standing import Standing
from scrum.team.project import Cadence
from tests.domain.ceremonies.diary import Diary, a_policy, only, without
from tests.requirements import requirement

DAILY = "daily_scrum"


@pytest.mark.parametrize("strategy", Strategy)
def test_a_cold_start_fires_nothing_and_says_what_is_missing(strategy: Strategy) -> None:
    diary = Diary(a_policy(sprint={"strategy": strategy}))

    found = diary.after(days=30).evaluated()

    assert found.steps == ()
    assert all(one.firing is None and one.reason.endswith(".") for one in found.decisions)


@pytest.mark.parametrize("cadence", Cadence)
def test_the_same_facts_twice_give_nothing_new(cadence: Cadence) -> None:
    diary = Diary(a_policy(cadence), first_day=None).starts(items=20).completes(30, every=3600)
    first = diary.evaluated()

    second = diary.evaluated()

    assert first.firings
    assert second.steps == ()
    assert second.standing == first.standing


def test_a_standing_survives_its_storage() -> None:
    diary = Diary(a_policy(Cadence.PRODUCT_TEAM)).starts(items=20).completes(7)
    diary.evaluated()
    form: TypeAdapter[Standing] = TypeAdapter(Standing)

    assert form.validate_json(form.dump_json(diary.standing)) == diary.standing


@requirement("ceremonies.override")
def test_another_strategy_for_one_ceremony_changes_what_fires() -> None:
    usual = Diary(a_policy()).starts(items=50)
    changed = Diary(a_policy(ceremonies={DAILY: {"frequency": "daily", "time_of_day": "15:00"}})).starts(
        items=50
    )

    for diary in (usual, changed):
        diary.completes(5, every=60)
    assert without(usual.fired(), "sprint_planning") == ["daily_scrum completions:5"]
    assert without(changed.fired(), "sprint_planning") == []

    for diary in (usual, changed):
        diary.after(hours=7)
    assert usual.fired() == []
    assert changed.fired() == ["daily_scrum slot:2026-03-02T15:00+00:00"]


def test_a_ceremony_that_is_switched_off_never_fires() -> None:
    diary = Diary(only(DAILY, {"enabled": False})).starts(items=50).completes(25)

    assert diary.fired() == []
    assert diary.why(DAILY) == "It is switched off."
