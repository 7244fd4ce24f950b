"""Which commitments lie within 10 % of what is completed, and what of that would be seen again.

    python bench/closeness.py [HISTORY.csv]

Of sprints with a commitment of their own and five before them; `early` is the share of those with one to four. `closest`
is the whole number that the forecast, as in `bench/learning.py`, gives the largest chance; `stops known` has also how
often the team completed its own to the point, after ten imagined sprints of others. `ten`: the share of commitments to
10, the least number with neighbours within 10 %. `spread`: the share with outcomes anywhere within half a point.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import ceil, floor, sqrt
from pathlib import Path
from random import Random
from statistics import fmean

sys.path[0] = str(Path(__file__).parent.parent)
from bench.forecast import priors  # noqa: E402 - found from the folder above
from bench.histories import REAL, Teams, Unfit, organisation, read, without  # noqa: E402 - the same
from scrum.forecasting.model import ENOUGH, Conditions, Forecast  # noqa: E402 - the same
from scrum.forecasting.next_sprint import forecast  # noqa: E402 - the same
from scrum.sprint.velocity import PastSprint  # noqa: E402 - the same
from scrum.strategies.worth import CLOSE, DRAWS, OWN, RECENT, SEED, close  # noqa: E402 - the same

TEN, MEDIAN = 10, "median"
IMAGINED = 10
RULES = OWN, RECENT, MEDIAN, "closest", "median, own known", "closest, own known", "closest, stops known"


@dataclass(frozen=True)
class Answered:
    team: str
    place: int
    completed: float
    by: Mapping[str, float]

    def close(self, rule: str, factor: float = 1) -> bool:
        return close(factor * self.by[rule], self.completed)

    def spread(self, rule: str) -> float:
        low, high = (1 - CLOSE) * self.by[rule], (1 + CLOSE) * self.by[rule]
        return max(0.0, min(high, self.completed + 0.5) - max(low, self.completed - 0.5))


def answered(teams: Teams) -> Iterator[Answered]:
    by = priors(teams)
    for team, sprints in teams.items():
        others = chain.from_iterable(without(teams, organisation(team)).values())
        usual = [fmean(stops(others) or [0])] * IMAGINED
        for place in range(1, len(sprints)):
            past, coming, prior = sprints[:place], Conditions.of(sprints[place]), by[organisation(team)]
            if own := coming.committed:
                free = forecast(past, replace(coming, committed=None), prior)
                told, stop = forecast(past, coming, prior), fmean([*stops(past), *usual])
                known = told.commitment(0.5), closest(told), closest(told, own, stop)
                recent = fmean(one.completed_points for one in past[-3:])
                points = own, recent, free.commitment(0.5), closest(free), *known
                by_rule: dict[str, float] = dict(zip(RULES, points, strict=True))
                yield Answered(team, place, sprints[place].completed_points, by_rule)


def stops(sprints: Iterable[PastSprint]) -> list[bool]:
    return [one.completed_points == one.committed_points for one in sprints if one.committed_points]


def closest(told: Forecast, own: float = 0, stop: float = 0) -> int:
    def below(points: float) -> float:
        return told.root.below(sqrt(points / (told.availability or 1)))

    def chance(points: int) -> float:
        reach = floor(CLOSE * points) + 0.5
        return (1 - stop) * (below(points + reach) - below(points - reach)) + stop * close(points, own)

    return max(range(1, ceil(max(own, told.quantile(0.99))) + 2), key=chance)


def share(some: Iterable[Answered], rule: str, factor: float = 1) -> float:
    return fmean(one.close(rule, factor) for one in some)


def best_factor(some: Sequence[Answered]) -> float:
    return max(share(some, MEDIAN, step / 100) for step in range(50, 201))


def line(rule: str, teams: Sequence[Sequence[Answered]], early: Sequence[Answered]) -> str:
    every, draw = [*chain.from_iterable(teams)], Random(SEED)
    drawn = ([*chain.from_iterable(draw.choices(teams, k=len(teams)))] for _ in range(DRAWS))
    beside = sorted(share(some, rule) - share(some, OWN) for some in drawn)
    low, high = beside[DRAWS // 10], beside[-1 - DRAWS // 10]
    error = fmean(abs(one.by[rule] - one.completed) for one in every)
    ten, spread = fmean(one.by[rule] == TEN for one in every), fmean(one.spread(rule) for one in every)
    first = f"{share(early, rule):.3f}" if early else "-"
    return f"{rule:21}{error:6.2f}{share(every, rule):7.3f}  {low:+.3f} to {high:+.3f}{ten:6.2f}{spread:8.3f}{first:>7}"


def main(path: Path) -> None:
    every = list(answered(read(path)))
    late, early = ([one for one in every if (one.place < ENOUGH) is young] for young in (False, True))
    if not late:
        raise Unfit(f"{path}: no sprint with a commitment has {ENOUGH} before it.")
    teams = [[one for one in late if one.team == team] for team in sorted({one.team for one in late})]
    print(f"{len(late)} sprints of {len(teams)} teams, {len(early)} early ones\n")
    print(f"{'':21} error  close  beside own, 80 %   ten  spread  early")
    print(*(line(rule, teams, early) for rule in RULES), sep="\n")
    each = sum(best_factor(some) * len(some) for some in teams) / len(late)
    either = fmean(one.close(MEDIAN) or one.close(OWN) for one in late)
    print(f"\nwith the best factor on the median {best_factor(late):.3f}, with one for each team {each:.3f}")
    print(f"with the better of median and own {either:.3f}")


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL
    if given == REAL and not REAL.exists():
        print(f"skipped: {REAL} is not at hand; name a file with past sprints of several teams")
    else:
        main(given)
