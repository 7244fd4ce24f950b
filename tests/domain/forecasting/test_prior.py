"""The constants of the prior are those that the script derives."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import scrum.forecasting.prior
from bench.fit_prior import at_bounds, fitted, searched, shown, written
from bench.histories import REAL, Unfit, organisation, read, without
from scrum.forecasting.prior import PRIOR, Prior
from tests.requirements import requirement

MODULE = Path(scrum.forecasting.prior.__file__)
BENCH = Path(__file__).parents[3] / "bench"
BARE = "team,seq,completed_points\n"
UNTOLD = [f"A,{n},{20 + 5 * (n % 3)}" for n in range(12)]
"""The longer the noise is remembered, the likelier."""
STEADY = [f"A,{n},{20 + n % 3}" for n in range(12)]


def file_of(tmp_path: Path, *rows: str, header: str = BARE) -> Path:
    path = tmp_path / "history.csv"
    path.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCH / script), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)  # noqa: S603 - our own


@requirement("forecast.refit")
@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not at hand")
def test_the_constants_are_what_the_script_derives() -> None:
    assert fitted(read(REAL)) == PRIOR


def test_the_script_writes_the_module_as_it_is() -> None:
    module = MODULE.read_text(encoding="utf-8")

    assert written(module, shown(PRIOR)) == module
    assert "memory=0.5," in written(module, shown(replace(PRIOR, memory=0.5)))


def test_the_search_ends_at_the_top() -> None:
    def score(prior: Prior) -> float:
        return (
            -((prior.memory - 0.77) ** 2)
            - (prior.slope + prior.slope_variance - 0.9) ** 2
            - (prior.slope_variance - 0.1) ** 2
        )

    found = searched(replace(PRIOR, memory=0.6), score)

    assert (found.memory, found.slope, found.slope_variance) == (0.77, 0.8, 0.1)


def test_a_team_is_not_scored_with_what_its_organisation_gave(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    file.write_text("team,seq,completed_points\na:1,2,5\na:1,1,4\na:2,1,7\nb:1,1,9\n", encoding="utf-8")
    teams = read(file)

    assert [past.completed_points for past in teams["a:1"]] == [4, 5]
    assert [organisation(team) for team in teams] == ["a", "a", "b"]
    assert list(without(teams, "a")) == ["b:1"]


def test_what_a_file_has_no_column_for_stays_as_it_is(tmp_path: Path) -> None:
    found = fitted(read(file_of(tmp_path, *STEADY)))

    names = ("slope", "slope_variance", "members")
    assert [getattr(found, name) for name in names] == [getattr(PRIOR, name) for name in names]
    assert found.level != PRIOR.level


def test_constants_that_end_where_the_search_does_are_told_and_not_written(tmp_path: Path) -> None:
    module = MODULE.read_bytes()

    done = run("fit_prior.py", "--history", str(file_of(tmp_path, *UNTOLD)), "--write")

    assert (done.returncode, MODULE.read_bytes()) == (1, module)
    kept, other, bounds, end = done.stderr.splitlines()
    assert kept == "No sprint has committed_points: slope, slope_variance as in prior.py."
    assert other == "No sprint has members: slope, slope_variance, members as in prior.py."
    assert (bounds.startswith("At the least or the most"), "memory" in bounds) == (True, True)
    assert end == "Nothing was written."


def test_a_bound_is_no_warning_where_the_constant_was_kept() -> None:
    sure = replace(PRIOR, slope=1.0, memory=0.99)

    assert at_bounds(PRIOR, ()) == []
    assert at_bounds(sure, ()) == ["slope", "memory"]
    assert at_bounds(sure, ("slope", "memory")) == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "No team has 7 sprints"),
        (STEADY[:1], "No team has 7 sprints"),
        (STEADY[:6], "No team has 7 sprints"),
        ([f"A,{n},0" for n in range(9)], "No sprint completed any points"),
    ],
)
def test_a_file_that_nothing_can_be_fitted_to_is_refused(
    tmp_path: Path, rows: Sequence[str], said: str
) -> None:
    with pytest.raises(Unfit, match=said):
        fitted(read(file_of(tmp_path, *rows)))


@pytest.mark.parametrize("script", [("forecast.py",), ("fit_prior.py", "--history")])
def test_a_file_that_is_not_there_is_an_error_of_one_line(tmp_path: Path, script: Sequence[str]) -> None:
    done = run(*script, str(tmp_path / "none.csv"))

    (line,) = done.stderr.splitlines()
    assert (done.returncode, line.endswith("No such file or directory.")) == (1, True)


def test_a_file_of_others_has_figures_and_no_targets_of_ours(tmp_path: Path) -> None:
    done = run("forecast.py", str(file_of(tmp_path, *STEADY)))

    assert "ours, without the commitment" in done.stdout, done.stderr
    assert "wanted at most 0.83" not in done.stdout
    assert done.stdout.splitlines()[-1].endswith("of 2 targets missed")


def test_a_head_count_may_be_written_as_a_decimal(tmp_path: Path) -> None:
    path = file_of(tmp_path, "A,1,5.0,8", header="team,seq,members,completed_points\n")

    assert [one.members for one in read(path)["A"]] == [5]


def test_sprints_that_nobody_could_work_in_tell_nothing(tmp_path: Path) -> None:
    header = "team,seq,completed_points,availability\n"
    rows = [f"{row}," for row in STEADY]

    with_idle = fitted(read(file_of(tmp_path, *rows, "A,99,0,0", header=header)))

    assert with_idle == fitted(read(file_of(tmp_path, *STEADY)))
