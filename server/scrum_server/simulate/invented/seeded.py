"""A team and its work, made up from a seed: people with skills and absences, and more backlog than they can do."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from math import ceil
from random import Random

from scrum.errors import Invalid
from scrum.team.model import MOST_ABSENCES
from scrum_server.simulate.invented import past
from scrum_server.simulate.invented.course import Course, NewItem
from scrum_server.simulate.invented.days import runs, working_days
from scrum_server.simulate.invented.happenings import Found
from scrum_server.simulate.invented.team import Pace, Person, SimulatedTeam, Surprises
from scrum_server.simulate.options import Options
from scrum_tools.arguments import MOST_ENTRIES

PROJECT = "SIM"
FIRST_DAY = date(2026, 3, 2)
HOURS = 8.0
_SKILLS = ("backend", "frontend", "data", "ops")
_NAMES = (
    *("Ana", "Bruno", "Chen", "Dalia", "Emre", "Femi", "Greta", "Hiro", "Ines", "Jonas"),
    *("Kira", "Luca", "Mina", "Nils", "Olga", "Pavel", "Rosa", "Samir", "Tessa", "Umut"),
    *("Vera", "Wanda", "Xenia", "Yuki", "Zoran", "Alma", "Boris", "Celia", "Dario", "Edda"),
)
_DOES = ("Show", "Edit", "Export", "Import", "Filter", "Archive", "Search", "Compare", "Share", "Check")
_WHAT = (
    *("orders", "invoices", "customers", "bookings", "reports", "prices", "messages", "contracts"),
    *("deliveries", "refunds", "suppliers", "locations", "discounts", "vouchers", "ratings", "photos"),
)
_WHERE = ("by day", "by region", "in one list", "for the office", "on a phone", "with a history", "in bulk")
_BUGS = (
    "are shown twice",
    "lose their cents",
    "are slow to open",
    "break at midnight",
    "come in a wrong order",
)
_BLOCKS = (
    "waiting for an answer from the office",
    "the test system is down",
    "the design is not decided",
    "waiting for access",
    "waiting for another team",
)
_SIZES, _WEIGHTS = (1, 2, 3, 5, 8), (3, 5, 6, 4, 1)
_FOUND = (1, 2, 3)
_PRIORITIES = ("high", "medium", "medium", "low")
_UNESTIMATED, _DEPENDENT = 0.04, 0.08
_FIRST, _REFILL = 2.5, 1.2
"""How many sprints' worth of items the backlog begins with, and gets before each later sprint."""
_LEAST = 8
_LONGEST_ABSENCE = 5
_SPARE = 7
"""Calendar days per sprint that may be lost between sprints."""
MOST_ITEMS = 1_000
"""That a team can do in a sprint."""
_FEWER_ITEMS = "Make --size larger, or --speed, --team or --days smaller."
_FEWER_ABSENCES = "Make --absences, --team or --sprints smaller."


class TooMuch(Invalid):
    def __init__(self, what: str, number: int, limit: int, remedy: str) -> None:
        super().__init__(f"{number} {what} are too many for a simulation; the limit is {limit}. {remedy}")


def course(options: Options) -> Course:
    """Raises TooMuch."""
    if (number := ceil(_number(options))) > MOST_ITEMS:
        raise TooMuch("items in a sprint", number, MOST_ITEMS, _FEWER_ITEMS)
    chance = Random(options.seed)  # noqa: S311 - chance of a game
    people, surprises = tuple(_people(options, chance)), _surprises(options, chance)
    if (number := sum(len(runs(sorted(one.away))) for one in people)) > MOST_ABSENCES:
        raise TooMuch("absences", number, MOST_ABSENCES, _FEWER_ABSENCES)
    return Course(
        project=PROJECT,
        name=f"Team {options.seed}",
        first_day=FIRST_DAY,
        days=options.days,
        people=people,
        pace=_pace(options),
        surprises=surprises,
        goals=tuple(_goals(options, chance)),
        backlog=tuple(_backlog(options, chance)),
        seed=options.seed,
        history=_past(options, people, chance),
        cadence=options.template,
    )


def _past(options: Options, people: Sequence[Person], chance: Random) -> str:
    number = past.SPRINTS * _REFILL * _number(options)
    items = [*_items(ceil(number), _sizes(options), chance)]
    pace = replace(_pace(options), found_per_day=0)
    team = SimulatedTeam(past.always_there(people), pace, Surprises(), chance)
    done = past.completed(team, items, FIRST_DAY, options.days)
    return past.history_csv(options.days, options.team, done)


