"""get_report tells all actions that are open, page by page, however many there are."""

from typing import Any

import pytest

from scrum.ceremonies.minutes import MINUTES
from scrum_storage.store import CHRONICLE, open_store
from tests.builders import MONDAY
from tests.held import agreed, held
from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.conftest import a_project

LATE = "2026-01-05"


async def a_project_with(ana: Agent, database: str, count: int, text: str = "Mend it") -> str:
    """So many actions, twenty a ceremony; every tenth of them is late."""
    key = await a_project(ana, (3,))
    several = [
        held(
            f"{key}-S1-C{number}",
            number / 1000,
            *(
                agreed(f"{key}-S1-C{number}-A{n}", text=text, due=None if n % 10 else LATE)
                for n in range(1, 21)
            ),
        )
        for number in range(1, count // 20 + 1)
    ]
    async with open_store(database, CHRONICLE) as chronicle, chronicle.start() as work:
        await MINUTES.handle(work, several)
        await work.commit()
    return key


async def pages(ana: Agent, key: str, **arguments: Any) -> list[dict[str, Any]]:
    found = [await ana.call("get_report", project=key, kind="actions", **arguments)]
    while cursor := found[-1]["next_cursor"]:
        found.append(await ana.call("get_report", project=key, kind="actions", cursor=cursor, **arguments))
    return found


def ids(page: dict[str, Any]) -> list[str]:
    (section,) = [one for one in page["sections"] if one["heading"] == "Open actions"]
    return [line.partition(" ")[0] for line in section["lines"]]


@requirement("chronicle.pages")
@pytest.mark.parametrize("text", ["Mend it", "文" * 300])
async def test_every_open_action_is_on_one_page(ana: Agent, module_database: str, text: str) -> None:
    key = await a_project_with(ana, module_database, 240, text)

    found = await pages(ana, key, limit=100)

    listed = [one for page in found for one in ids(page)]
    assert sorted(listed) == sorted(f"{key}-S1-C{c}-A{n}" for c in range(1, 13) for n in range(1, 21))
    assert {page["figures"]["open actions"] for page in found} == {240}
    assert {page["figures"]["overdue actions"] for page in found} == {24}
    assert not any("more" in line for page in found for one in page["sections"] for line in one["lines"])


@requirement("chronicle.pages")
async def test_a_page_has_as_many_as_are_asked_for_and_says_how_to_go_on(
    ana: Agent, module_database: str
) -> None:
    key = await a_project_with(ana, module_database, 20)

    first, second = await pages(ana, key, limit=12)
    answer = told(await ana.answer("get_report", project=key, kind="actions", limit=12))

    assert (len(ids(first)), len(ids(second))) == (12, 8)
    assert f"More: get_report with cursor={first['next_cursor']!r}." in answer


async def test_where_those_that_followed_are_settled_no_other_is_open(
    ana: Agent, module_database: str
) -> None:
    key = await a_project_with(ana, module_database, 20)
    (page,) = await pages(ana, key)
    at = int(MONDAY.timestamp() * 1_000_000) + 10**9

    beyond = await ana.call("get_report", project=key, kind="actions", cursor=f"{at}.{key}-S9-C1-A1")

    assert page["figures"]["open actions"] == beyond["figures"]["open actions"] == 20
    assert beyond["sections"][0]["lines"] == ["No other is open."]
    assert beyond["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["nonsense", "1.", "1.a b", "9" * 18 + ".A-1"])
async def test_a_cursor_of_no_page_is_refused(ana: Agent, cursor: str) -> None:
    key = await a_project(ana, (3,))

    text = await ana.refused("get_report", project=key, kind="actions", cursor=cursor)

    assert "use the next_cursor of the page before" in text
