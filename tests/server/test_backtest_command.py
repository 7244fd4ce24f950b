"""`scrum-mcp backtest`, as a real process."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from typing import Any

import pytest

from scrum.sprint.model import CarryOver
from scrum.sprint.usecases import close_sprint
from scrum.sprint.usecases import import_history as put_history
from scrum_storage.embedded.servers import Servers
from scrum_storage.store import Store
from tests.builders import SHOP, a_running_sprint, by, finish
from tests.requirements import requirement
from tests.server.backtests import FIGURES, Rows, recomputed, rows_of, sprints, table
from tests.server.commands import Answer, scrum_mcp
from tests.situations import past

REAL = Path(__file__).parents[2] / "../shared/data/velocity/history.csv"
HERE = pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not at hand")
IDLE = [[*row[:8], 0] for row in sprints("idle", 8)]
MIXED = table(*sprints("web", 14), *sprints("app", 9, usual=300), *IDLE, *sprints("new", 3))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "mixed.csv"
    path.write_text(MIXED, encoding="utf-8")
    return path


async def backtest(history: Path, *arguments: str, **settings: str) -> Answer:
    return await scrum_mcp("backtest", "--history", str(history), *arguments, **settings)


async def document(history: Path, *arguments: str) -> dict[str, Any]:
    """All that is on stdout."""
    answer = await backtest(history, "--json", *arguments)
    assert (answer.status, answer.err) == (0, "")
    told: dict[str, Any] = json.loads(answer.out)
    return told


async def checked(history: Path, out: Path) -> dict[str, Any]:
    told = await document(history, "--out", str(out))
    ours = {name: told["forecasts"]["ours"][name] for name in FIGURES}
    assert ours == pytest.approx(recomputed(rows_of(out), committing(rows_of(history))), rel=1e-9)
    return told


def committing(rows: Rows) -> Rows:
    """A commitment of 0 points is none."""
    return [{**row, "committed_points": row["committed_points"].removeprefix("0")} for row in rows]


@requirement("backtest.checkable")
async def test_the_figures_follow_from_the_forecasts_that_it_writes(mixed: Path, tmp_path: Path) -> None:
    told = await checked(mixed, tmp_path / "out.csv")

    assert told["n"] == {"macro_error": 13, "coverage": 16, "interval_score": 16, "brier": 10}
    assert told["too_short"] == {"new": 3}
    assert told["completed_nothing"] == ["idle"]


async def test_a_forecast_is_a_row_with_its_team_and_order(mixed: Path, tmp_path: Path) -> None:
    await backtest(mixed, "--out", str(tmp_path / "out.csv"))

    header, *rows = (tmp_path / "out.csv").read_text().splitlines()
    assert header == "team,seq,point,low80,high80,p_commitment"
    assert [row.split(",")[:2] for row in rows] == [
        *(["app", str(seq)] for seq in range(6, 10)),
        *(["idle", str(seq)] for seq in range(6, 9)),
        *(["web", str(seq)] for seq in range(6, 15)),
    ]


async def test_a_table_shows_ours_beside_the_simple_ones(mixed: Path) -> None:
    answer = await backtest(mixed, COLUMNS="80")
    told = await document(mixed)

    cells = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in answer.out.splitlines() if "│" in line
    ]
    assert (answer.status, answer.err) == (0, "")
    assert [row[0] for row in cells] == [*told["forecasts"], "2", "3", "5", "8"]
    ours = told["forecasts"]["ours"]
    assert cells[0][1:3] == [f"{ours['macro_error']:.3f}", f"{ours['coverage']:.3f}"]
    assert (
        [row[3] for row in cells[-4:]] == [str(one["n"]) for one in told["several"]] == ["13", "10", "5", "2"]
    )
    assert "new (3)" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80


async def test_a_plot_can_be_piped(mixed: Path) -> None:
    answer = await backtest(mixed, "--plot", "--team", "web", COLUMNS="80")

    assert answer.status == 0
    assert "web: the 80 % interval held" in answer.out
    assert ("\x1b" in answer.out, max(map(len, answer.out.splitlines())) <= 80) == (False, True)


async def test_other_encodings_separators_and_names_are_read(mixed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(MIXED.replace(",", ";").replace("completed_points", "erfüllt").encode("utf-16"))

    told = await document(other, "--encoding", "utf-16", "--map", "completed_points=Erfüllt")

    assert {**told, "history": ""} == {**await document(mixed), "history": ""}


async def test_bad_rows_end_it_with_their_lines_and_nothing_is_written(tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.csv", tmp_path / "out.csv"
    bad.write_text(f"{MIXED}web,15,,,,,,,many\n", encoding="utf-8")
    out.write_text("old")

    answer = await backtest(bad, "--out", str(out), "--json")

    assert (answer.status, answer.out, out.read_text()) == (1, "", "old")
    assert "line 36, completed_points 'many': it must be a number" in answer.err


async def test_without_enough_sprints_it_says_so(mixed: Path) -> None:
    answer = await backtest(mixed, "--team", "new")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("scrum-mcp: No team has more than 5 sprints")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--history FILE, or --project KEY"),
        (["--history", __file__, "--project", SHOP], "two sources of past sprints. Give one of them"),
        (["--project", SHOP, "--team", "web"], "--team and --map are for --history"),
        (["--history", __file__, "--json", "--plot"], "Give --json or --plot"),
    ],
)
async def test_options_that_do_not_go_together_are_refused(arguments: list[str], said: str) -> None:
    answer = await scrum_mcp("backtest", *arguments)

    assert (answer.status, answer.out, said in answer.err) == (2, "", True)


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to", None])
async def test_the_history_itself_is_not_written_over(mixed: Path, tmp_path: Path, link: str | None) -> None:
    out = tmp_path / "out.csv" if link else mixed
    if link:
        getattr(out, link)(mixed)
    before = rows_of(mixed)

    answer = await backtest(mixed, "--out", str(out))

    assert (answer.status, answer.out, rows_of(mixed)) == (2, "", before)
    assert "is the file of --history" in answer.err


async def test_forecasts_that_do_not_fit_on_the_disk_leave_what_was_there(
    mixed: Path, tmp_path: Path
) -> None:
    """A file of this process may have 512 or 1,024 bytes, and the forecasts have more."""
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "out.csv").write_text("old")
    command = f"ulimit -f 1; exec {Path(sys.executable).with_name('scrum-mcp')} backtest --history {mixed}"
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", f"{command} --out {folder / 'out.csv'}"), stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    _, err = await process.communicate()

    assert (process.returncode, "out.csv cannot be written: File too large" in err.decode()) == (1, True)
    assert [(one.name, one.read_text()) for one in folder.iterdir()] == [("out.csv", "old")]


async def test_the_history_of_a_project_is_its_imported_sprints_and_then_its_own(
    core: Store, database: str, servers: Servers, tmp_path: Path
) -> None:
    imported = past(10, 12, 9, 14, 11, 10, committed_points=12)
    await put_history(core.start, SHOP, {float(n): one for n, one in enumerate(imported)}, by=by())
    await a_running_sprint(core, points=[5, 3])
    await finish(core, "SHOP-1")
    await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=by(days=13))
    out = tmp_path / "out.csv"
    urls = {"SCRUM_DATABASE_URL": database, "SCRUM_REDIS_URL": servers.redis}

    answer = await scrum_mcp("backtest", "--project", "shop", "--json", "--out", str(out), **urls)

    assert (answer.status, answer.err) == (0, "")
    told = json.loads(answer.out)
    assert (told["history"], told["sources"]) == ("SHOP", {"imported": 1, "ledger": 1})
    assert [(row["team"], row["seq"]) for row in rows_of(out)] == [("SHOP", "6"), ("SHOP", "7")]


async def test_the_history_of_a_project_is_read_from_embedded_servers(tmp_path: Path, mixed: Path) -> None:
    home = {"SCRUM_HOME": str(tmp_path / "home")}
    await scrum_mcp("import-history", str(mixed), "--project", SHOP, "--team", "web", **home)

    answer = await scrum_mcp("backtest", "--project", SHOP, "--json", **home)

    assert (answer.status, answer.err) == (0, "")
    assert json.loads(answer.out)["forecasts"] == (await document(mixed, "--team", "web"))["forecasts"]


async def test_an_unknown_project_is_refused(database: str, servers: Servers) -> None:
    urls = {"SCRUM_DATABASE_URL": database, "SCRUM_REDIS_URL": servers.redis}

    answer = await scrum_mcp("backtest", "--project", "NONE", **urls)

    assert (answer.status, answer.out, "NONE" in answer.err) == (1, "", True)


@HERE
@requirement("backtest.checkable")
async def test_the_figures_of_real_teams_follow_from_the_forecasts(tmp_path: Path) -> None:
    told = await checked(REAL, tmp_path / "out.csv")

    assert (told["sprints"], told["teams"], told["too_short"]) == (398, 20, {})
    assert [one["n"] for one in told["several"]] == [378, 358, 319, 263]
    assert 0.77 <= told["forecasts"]["ours"]["coverage"] <= 0.83
    assert told["forecasts"]["last"]["macro_error"] == pytest.approx(0.8218, abs=1e-4)
