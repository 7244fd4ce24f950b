"""The commands, as real processes."""

from importlib.metadata import version
from pathlib import Path

import pytest

from scrum_storage.embedded.servers import Servers
from tests.requirements import requirement
from tests.server.commands import Answer, scrum_mcp

ITEMS = "issuekey,title,storypoint,split_mark\nA-1,One,3,x\nA-2,Two,,x\n"
SPRINTS = "team,seq,completed_points\nweb,1,10\nweb,2,20\napp,1,30\n"


@pytest.fixture
def urls(database: str, servers: Servers) -> dict[str, str]:
    return {"SCRUM_DATABASE_URL": database, "SCRUM_REDIS_URL": servers.redis}


def a_file(folder: Path, text: str) -> str:
    path = folder / "some.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def shown(answer: Answer) -> dict[str, str]:
    """The rows of the table on stdout."""
    cells = [line.split("│") for line in answer.out.splitlines() if line.startswith("│")]
    return {name.strip(): value.strip() for _, name, value, _ in cells}


async def test_a_backlog_is_imported_and_summed_up(tmp_path: Path, urls: dict[str, str]) -> None:
    answer = await scrum_mcp("import-backlog", a_file(tmp_path, ITEMS), "--project", "shop", **urls)

    assert (answer.status, answer.err) == (0, "")
    facts = shown(answer)
    assert float(facts.pop("time").removesuffix(" s")) >= 0
    assert facts == {
        "project": "SHOP (new, with default settings)",
        "rows read": "2",
        "items": "2 new, 0 there already",
        "estimates": "1 with points, 1 not estimated",
        "total points": "3",
        "columns used": "external_key (issuekey), title, points (storypoint)",
        "columns ignored": "split_mark",
    }


@requirement("import.twice")
async def test_a_second_import_says_that_it_changed_nothing(tmp_path: Path, urls: dict[str, str]) -> None:
    arguments = ("import-backlog", a_file(tmp_path, ITEMS), "--project", "SHOP")
    await scrum_mcp(*arguments, **urls)

    answer = await scrum_mcp(*arguments, **urls)

    assert (answer.status, shown(answer)["items"]) == (0, "0 new, 2 there already")


@requirement("import.bad-rows")
async def test_bad_rows_end_an_import_with_their_lines(tmp_path: Path, urls: dict[str, str]) -> None:
    file = a_file(tmp_path, "key;Titel;points\nA-1;One;3\nA-2;Two;many\n")

    answer = await scrum_mcp("import-backlog", file, "--project", "SHOP", "--map", "title=titel", **urls)

    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith(
        "scrum-mcp: 1 of 2 rows cannot be imported, so nothing was:\n  line 3, points 'many'"
    )


async def test_a_bad_key_ends_an_import_before_anything_is_read(tmp_path: Path) -> None:
    answer = await scrum_mcp("import-backlog", a_file(tmp_path, ""), "--project", "my shop")

    assert (answer.status, answer.err.partition(". ")[0]) == (1, "scrum-mcp: 'my shop' is no project key")


async def test_completed_sprints_are_imported_and_summed_up(tmp_path: Path, urls: dict[str, str]) -> None:
    answer = await scrum_mcp(
        "import-history", a_file(tmp_path, SPRINTS), "--project", "SHOP", "--team", "web", **urls
    )

    facts = shown(answer)
    assert answer.status == 0, answer.err
    assert facts["sprints"] == "2 new, 0 changed, 0 there already"
    assert facts["velocity"] == "mean 15.0, median 15, n 2 (points per sprint, imported)"


async def test_several_teams_end_an_import_with_their_names(tmp_path: Path) -> None:
    answer = await scrum_mcp("import-history", a_file(tmp_path, SPRINTS), "--project", "SHOP")

    assert answer.status == 1
    assert "web (2 sprints), app (1 sprints). Choose one with --team." in answer.err


async def test_migrate_names_what_it_applied(empty_database: str, servers: Servers) -> None:
    urls = {"SCRUM_DATABASE_URL": empty_database, "SCRUM_REDIS_URL": servers.redis}

    first, second = await scrum_mcp("migrate", **urls), await scrum_mcp("migrate", **urls)

    assert first.status == 0
    assert (
        first.out
        == "Applied: core_0001, core_0002, core_0003, core_0004, core_0005, core_0006, core_0007, core_0008, core_0009, core_0010, core_0011, core_0012, core_0013, memory_0001, memory_0002, memory_0003, memory_0004, memory_0005, chronicle_0001, chronicle_0002\n"
    )
    assert (second.status, second.out) == (0, "Nothing to do: the database is up to date.\n")


async def test_settings_are_printed_without_passwords() -> None:
    answer = await scrum_mcp("settings", SCRUM_REDIS_URL="redis://:lion@cache/0", SCRUM_PORT="99")

    assert answer.status == 0
    assert "SCRUM_REDIS_URL=redis://***@cache/0  # " in answer.out
    assert "SCRUM_PORT=99  # " in answer.out


@requirement("settings.unknown")
@pytest.mark.parametrize("command", ["settings", "migrate", "serve", "doctor"])
async def test_an_unknown_setting_stops_every_command(command: str) -> None:
    answer = await scrum_mcp(command, SCRUM_PROT="1")

    assert answer.status == 1
    assert "SCRUM_PROT is not a setting. Did you mean 'SCRUM_PORT'?" in answer.out + answer.err
    assert "Traceback" not in answer.err


async def test_an_unreachable_server_ends_a_command_with_one_line(tmp_path: Path) -> None:
    urls = {
        "SCRUM_DATABASE_URL": "postgresql://ana:tiger@127.0.0.1:1/db",
        "SCRUM_REDIS_URL": "redis://127.0.0.1:1",
    }

    answer = await scrum_mcp("import-backlog", a_file(tmp_path, ITEMS), "--project", "SHOP", **urls)

    assert (answer.status, answer.err.count("\n")) == (1, 1)
    assert answer.err.startswith("scrum-mcp: PostgreSQL at 127.0.0.1/db cannot be reached")
    assert "tiger" not in answer.err


async def test_committing_an_unknown_plan_is_refused(urls: dict[str, str]) -> None:
    answer = await scrum_mcp("commit", "PLAN-0", **urls)

    assert (answer.status, "Traceback" in answer.err, "PLAN-0" in answer.err) == (1, False, True)


async def test_the_version_is_the_installed_one() -> None:
    assert (await scrum_mcp("--version")).out.strip().endswith(version("scrum-mcp"))
