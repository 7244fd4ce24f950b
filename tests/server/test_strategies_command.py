"""`scrum-mcp strategies`."""

from io import StringIO

from rich.console import Console

from scrum.memory.model import Arm
from scrum.strategies.beta import Share
from scrum.strategies.model import Record, built_in
from scrum.team.project import Project
from scrum_server.strategies import bar, overview, provenance
from scrum_storage.embedded.servers import Servers
from scrum_storage.store import MEMORY, Store, open_store
from tests.builders import SHOP, a_project
from tests.domain.strategies.examples import a_strategy, a_trial, in_test
from tests.server.commands import scrum_mcp
from tests.storage.test_strategies import failed, taught

LEARNING = Project(SHOP, "The shop", learning=True)


def shown(*records: Record, project: Project = LEARNING) -> str:
    """As in a terminal of 80 columns."""
    out = StringIO()
    Console(file=out, width=80).print(overview(project, records))
    return out.getvalue()


def test_evidence_is_drawn_as_a_bar_with_its_interval_and_its_count() -> None:
    few, many = bar(Share(1, 1)).plain, bar(Share(30, 30)).plain

    assert few.splitlines()[1] == "50%, 1 of 2"
    assert bar(Share(1.3, 1.7)).plain.endswith("47%, 1.3 of 3")
    assert few.count("━") > many.count("━") > 0
    assert few.index("┃") == many.index("┃") == 10
    assert bar(Share()).plain == "no evidence yet"


def test_a_test_that_runs_says_how_far_it_is() -> None:
    told = shown(in_test(2, 1))

    assert "buffer v1" in told
    assert "test 3 of 10" in told
    assert "75%" not in shown(*map(Record, built_in(SHOP)))


def test_what_is_only_watched_has_its_evidence_too() -> None:
    trials = (a_trial(1, Arm.SHADOW, better=True), a_trial(2, Arm.SHADOW, better=False))

    told = shown(Record(a_strategy(), trials))

    assert "watched" in told
    assert "1 of 2" in told


def test_in_80_columns_bars_are_whole_and_long_rules_are_too() -> None:
    name, when = "a_name_that_is_as_long_as_names_may_be_20", "days_away > 2.0 && scope > 1.0"
    trials = tuple(a_trial(n, Arm.APPLIED, name=name) for n in range(1, 11))

    told = shown(Record(a_strategy(name, "limit_carry_over 0.3", when), trials), in_test(3)).splitlines()

    ten, three = (bar(Share(n)).plain.splitlines()[0] for n in (10, 3))
    assert [line.split() for line in told if "┃" in line] == [
        ["candidate", ten, ten, "-"],
        ["candidate", three, three, "89%"],
    ]
    assert f"{name} v1: limit_carry_over 0.3 when {when}" in " ".join(line.strip() for line in told)


def test_without_learning_nothing_is_under_test_and_the_head_says_so() -> None:
    told = shown(in_test(2, 1), project=Project(SHOP, "The shop"))

    assert "candidates are only watched, learning is off" in told
    assert "test 3 of 10" not in told


def test_the_episodes_for_and_against_are_named() -> None:
    assert provenance(in_test(1, 1)) == [
        "buffer: 2 for it, the latest PLAN-0, PLAN-1",
        "buffer: 1 against it, the latest PLAN-2",
    ]


async def test_the_command_shows_what_a_project_learned(core: Store, database: str, servers: Servers) -> None:
    await a_project(core)
    async with open_store(database, MEMORY) as memory:
        await taught(memory, failed(1))
    where = {"SCRUM_DATABASE_URL": database, "SCRUM_REDIS_URL": servers.redis}

    answer = await scrum_mcp("strategies", "--project", SHOP.lower(), **where)
    unknown = await scrum_mcp("strategies", "--project", "NONE", **where)

    assert (answer.status, answer.err) == (0, "")
    assert "velocity_buffer v1" in answer.out
    assert "velocity_buffer: 1 for it, the latest PLAN-1" in answer.out
    assert unknown.status == 1
    assert "There is no project 'NONE'" in unknown.err
