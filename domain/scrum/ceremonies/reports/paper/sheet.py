"""A report on one sheet: its lines with the numbers that they tell, cut to what an answer holds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scrum.ceremonies.reports.paper.material import Material
from scrum.chronicle.reports import Report, Section
from scrum.text import counted

MOST_BYTES = 14_000
"""Of its text, and of its figures together with their names: an answer has the text twice, and stays under 32,000."""
FACTS = 10
"""Lines of a part that tells few things, and is cut last of all."""
_CUTS = (40, 25, 15, 10, 7, 5, 3, 2, 1)


@dataclass(frozen=True)
class Line:
    """`figures` has the numbers in it."""

    text: str
    figures: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True)
class Part:
    """The most important lines come first: the `least` of them stay. `more` says how to see those that are left out."""

    heading: str
    lines: tuple[Line, ...]
    more: str = ""
    least: int = 1

    def cut(self, to: int) -> "Part":
        most = max(to, self.least)
        rest = len(self.lines) - most
        if rest <= 0:
            return self
        told = f"And {rest} more{f': {self.more}' if self.more else ''}."
        return Part(self.heading, (*self.lines[:most], Line(told, {f"{self.heading} left out": rest})))

    @property
    def section(self) -> Section:
        return Section(self.heading, tuple(line.text for line in self.lines))


def lines(*given: Line | str) -> tuple[Line, ...]:
    return tuple(Line(one) if isinstance(one, str) else one for one in given)


def missing_part(material: Material) -> Part:
    """What the report would know, and does not."""
    kept = material.kept
    told = [Line(kept.missing)] if kept.missing else []
    if kept.pending:
        what = f"At least {counted(kept.pending, 'event')} of the project did not reach the chronicle yet"
        told.append(Line(f"{what}: what it adds to this may lag behind.", {"pending events": kept.pending}))
    return Part("What is missing", tuple(told), least=FACTS)


def sheet(
    material: Material,
    title: str,
    parts: Iterable[Part | None],
    figures: Mapping[str, float] | None = None,
) -> Report:
    """Parts without a line are left out; long ones are cut, all alike, until the report is short enough."""
    full = [part for part in (_why(material), *parts) if part and part.lines]
    made = (_made(material, title, [part.cut(most) for part in full], figures or {}) for most in _CUTS)
    return next(
        (report for report in made if _bytes(report) <= MOST_BYTES),
        _least(material, title, full, figures or {}),
    )


def _why(material: Material) -> Part:
    return Part("Why it is held", lines(material.because) if material.because else ())


def _made(material: Material, title: str, parts: Sequence[Part], figures: Mapping[str, float]) -> Report:
    told = {name: value for part in parts for line in part.lines for name, value in line.figures.items()}
    return Report(
        project=material.project.key,
        sprint=material.sprint_id,
        ceremony=material.ceremony,
        at=material.now,
        title=title,
        sections=tuple(part.section for part in parts),
        figures={name: round(value, 4) for name, value in {**told, **figures}.items()},
        plan=material.plan_id,
    )


def _least(material: Material, title: str, parts: Sequence[Part], figures: Mapping[str, float]) -> Report:
    return _made(material, title, [part.cut(1) for part in parts[:9]], figures)


def _bytes(report: Report) -> int:
    figures = json.dumps(dict(report.figures), ensure_ascii=False)
    return len(report.text().encode()) + len(figures.encode())
