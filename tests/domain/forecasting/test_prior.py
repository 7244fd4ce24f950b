"""The constants of the prior are those that the script derives."""

from dataclasses import replace
from pathlib import Path

import pytest

import scrum.forecasting.prior
from bench.fit_prior import fitted, searched, shown, written
from bench.histories import REAL, organisation, read, without
from scrum.forecasting.prior import PRIOR, Prior
from tests.requirements import requirement

MODULE = Path(scrum.forecasting.prior.__file__)


@requirement("forecast.refit")
@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not at hand")
def test_the_constants_are_what_the_script_derives() -> None:
    assert fitted(read(REAL)) == PRIOR


def test_the_script_writes_the_module_as_it_is() -> None:
    module = MODULE.read_text(encoding="utf-8")

    assert written(module, shown(PRIOR)) == module
    assert "follow=0.5," in written(module, shown(replace(PRIOR, follow=0.5)))


def test_the_search_ends_at_the_top() -> None:
    def score(prior: Prior) -> float:
        return (
            -((prior.follow - 0.77) ** 2)
            - (prior.slope + prior.noise - 0.9) ** 2
            - (prior.freedom - 3.3) ** 2
        )

    found = searched(replace(PRIOR, freedom=2.0), score)

    assert (found.follow, found.freedom) == (0.77, 3.3)
    assert found.slope + found.noise == pytest.approx(0.9)


def test_a_team_is_not_scored_with_what_its_organisation_gave(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    file.write_text("team,seq,completed_points\na:1,2,5\na:1,1,4\na:2,1,7\nb:1,1,9\n", encoding="utf-8")
    teams = read(file)

    assert [past.completed_points for past in teams["a:1"]] == [4, 5]
    assert [organisation(team) for team in teams] == ["a", "a", "b"]
    assert list(without(teams, "a")) == ["b:1"]