def _pace(options: Options) -> Pace:
    return Pace(
        hours_per_point=HOURS / options.speed,
        noise=options.noise,
        blocked_per_day=options.blockers,
        found_per_day=_found_per_day(options),
        size=options.size,
    )


def _found_per_day(options: Options) -> float:
    """The team finds `growth` of what it can do, in pieces of some points."""
    present = options.team * (1 - options.absences)
    return options.growth * options.speed * present * len(_FOUND) / sum(_FOUND) / options.size


def _points(options: Options) -> float:
    """That the team can do in a sprint in which nobody is away."""
    return options.team * options.speed * len([*working_days(FIRST_DAY, options.days)])


def _people(options: Options, chance: Random) -> Iterator[Person]:
    """Among any two neighbours, each skill is there."""
    span = [*working_days(FIRST_DAY, options.sprints * (options.days + _SPARE))]
    for number, name in zip(range(options.team), _names(), strict=False):
        half = number % 2 * 2
        skills = _SKILLS if options.team == 1 else _SKILLS[half : half + 2]
        extra = chance.choice(_SKILLS)
        away = frozenset(_away(span, options.absences, chance))
        yield Person(name, frozenset({*skills, extra}), HOURS, away)


def _names() -> Iterator[str]:
    """Ana, Bruno and so on, then Ana 2."""
    yield from _NAMES
    yield from (f"{name} {again}" for again in count(2) for name in _NAMES)


def _away(span: list[date], share: float, chance: Random) -> Iterator[date]:
    """In runs of one to some days, such that the share comes out."""
    usual = (1 + _LONGEST_ABSENCE) / 2
    begins = share / (share + usual * (1 - share))
    left = 0
    for day in span:
        if not left and chance.random() < begins:
            left = chance.randint(1, _LONGEST_ABSENCE)
        if left:
            left -= 1
            yield day


def _surprises(options: Options, chance: Random) -> Surprises:
    number = ceil(_found_per_day(options) * options.days * options.sprints * 2)
    found = [
        Found(
            f"{_any(_WHAT, chance).capitalize()} {_any(_BUGS, chance)}",
            chance.choice(_FOUND) * options.size,
            frozenset({_any(_SKILLS, chance)}),
        )
        for _ in range(number)
    ]
    return Surprises(_BLOCKS, found)


def _goals(options: Options, chance: Random) -> Iterator[str]:
    for _ in range(options.sprints):
        first, second = chance.sample(_WHAT, 2)
        yield f"{first.capitalize()} and {second}"


def _backlog(options: Options, chance: Random) -> Iterator[tuple[NewItem, ...]]:
    for number in range(options.sprints):
        worth = _REFILL if number else _FIRST
        yield tuple(_items(ceil(_number(options) * worth), _sizes(options), chance))


def _sizes(options: Options) -> list[int]:
    """No item is more than one person can do in a sprint."""
    most = max(options.size, _points(options) / options.team)
    return [size for size in (one * options.size for one in _SIZES) if size <= most]


def _number(options: Options) -> float:
    """Of items that the team can do in a sprint."""
    sizes = _sizes(options)
    usual = sum(size * weight for size, weight in zip(sizes, _WEIGHTS, strict=False))
    return max(_LEAST, _points(options) / usual * sum(_WEIGHTS[: len(sizes)]))


def _items(number: int, sizes: list[int], chance: Random) -> Iterator[NewItem]:
    """Those that need another one need one of the same call."""
    for place in (n % MOST_ENTRIES for n in range(number)):
        points = chance.choices(sizes, _WEIGHTS[: len(sizes)])[0]
        needs = f"#{chance.randint(max(1, place - 5), place)}" if place else ""
        yield NewItem(
            title=f"{_any(_DOES, chance)} {_any(_WHAT, chance)} {_any(_WHERE, chance)}",
            type="story",
            points=None if chance.random() < _UNESTIMATED else points,
            priority=_any(_PRIORITIES, chance),
            skills=(_any(_SKILLS, chance),),
            depends_on=(needs,) if needs and chance.random() < _DEPENDENT else (),
        )


def _any(of: tuple[str, ...], chance: Random) -> str:
    return chance.choice(of)
