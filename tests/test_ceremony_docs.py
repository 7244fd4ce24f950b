"""The pages about ceremonies say what evaluation does: their examples are replayed."""

import ast
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import click
import pytest
from jsonschema import validate

from scrum.ceremonies.policy.between import restarts
from scrum.ceremonies.policy.model import Policy, resolve
from scrum.ceremonies.policy.settings import KEYS, Key, Settings, kept
from scrum.ceremonies.policy.spelling import Document
from scrum.ceremonies.policy.templates import TEMPLATES
from scrum.ceremonies.terms import Strategy
from scrum.ceremonies.triggers.course import Firing
from scrum.ceremonies.triggers.crossing import every
from scrum.ceremonies.triggers.facts import Happening
from scrum.errors import Invalid
from scrum.team.project import Cadence
from scrum.text import counted
from scrum_server.cli import main
from scrum_tools.toolsets import Toolset, tools
from tests.ceremony_pages import PAGES, README, Replay, blocks, example, flat, moment, policies, table
from tests.requirements import requirement

OF_STRATEGIES = {strategy: PAGES.get(strategy.value, "") for strategy in Strategy}
EXAMPLES = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
STORM = re.compile(r"1,000 `(?P<name>\w+)`(?: from (?P<source>\w+))? within 3 seconds: [^.]+\.")
CALL = re.compile(r"\b\w+\(\w+=[^`]*?\)(?=`|\n)")
SAYS = re.compile(r"At (\d+ \w+ [\d:.]+) `list_ceremonies` says of (?:the |`)(\w+)`?: \"(.+?)\"")


def due(firing: Firing) -> str:
    number = firing.held_for
    several = f" ({number} occurrences)" if number > 1 else ""
    return f"`{firing.ceremony}` {firing.occurrence}{several}"


def test_every_strategy_has_a_page_and_the_overview_leads_to_each() -> None:
    assert set(PAGES) == {"README", "virtual_time", *Strategy}
    assert [row[0] for row in table(README, "strategy")] == [f"[{name}]({name}.md)" for name in Strategy]


@requirement("ceremonies.documented")
@EXAMPLES
def test_what_an_example_says_is_due_is_due_then(page: str) -> None:
    policy, rows = example(page)
    replay = Replay(policy, rows[0].at)

    for row in rows:
        found = replay.row(row)
        assert ", ".join(due(one) for one in found.firings) == row.due, row
        assert ", ".join(one.state for one in found.moves) == row.goes_to, row
        assert all(step.at == row.at for step in found.steps), row


@requirement("ceremonies.documented")
@EXAMPLES
def test_what_an_example_says_of_reasons_is_said(page: str) -> None:
    policy, rows = example(page)
    for when, of, quoted in SAYS.findall(flat(page)):
        replay = Replay(policy, rows[0].at)
        for row in rows:
            if row.at <= moment(when):
                replay.row(row)
        found = replay.after([], moment(when))
        said = {one.ceremony: one.reason for one in replay.coming(moment(when))}
        assert quoted == (found.sprint if of == "sprint" else said[of])


def test_examples_say_reasons() -> None:
    assert [name for name, page in PAGES.items() if not SAYS.search(flat(page))] == ["README"]


@EXAMPLES
def test_every_spelling_in_a_page_means_the_same(page: str) -> None:
    first, *others = policies(page)

    for other in others:
        assert [rule.settings for rule in other.ceremonies] == [rule.settings for rule in first.ceremonies]
        assert other.sprint.settings == first.sprint.settings


@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"README"}))
def test_what_a_page_says_of_a_storm_comes_out(name: str) -> None:
    page = PAGES[name]
    policy, rows = example(page)
    found = STORM.search(flat(page))
    assert found

    assert found.group() == told_of_storm(policy, rows[0].at, found["name"], found["source"] or "")


def told_of_storm(policy: Policy, start: datetime, name: str, source: str) -> str:
    replay = Replay(policy, start)
    replay.after([Happening(1, start, "sprint_started", items=1_000)], start)
    firings: list[Firing] = []
    for number in range(1, 1_001):
        at = start + number * timedelta(milliseconds=3)
        spent = (policy.sprint.settings.budget or 0) * number / 1_000
        one = Happening(number + 1, at, name, item=f"SHOP-{number}", spent=spent, source=source)
        firings += replay.after([one], at).firings
    firings += replay.after([], start + timedelta(seconds=15)).firings
    dailies = [one.held_for for one in firings if one.ceremony == "daily_scrum"]
    of = f" from {source}" if source else ""
    times = f"due {counted(len(dailies), 'time')}, for {counted(sum(dailies), 'occurrence')}".replace(
        "1000", "1,000"
    )
    return f"1,000 `{name}`{of} within 3 seconds: `daily_scrum` is {times if dailies else 'not due'}."


