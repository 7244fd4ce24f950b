"""The daily scrum: what is recorded since the last one, by person, and where the sprint stands."""

from collections.abc import Iterator, Mapping, Sequence

from scrum.backlog.model import Item
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line, Part, missing_part, sheet
from scrum.ceremonies.reports.paper.words import (
    EVERY_ITEM,
    HISTORY,
    age,
    item_named,
    key_named,
    keys,
    moment,
    said,
    who,
)
from scrum.ceremonies.reports.parts.blocks import Blockage
from scrum.ceremonies.reports.parts.dangers import back_on
from scrum.ceremonies.reports.parts.people import Credit, Share, shares
from scrum.ceremonies.reports.parts.since import LEDGER_ENTRIES, Since, reopened_lines, scope_part, since
from scrum.ceremonies.reports.parts.state import risks_part, state_part
from scrum.chronicle.reports import Report
from scrum.sprint.ledger import Amount
from scrum.text import counted

MOST_PEOPLE = 12
"""Who have a section of their own."""
MOST_FINISHED, FEW = 10, 3
"""Items of one person that are named each; of more, only a few are."""
_OF_PERSON = (
    "get_sprint with detail='items' has what is open, get_report with kind='history' what was finished when"
)


def daily(material: Material) -> Report:
    fresh = since(material)
    parts = [state_part(material), *_happened(material, fresh), risks_part(material)]
    return sheet(
        material,
        f"Daily scrum of {material.sprint_id}, {moment(material, material.now)}",
        parts,
        counts(material),
    )


def counts(material: Material) -> Mapping[str, float]:
    """By which the next one knows what is new."""
    return {LEDGER_ENTRIES: len(material.ledger.entries)}


def _happened(material: Material, fresh: Since) -> Iterator[Part | None]:
    if fresh.at is None:
        return
    every = shares(material, fresh)
    *people, nobody = every
    heard = [one for one in people if one.is_busy]
    order = sorted(heard, key=lambda one: (one.silent(fresh), not one.blocked, not one.at_risk))
    first = {one.name for one in order[:MOST_PEOPLE]}
    yield Part("Since the last one", (_fresh(every, fresh),))
    for one in (one for one in people if one.name in first):
        yield Part(f"Of {who(one.name)}", tuple(person_lines(material, one, fresh)), _OF_PERSON, least=2)
    yield Part("Others", tuple(_short(one) for one in order[MOST_PEOPLE:]), EVERY_ITEM)
    yield Part("No data", tuple(_quiet(material, one) for one in people if not one.is_busy))
    yield Part("Without an assignee", tuple(_unassigned(material, nobody)), EVERY_ITEM)
    yield Part("Reopened", tuple(reopened_lines(material, fresh)), "get_sprint with detail='ledger' has all")
    yield scope_part(material, fresh)
    yield missing_part(material)


def _fresh(every: Sequence[Share], fresh: Since) -> Line:
    """The sum of what is told below."""
    done = [credit.finish for one in every for credit in one.finished]
    amount = Amount.of(one.points for one in done)
    figures = {"finished items": amount.items, "finished points": amount.points}
    if not done:
        return Line(f"Nothing was recorded as finished {fresh.words}.", figures)
    left = sum(one.left for one in done)
    gone = f", {left} of them not in the sprint any more" if left else ""
    return Line(f"Finished {fresh.words}: {_amount(amount)}{gone}.", figures)


def _amount(amount: Amount) -> str:
    without = f", {amount.unestimated} of them without points" if amount.unestimated else ""
    return f"{counted(amount.items, 'item')} with {counted(amount.points, 'point')}{without}"


def person_lines(material: Material, one: Share, fresh: Since) -> Iterator[Line]:
    """What is told of somebody who has something to tell, a line for each item."""
    if material.team.names and one.name not in material.team.names:
        yield Line("Not on the team.")
    if away := back_on(material, one.name):
        yield Line(away)
    yield _sum(one)
    yield from item_lines(material, one)
    if one.silent(fresh):
        yield _no_data(material, one, fresh)


def item_lines(material: Material, one: Share) -> Iterator[Line]:
    yield from (_blocked(material, block) for block in one.blocked)
    yield from (Line(f"At risk: {item_named(item)}: {why}.") for item, why in one.at_risk)
    yield from _finished_lines(material, one.finished)
    yield from (_in_progress(material, item) for item in one.in_progress)


def _sum(one: Share) -> Line:
    told = (
        f"{len(one.finished)} finished, {len(one.in_progress)} in progress, {len(one.blocked)} blocked, "
        f"{len(one.at_risk)} at risk, {len(one.open)} open in all."
    )
    return Line(told, person_figures(one))


def person_figures(one: Share) -> Mapping[str, float]:
    parts: Mapping[str, Sequence[object]] = {
        "finished": one.finished,
        "in progress": one.in_progress,
        "blocked": one.blocked,
        "at risk": one.at_risk,
        "open": one.open,
    }
    return {f"{of(one.name)} {name}": len(listed) for name, listed in parts.items()}


def of(name: str) -> str:
    """Before the names of figures: what people are called is never one of ours."""
    return f"of {who(name)}:"


def _short(one: Share) -> Line:
    line = _sum(one)
    return Line(f"{who(one.name)}: {line.text}", line.figures)


def _finished_lines(material: Material, every: Sequence[Credit]) -> Iterator[Line]:
    named = every if len(every) <= MOST_FINISHED else every[:FEW]
    yield from (_finished(material, credit) for credit in named)
    if rest := every[len(named) :]:
        amount = _amount(Amount.of(credit.finish.points for credit in rest))
        yield Line(f"Finished besides: {amount}; {HISTORY}.")


def _finished(material: Material, credit: Credit) -> Line:
    now = f", now assigned to {who(material.assignee(credit.finish.item))}"
    return Line(f"Finished: {credit.finish.told(material)}{'' if credit.known else now}.")


def _in_progress(material: Material, item: Item) -> Line:
    status = item.status.replace("_", " ").capitalize()
    if item.started_at is None:
        return Line(f"{status}: {item_named(item)}; since when is not known.")
    days = age(material, item.started_at)
    figures = {f"{item.key} working days in progress": days.working}
    return Line(f"{status}: {item_named(item)}, begun {days} ago.", figures)


def _blocked(material: Material, block: Blockage) -> Line:
    days = block.age(material)
    told = f"Blocked: {key_named(material, block.item)} for {days} (since {moment(material, block.since)}): {said(block.reason)}."
    return Line(told, {f"{block.item} working days blocked": days.working})


def _no_data(material: Material, one: Share, fresh: Since) -> Line:
    if one.heard is None:
        return Line("No data: nothing was ever recorded of the work on these items.")
    return Line(f"No data {fresh.words}; the last was recorded {moment(material, one.heard)}.")


def _quiet(material: Material, one: Share) -> Line:
    away = back_on(material, one.name)
    has = f"{counted(len(one.open), 'open item')}, none begun" if one.open else "no open item in the sprint"
    heard = f"since {moment(material, one.heard)}" if one.heard else "in this sprint"
    told = f"{who(one.name)}: no data {heard}; {has}.{f' {away}' if away else ''}"
    return Line(told, {f"{of(one.name)} open": len(one.open)})


def _unassigned(material: Material, nobody: Share) -> Iterator[Line]:
    if not nobody.open and not nobody.finished:
        return
    listed = keys(item.key for item in nobody.open)
    yield Line(
        f"{counted(len(nobody.open), 'open item')}{f': {listed}' if listed else ''}.",
        {"open items without an assignee": len(nobody.open)},
    )
    yield from item_lines(material, nobody)
