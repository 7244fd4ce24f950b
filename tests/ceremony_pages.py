"""The pages about ceremonies, and their examples, as tests read them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scrum.ceremonies.policy.changing import changed
from scrum.ceremonies.policy.model import Policy, resolve
from scrum.ceremonies.policy.spelling import Document
from scrum.ceremonies.triggers.evaluation import Evaluation, Upcoming, evaluate, upcoming
from scrum.ceremonies.triggers.facts import Facts, Happening
from scrum.ceremonies.triggers.standing import Standing
from scrum.team.calendar import EVERY_WEEKDAY
from scrum.team.project import Cadence

FOLDER = Path(__file__).parent.parent / "docs" / "ceremonies"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
README = PAGES["README"]
HAPPENS = re.compile(
    r"`(?P<name>\w+)`(?:, (?P<times>\d+) times)?(?:, (?P<items>\d+) items)?(?:, (?P<spent>\d+) in all)?"
    r"(?: (?P<item>SHOP-\d+))?(?: of `(?P<ceremony>\w+)`)?(?: from (?P<source>\w+))?"
)


@dataclass(frozen=True)
class Row:
    """One line of an example."""

    at: datetime
    happens: str
    due: str
    goes_to: str

    def happenings(self, after: int) -> Iterator[Happening]:
        if self.happens == "time passes":
            return
        found = HAPPENS.fullmatch(self.happens)
        assert found, self.happens
        told = found.groupdict(default="")
        item = told["item"] or told["ceremony"]
        data: dict[str, Any] = {"item": item, "source": told["source"]}
        data |= {"items": int(told["items"] or 0), "spent": float(told["spent"] or 0)}
        for number in range(int(told["times"] or 1)):
            yield Happening(after + number + 1, self.at, told["name"], **data)


class Replay:
    """A sprint that goes by a policy, one row after the other."""

    def __init__(self, policy: Policy, first: datetime) -> None:
        self.policy = policy
        budget = policy.sprint.settings.budget
        self.facts = Facts("SHOP-S1", EVERY_WEEKDAY, first, first_day=first.date(), budget=budget)
        self.standing = Standing()

    def after(self, happenings: list[Happening], now: datetime) -> Evaluation:
        found = evaluate(self.policy, replace(self.facts, happenings=tuple(happenings)), self.standing, now)
        self.standing = found.standing
        return found

    def coming(self, now: datetime) -> tuple[Upcoming, ...]:
        return upcoming(self.policy, self.facts, self.standing, now)

    def row(self, row: Row) -> Evaluation:
        return self.after([*row.happenings(self.standing.seen)], row.at)


def moment(text: str) -> datetime:
    """`2 Mar 09:02:37.5`, in UTC."""
    day, _, clock = text.rpartition(" ")
    hours, minutes, seconds = [float(part) for part in (*clock.split(":"), "0")][:3]
    midnight = datetime.strptime(f"2026 {day}", "%Y %d %b").replace(tzinfo=UTC)
    return midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def flat(page: str) -> str:
    return " ".join(page.split())


def table(page: str, header: str) -> list[list[str]]:
    """The cells of the table whose header begins like this."""
    _, found, rest = page.partition(f"\n| {header} |")
    assert found, header
    lines = rest.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip().strip("|").split(" |")] for line in lines]


def blocks(page: str) -> list[dict[str, Any]]:
    """Of JSON; each holds the arguments of a call to set_ceremonies."""
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]


def policies(page: str) -> list[Policy]:
    return [a_policy(Cadence(one["template"]), one["policy"]) for one in blocks(page)]


def a_policy(cadence: Cadence, given: Mapping[str, Any]) -> Policy:
    return resolve(cadence, changed(cadence, Document(), given))


def example(page: str) -> tuple[Policy, list[Row]]:
    rows = [Row(moment(when), *cells) for when, *cells in table(page, "when")]
    return policies(page)[0], rows
