"""A sprint beside what was committed to and expected, and beside the team's past sprints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import mean

from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line
from scrum.ceremonies.reports.paper.words import number
from scrum.ceremonies.reports.parts.blocks import within_sprint
from scrum.ceremonies.reports.parts.result import WINDOW, shares_completed, usual_completed
from scrum.sprint.ledger import GOOD_SHARE, Figures
from scrum.strategies.detectors import MUCH
from scrum.text import are, counted


class _Speaks(Enum):
    WELL = "well"
    NOT_WELL = "not well"
    NEITHER = "neither"

    @classmethod
    def of(cls, *, good: bool) -> "_Speaks":
        return cls.WELL if good else cls.NOT_WELL


@dataclass(frozen=True)
class _Shown:
    speaks: _Speaks
    line: Line


def well(material: Material) -> Iterator[Line]:
    return (shown.line for shown in _shown(material) if shown.speaks is _Speaks.WELL)


def not_well(material: Material) -> Iterator[Line]:
    return (shown.line for shown in _shown(material) if shown.speaks is _Speaks.NOT_WELL)


def _shown(material: Material) -> Iterator[_Shown]:
    if not material.runs:
        yield from _completion(material)
        yield from _points(material)
        yield from _interval(material)
    yield from _growth(material)
    yield from _estimates(material)
    yield from _blocked(material)
    if not material.runs:
        yield from _carried(material)


def _completion(material: Material) -> Iterator[_Shown]:
    completion = material.figures.completion
    if completion is None:
        return
    past = shares_completed(material.history)
    beside = f"; the mean of {counted(len(past), 'past sprint')} is {mean(past):.0%}" if past else _NO_PAST
    known = {"past completion": mean(past), "past completion n": len(past)} if past else {}
    told = f"{completion:.0%} of the committed points were completed ({GOOD_SHARE:.0%} count as a success){beside}."
    yield _Shown(_Speaks.of(good=completion >= GOOD_SHARE), Line(told, {"completion": completion, **known}))


_NO_PAST = "; there is no past sprint to compare with"


def _points(material: Material) -> Iterator[_Shown]:
    usual = usual_completed(material.history)
    if usual is None:
        return
    points, (before, n) = material.figures.completed.points, usual
    told = f"{counted(points, 'point')} were completed; the median of the past is {number(before)} (n={n})."
    figures = {"completed points": points, "past completed points": before, "past completed n": n}
    yield _Shown(
        _Speaks.NEITHER if points == before else _Speaks.of(good=points > before), Line(told, figures)
    )


def _interval(material: Material) -> Iterator[_Shown]:
    expected = material.sprint.prediction if material.sprint else None
    if expected is None:
        return
    done = material.figures.completed.points
    ends = f"{number(expected.low)} and {number(expected.high)}"
    if done < expected.low:
        yield _Shown(
            _Speaks.NOT_WELL, Line(f"{are(done, 'point')} less than predicted (80% between {ends}).")
        )
    elif done > expected.high:
        yield _Shown(_Speaks.WELL, Line(f"{are(done, 'point')} more than predicted (80% between {ends})."))
    else:
        lie = "lies" if done == 1 else "lie"
        met = (material.figures.completion or 0) >= GOOD_SHARE
        yield _Shown(
            _Speaks.WELL if met else _Speaks.NEITHER,
            Line(f"{counted(done, 'point')} {lie} in the predicted interval (80% between {ends})."),
        )


def _growth(material: Material) -> Iterator[_Shown]:
    now = _added_share(material.figures)
    if now is None:
        return
    past = _past(material, [_added_share(one) for one in _results(material)], "added share")
    added = material.figures.added
    told = f"{counted(added.points, 'point')} came in while it ran, {now:.0%} of the commitment{past.words}."
    figures = {"added points": added.points, "added share": now, **past.figures}
    yield _Shown(_Speaks.NOT_WELL if now >= MUCH else _Speaks.NEITHER, Line(told, figures))


def _estimates(material: Material) -> Iterator[_Shown]:
    committed, changed = material.figures.committed.points, material.figures.reestimated
    if not changed or not committed:
        return
    share = changed / committed
    past = _past(material, [_estimate_share(one) for one in _results(material)], "re-estimated share")
    told = f"Estimates changed by {changed:+d} points, {share:+.0%} of the commitment{past.words}."
    line = Line(told, {"re-estimated points": changed, "re-estimated share": share, **past.figures})
    yield _Shown(_Speaks.NOT_WELL if share >= MUCH else _Speaks.NEITHER, line)


def _blocked(material: Material) -> Iterator[_Shown]:
    items = {one.item for one in within_sprint(material)}
    if items:
        told = f"{counted(len(items), 'item')} {'was' if len(items) == 1 else 'were'} blocked at some time while it ran."
        yield _Shown(_Speaks.NOT_WELL, Line(told, {"items that were blocked": len(items)}))
    elif not material.kept.missing and not material.runs:
        yield _Shown(_Speaks.WELL, Line("No item was reported as blocked.", {"items that were blocked": 0}))


def _carried(material: Material) -> Iterator[_Shown]:
    left = material.figures.remaining
    if not left.items:
        yield _Shown(_Speaks.WELL, Line("Nothing of it was left.", {"unfinished items": 0}))
        return
    past = [one.remaining.items for one in _results(material)]
    beside = f"; the mean of the last {len(past)} is {number(mean(past))}" if past else ""
    told = f"{counted(left.items, 'item')} with {counted(left.points, 'point')} were not done{beside}."
    known = {"past unfinished items": mean(past), "past unfinished n": len(past)} if past else {}
    yield _Shown(
        _Speaks.NOT_WELL,
        Line(told, {"unfinished items": left.items, "unfinished points": left.points, **known}),
    )


@dataclass(frozen=True)
class _Past:
    words: str
    figures: dict[str, float]


def _past(material: Material, shares: Sequence[float | None], name: str) -> _Past:
    known = [share for share in shares if share is not None]
    if not known:
        return _Past(_NO_PAST if not material.history else "; past sprints do not tell", {})
    figures = {f"past {name}": mean(known), f"past {name} n": float(len(known))}
    return _Past(f"; the mean of the last {len(known)} is {mean(known):.0%}", figures)


def _results(material: Material) -> list[Figures]:
    return [sprint.result for sprint in material.earlier[-WINDOW:] if sprint.result]


def _added_share(figures: Figures) -> float | None:
    return figures.added.points / figures.committed.points if figures.committed.points else None


def _estimate_share(figures: Figures) -> float | None:
    return figures.reestimated / figures.committed.points if figures.committed.points else None