@pytest.mark.parametrize("page", OF_STRATEGIES.values(), ids=OF_STRATEGIES)
def test_what_a_page_says_starts_over_is_what_set_ceremonies_says(page: str) -> None:
    (template,) = re.findall(r"From template `(\w+)` to this example", page)
    after = policies(page)[0]

    (quoted,) = re.findall(r"^> (.+)$", page, re.MULTILINE)

    assert quoted in restarts(resolve(Cadence(template), Document()), after)


def keys(strategy: Strategy | None) -> dict[str, Key]:
    """That a strategy takes and others do not; those that all take for None."""
    return {
        name: key for name, key in KEYS.items() if (strategy in key.takers if strategy else not key.takers)
    }


@requirement("ceremonies.documented")
@pytest.mark.parametrize(
    ("strategy", "page"),
    [(None, README), *OF_STRATEGIES.items()],
    ids=["every strategy", *OF_STRATEGIES],
)
def test_a_page_lists_every_key_with_its_default(strategy: Strategy | None, page: str) -> None:
    listed = {name.strip("`"): (scope, default) for name, scope, default, *_ in table(page, "key")}

    defaults = {name: json.dumps(kept(getattr(Settings(), name))) for name in KEYS}
    assert listed == {name: (key.scope.value, f"`{defaults[name]}`") for name, key in keys(strategy).items()}


LIMITS = [
    (f"{name}: {cells[0]}", cells)
    for name, page in PAGES.items()
    if "| key |" in page
    for cells in table(page, "key")
]


@requirement("ceremonies.documented")
@pytest.mark.parametrize("cells", [cells for _, cells in LIMITS], ids=[name for name, _ in LIMITS])
def test_a_key_takes_exactly_what_its_page_says(cells: list[str]) -> None:
    name, default = cells[0].strip("`"), json.loads(cells[2].strip("`"))
    limits = re.match(r"([\d.]+) to ([\d.]+)", cells[3])
    takes_list = isinstance(default, list) and name == "budget_thresholds"
    assert default == kept(getattr(Settings(), name))
    if not limits:
        assert isinstance(default, bool | str | list)
        assert not takes_list
        return
    low, high = (float(limit) for limit in limits.groups())
    read = KEYS[name].read
    for value in (low, high):
        read(name, [value] if takes_list else value)
    for value in (low - 0.005, high + 1):
        with pytest.raises(Invalid):
            read(name, [value] if takes_list else value)


def test_the_table_of_templates_says_what_each_sets() -> None:
    listed = {
        cells[0]: (said_values(cells[4]), said_of_ceremonies(cells[5])) for cells in table(README, "template")
    }

    assert listed == {
        cadence: (shown(one.sprint), {name: shown(values) for name, values in one.ceremonies.items()})
        for cadence, one in TEMPLATES.items()
    }


def test_the_table_of_templates_says_how_often_a_daily_scrum_is_due() -> None:
    for cells in table(README, "template"):
        daily = resolve(Cadence(cells[0]), Document()).of("daily_scrum")
        assert daily
        assert cells[2] == pace(daily.settings)


def pace(daily: Settings) -> str:
    parts = ["each working day"] if daily.strategy.has_calendar else []
    parts += [f"every {every(daily)} items"] if daily.strategy.has_tasks else []
    if daily.strategy is Strategy.EVENT_DRIVEN:
        parts += [f"every {daily.debounce} {daily.on[0]}"]
    return ", or ".join(parts) or "when the pace changes"


def said_values(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def said_of_ceremonies(cell: str) -> dict[str, set[str]]:
    return {part.split()[0]: said_values(part) for part in cell.split(";") if part.strip()}


def shown(values: Mapping[str, Any]) -> set[str]:
    plain: dict[str, Any] = {key: value[0] if key == "on" else value for key, value in values.items()}
    return {
        f"{key}: {value if isinstance(value, str) else json.dumps(value)}" for key, value in plain.items()
    }


def test_values_in_the_overview_come_from_where_it_says() -> None:
    policy = policies(README)[0]
    for of, value, origin in table(README, "value"):
        name, key = of.replace("`", "").split()
        rule = policy.sprint if name == "sprint" else policy.of(name)
        assert rule
        found = rule.shown()[key]
        assert (f"`{json.dumps(found.value)}`", found.origin) == (value, origin)


@EXAMPLES
def test_calls_in_a_page_are_accepted_by_their_tools(page: str) -> None:
    schemas = {one.name: one.parameters for one in tools(frozenset({Toolset.ALL}), read_only=False)}
    for block in blocks(page):
        validate(block, schemas["set_ceremonies"])
    for told in CALL.findall(page):
        call = ast.parse(told, mode="eval").body
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Name)
        given = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
        schema = schemas[call.func.id]
        assert given.keys() <= schema["properties"].keys(), told
        validate(given, schema)


def test_commands_in_the_pages_exist() -> None:
    named = {name for page in PAGES.values() for name in re.findall(r"`scrum-mcp ([a-z-]+)", page)}

    assert named == {"tick"}
    assert named <= set(main.list_commands(click.Context(main)))
