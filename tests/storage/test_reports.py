"""Kept reports, on a real server."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from scrum.chronicle.reports import Report, Section, UnknownReport
from scrum.chronicle.usecases import kept_report
from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import MONDAY, SHOP
from tests.requirements import requirement

ONE = Report(
    project=SHOP,
    sprint="SHOP-S3",
    ceremony="daily_scrum",
    at=MONDAY,
    title="Daily scrum of SHOP-S3",
    sections=(Section("Ana", ("Finished SHOP-1 'Pay — 支払う'.", "Nothing is blocked.")), Section("Bo", ())),
    figures={"remaining": 12, "chance": 0.625, "behind": -1.5},
    plan="PLAN-1",
    id="SHOP-S3-C2",
)


@pytest.fixture
async def chronicle(database: str) -> AsyncGenerator[Store[ChronicleWork]]:
    async with open_store(database, CHRONICLE) as store:
        yield store


async def keep(chronicle: Store[ChronicleWork], *reports: Report) -> list[bool]:
    async with chronicle.start() as work:
        new = [await work.reports.keep(one) for one in reports]
        await work.commit()
    return new


def another(number: int, *, minutes: float = 0, ceremony: str = "daily_scrum", sprint: int = 3) -> Report:
    at = MONDAY + timedelta(minutes=minutes)
    name = f"{SHOP}-S{sprint}"
    return replace(ONE, id=f"{name}-C{number}", sprint=name, ceremony=ceremony, at=at)


async def latest(chronicle: Store[ChronicleWork], project: str = SHOP, **where: Any) -> Sequence[Report]:
    async with chronicle.start() as work:
        return await work.reports.latest(project, **where)


def ids(reports: Sequence[Report]) -> list[str]:
    return [one.id for one in reports]


@requirement("chronicle.reports")
async def test_a_report_comes_back_as_it_was(chronicle: Store[ChronicleWork]) -> None:
    assert await keep(chronicle, ONE) == [True]

    assert await kept_report(chronicle.start, SHOP, ONE.id) == ONE
    assert await kept_report(chronicle.start, SHOP, " shop-s3-c2") == ONE


@requirement("chronicle.reports")
async def test_the_first_report_of_an_occurrence_stays(chronicle: Store[ChronicleWork]) -> None:
    await keep(chronicle, ONE)

    assert await keep(chronicle, replace(ONE, title="Another"), another(3)) == [False, True]

    assert await kept_report(chronicle.start, SHOP, ONE.id) == ONE


@requirement("chronicle.reports")
async def test_of_two_who_keep_the_same_at_once_one_does(chronicle: Store[ChronicleWork]) -> None:
    texts = [replace(ONE, title=f"Made by {n}") for n in range(4)]

    answers = [new for (new,) in await asyncio.gather(*(keep(chronicle, one) for one in texts))]

    assert sorted(answers) == [False, False, False, True]
    assert (await kept_report(chronicle.start, SHOP, ONE.id)) == texts[answers.index(True)]


async def test_what_is_not_committed_is_not_kept(chronicle: Store[ChronicleWork]) -> None:
    async with chronicle.start() as work:
        await work.reports.keep(ONE)

    assert await latest(chronicle) == []


async def test_a_report_without_an_id_is_never_kept(chronicle: Store[ChronicleWork]) -> None:
    with pytest.raises(IntegrityError, match="reports_named"):
        await keep(chronicle, replace(ONE, id=""))


async def test_the_latest_are_those_that_are_asked_for(chronicle: Store[ChronicleWork]) -> None:
    await keep(
        chronicle,
        another(1, minutes=1, ceremony="sprint_planning"),
        another(2, minutes=9),
        another(3, minutes=5),
        another(1, minutes=7, sprint=4),
        replace(another(1), project="BANK", id="BANK-S3-C1"),
    )

    every = ["SHOP-S3-C2", "SHOP-S4-C1", "SHOP-S3-C3", "SHOP-S3-C1"]
    assert ids(await latest(chronicle)) == every
    assert ids(await latest(chronicle, limit=2)) == every[:2]
    assert ids(await latest(chronicle, sprint="SHOP-S3")) == [every[0], every[2], every[3]]
    assert ids(await latest(chronicle, ceremony="daily_scrum")) == every[:3]
    both = await latest(chronicle, sprint="SHOP-S3", ceremony="daily_scrum")
    assert ids(both) == [every[0], every[2]]
    assert await latest(chronicle, "NOWHERE") == []


async def test_at_one_moment_the_higher_number_is_newer(chronicle: Store[ChronicleWork]) -> None:
    await keep(chronicle, *(another(number) for number in (9, 11, 10, 2)))

    assert ids(await latest(chronicle)) == ["SHOP-S3-C11", "SHOP-S3-C10", "SHOP-S3-C9", "SHOP-S3-C2"]


@pytest.mark.parametrize("name", ["SHOP-S3-C9", "", "nothing 'like' it"])
async def test_a_report_that_is_not_kept_is_told_by_its_name(
    chronicle: Store[ChronicleWork], name: str
) -> None:
    with pytest.raises(UnknownReport, match=r"SHOP has kept no report '.*'.*list_ceremonies"):
        await kept_report(chronicle.start, SHOP, name)


async def test_a_report_of_another_project_is_unknown_here(chronicle: Store[ChronicleWork]) -> None:
    await keep(chronicle, ONE)

    with pytest.raises(UnknownReport):
        await kept_report(chronicle.start, "BANK", ONE.id)
