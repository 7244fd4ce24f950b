"""`scrum-mcp backtest --learning`: whether what is learned from sprints makes better commitments."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scrum.errors import Invalid
from scrum.strategies.replay import TARGET, Replayed, replay
from scrum.strategies.worth import LEVEL, OURS, PLAIN, Difference, Spread, Worth, worth
from scrum.text import counted
from scrum_server.backtest.histories import TeamHistory
from scrum_server.backtest.measured import FEW, Tick


class NoCommitments(Invalid):
    def __init__(self, least: int) -> None:
        super().__init__(
            f"No sprint with {least} before it has committed points, and learning is measured beside the teams' own "
            "commitments. Add the column committed_points, or leave --learning out."
        )


def measure_learning(histories: Sequence[TeamHistory], least: int, tick: Tick) -> Worth:
    """Raises NoCommitments."""
    played = (replay(one.team, one.sprints, after=least) for one in histories)
    return judged(list(tick(chain.from_iterable(played))), least)


def judged(replayed: Sequence[Replayed], least: int) -> Worth:
    """Raises NoCommitments."""
    told = worth(replayed)
    if told is None:
        raise NoCommitments(least)
    return told


def show_learning(told: Worth, name: str, console: Console) -> None:
    console.print(_lines(told, name))
    console.print(_differences(told))
    console.print(_bins(told))
    for note in notes(told):
        console.print(note)


def learning_document(told: Worth, name: str) -> dict[str, Any]:
    figures = {**asdict(told), "pays": told.pays, "level": LEVEL, "target_confidence": TARGET}
    return {"history": name, **figures, "notes": list(notes(told))}


def notes(told: Worth) -> Iterator[str]:
    """The verdict first."""
    yield verdict(told)
    ahead, behind = _sides(told)
    if ahead:
        yield f"A lower error and a larger share within 90 to 110 % than: {', '.join(ahead)}."
    if behind:
        yield f"Not both of these beside: {', '.join(behind)}."
    calibrated = "under" if told.brier < told.base_rate else "not under"
    yield f"Brier score of the confidence: {told.brier:.3f}, {calibrated} the {told.base_rate:.3f} of always telling the same."
    yield (
        f"Learned strategies were followed in {told.followed} of {counted(told.n, 'sprint')}. What a team would have "
        "completed with another commitment is not known: each sprint completes what it did."
    )
    if told.n < FEW:
        yield f"Only {counted(told.n, 'sprint')}: chance decides much of these figures."


def verdict(told: Worth) -> str:
    plain = told.against(PLAIN)
    by = f" ({_told(plain.error, '+.2f')} points of error)" if plain else ""
    if told.pays:
        return f"Learning pays: its commitments are closer than the same plans without it{by}."
    return (
        f"Learning does not beat the plan without it{by}: the default stays without. A learned strategy is followed only "
        "where the project's own sprints speak for it."
    )


def _sides(told: Worth) -> tuple[list[str], list[str]]:
    others = [one for one in told.differences if one.against != PLAIN]
    ahead = [one.against for one in others if _is_ahead(one)]
    return ahead, [one.against for one in others if one.against not in ahead]


def _is_ahead(one: Difference) -> bool:
    return one.error.value < 0 < one.close.value


def _lines(told: Worth, name: str) -> Table:
    title = f"{name}: {counted(told.n, 'sprint')} of {counted(told.teams, 'team')}, planned at {TARGET:.0%}"
    table = _table(title, "commitment", "error", "within 90-110 %", "unused")
    for one in told.lines:
        style = "bold" if one.commitment == OURS else None
        table.add_row(
            one.commitment, f"{one.error:.2f}", f"{one.close:.3f}", f"{one.unused:.3f}", style=style
        )
    return table


def _differences(told: Worth) -> Table:
    table = _table(
        f"Learning against each, with {LEVEL:.0%} of what other teams would show",
        "against",
        "error",
        "within",
    )
    for one in told.differences:
        table.add_row(one.against, _told(one.error, "+.2f"), _told(one.close, "+.3f"))
    return table


def _bins(told: Worth) -> Table:
    table = _table("Confidence to complete 90 %", "told", "on average", "came true", "n")
    for one in told.bins:
        table.add_row(f"{one.low:.1f}-{one.high:.1f}", f"{one.told:.3f}", f"{one.came:.3f}", str(one.n))
    return table


def _table(title: str, first: str, *headings: str) -> Table:
    table = Table(title=Text(title), title_justify="left")
    table.add_column(first, no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _told(spread: Spread, form: str) -> str:
    return f"{spread.value:{form}} [{spread.low:{form}}, {spread.high:{form}}]"
