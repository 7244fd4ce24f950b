"""How fast the best selection is found and proven, and what it is worth beside taking items by rank.

python bench/planner.py [instances of each kind, default 5]
"""

import importlib
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scrum.selection.selection import Candidate, Limits, Person, Selection, select

sys.path[0] = str(Path(__file__).parent.parent)
from bench.targets import Target, at_most, conclude  # noqa: E402 - found from the folder above

SIZES = (1, 2, 3, 5, 8, 13)
DEPENDENT = 0.2
NEAR = 200
"""A dependency is among so many items before."""
SKILLS = ("api", "data", "ios", "ops", "web")
TARGETS = {1_000: 1.0, 5_000: 5.0}
"""Most seconds by number of items."""
Weight = Callable[[random.Random], int]
WEIGHTS: dict[str, Weight] = {
    "spread 1..1000": lambda chance: chance.randint(1, 1000),
    "near ties 990..1000": lambda chance: chance.randint(990, 1000),
    "five priorities": lambda chance: chance.choice([1, 3, 9, 27, 81]),
    "all equal": lambda _: 1,
}
HARDER = "all equal"
"""Harder than any backlog of the product, whose values fall with the rank: shown, without a target."""


@dataclass(frozen=True)
class Run:
    seconds: float
    selection: Selection
    greedy: int


def backlog(chance: random.Random, count: int, weight: Weight) -> list[Candidate]:
    """By falling weight, as a product owner would order it, with errors of up to a factor of two."""
    weights = [weight(chance) for _ in range(count)]
    weights.sort(key=lambda worth: -worth * chance.uniform(0.5, 1.0))
    return [_item(chance, number, worth) for number, worth in enumerate(weights)]


def _item(chance: random.Random, number: int, weight: int) -> Candidate:
    points = chance.choice(SIZES)
    earlier = range(max(0, number - NEAR), number)
    needs = (
        chance.sample(earlier, min(len(earlier), chance.choice([1, 2])))
        if chance.random() < DEPENDENT
        else []
    )
    skills = chance.sample(SKILLS, chance.choice([0, 1, 1, 1, 2]))
    hours = points * chance.choice([3.5, 4, 5, 6, 7.25])
    return Candidate(
        key=f"SHOP-{number}",
        points=points,
        value=points * weight,
        needs=frozenset(f"SHOP-{other}" for other in needs),
        skills=frozenset(skills),
        hours=hours,
    )


def team(chance: random.Random, commitment: int) -> tuple[Person, ...]:
    """Eight people with two to four skills each, with about five hours for each point of the commitment."""
    return tuple(
        Person(
            name=f"p{number}",
            hours=chance.choice([32, 48, 56, 64]) * commitment / 80,
            skills=frozenset(chance.sample(SKILLS, chance.choice([2, 3, 4]))),
        )
        for number in range(8)
    )


def by_rank(candidates: list[Candidate], limits: Limits) -> int:
    """The value of taking each item in this order that fits, after the items that it needs.

    Each item goes to one person, the freest with its skills, as in a planning meeting.
    """
    left = {person: person.hours for person in limits.people}
    taken: set[str] = set()
    room, value = limits.points, 0
    for one in candidates:
        able = [
            person for person, hours in left.items() if person.skills >= one.skills and hours >= one.hours
        ]
        if able and (one.points or 0) <= room and one.needs <= taken:
            left[max(able, key=left.__getitem__)] -= one.hours
            taken.add(one.key)
            room -= one.points or 0
            value += one.value
    return value


def runs(count: int, share: float, weight: Weight, instances: int) -> Iterator[Run]:
    for seed in range(instances):
        chance = random.Random(seed)
        candidates = backlog(chance, count, weight)
        total = sum(one.points or 0 for one in candidates)
        commitment = round(total * share) if share else 80
        limits = Limits(commitment, team(chance, commitment), seconds=60)
        begin = time.perf_counter()
        selection = select(candidates, limits)
        took = time.perf_counter() - begin
        yield Run(took, selection, by_rank(candidates, limits))


def row(name: str, made: list[Run]) -> str:
    times = [run.seconds for run in made]
    proven = sum(run.selection.optimal for run in made)
    settled = sum(run.selection.settled for run in made)
    nodes = max(run.selection.nodes for run in made)
    gap = max(run.selection.gap for run in made)
    better = median(run.selection.value / run.greedy for run in made)
    return (
        f"{name:36} {median(times):8.3f} {max(times):8.3f} "
        f"{proven:3}/{len(made)} {settled:3}/{len(made)} {nodes:7} {gap:8.1e} {better:7.3f}"
    )


def main() -> None:
    instances = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    begin = time.perf_counter()
    importlib.import_module("scipy.optimize")
    print(
        f"import of scipy.optimize: {time.perf_counter() - begin:.2f} s, once per process, not in the figures below"
    )
    print("by rank: our value / the value of taking what fits in backlog order (median)\n")
    print(
        f"{'items, commitment, values':36} {'median s':>8} {'worst s':>8} "
        f"{'proven':>5} {'ties':>5} {'nodes':>7} {'gap':>8} {'by rank':>7}"
    )
    conclude([target for count in TARGETS for target in measured(count, instances)])


def measured(count: int, instances: int) -> Iterator[Target]:
    """Prints a row for each kind of backlog as it comes."""
    for share, size in ((0.0, "80"), (0.1, "10 %")):
        for values, weight in WEIGHTS.items():
            name, made = f"{count}, {size}, {values}", list(runs(count, share, weight, instances))
            print(row(name, made), flush=True)
            if values != HARDER:
                yield at_most(f"{name}, worst seconds", max(run.seconds for run in made), TARGETS[count])


if __name__ == "__main__":
    main()
