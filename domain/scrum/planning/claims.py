"""What an English text claims, as far as it can be checked: its figures, weighty words and names."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from string import ascii_letters, digits

_ALIKE = str.maketrans(
    {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"), "\u2014": " - "}
    | {**dict.fromkeys("\u2018\u2019", "'"), **dict.fromkeys("\u201c\u201d", '"')}
)
_PLAIN = frozenset(f"{ascii_letters}{digits} .,;:()%'\"-")
_OPENING, _CLOSING = "(\"'", ".,;:)\"'"

_UNITS = {
    **dict.fromkeys(("%", "percent", "cent"), "%"),
    **dict.fromkeys(("point", "points"), "points"),
    **dict.fromkeys(("h", "hour", "hours"), "hours"),
    **dict.fromkeys(("day", "days", "workday", "workdays"), "days"),
    **dict.fromkeys(("person", "people", "member", "members", "developer", "developers"), "people"),
    **dict.fromkeys(("item", "items", "story", "stories", "task", "tasks"), "items"),
    **dict.fromkeys(("sprint", "sprints"), "sprints"),
}
_BETWEEN = 2
"""Words after a figure among which its unit is looked for."""

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = re.compile(rf"(?P<number>{_NUMBER})(?:-?(?P<unit>{'|'.join(_UNITS)}))?")
_RANGE = re.compile(r"(?<![\w-])(\d[\d.,]*%?)-(\d[\d.,]*%?)(?![\w-])")
_LINK = re.compile(r"\w\.[a-z]{2,}")

_COUNTS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)(?:y|ies|ieth)|hundred|thousand|"
    "[mb]illion|dozen|half|halve[sd]?|halves|quarter|third|fourth|fifth|eighth|ninth|twelfth|first|second|once|twice|"
    "thrice|double[sd]?|triple[sd]?|couple|pair|both|single|minus|fortnight|"
)
_DENIALS = (
    "no|not|none|nobody|nothing|neither|nor|never|without|cannot|hardly|unlikely|un[a-z]*able|[a-z]+n't|"
)
_CERTAINTIES = (
    "guarantee[sd]?|certain|certainly|certainty|definite|definitely|sure|surely|always|impossible|safe|safely"
)
_WEIGHTY = re.compile(f"(?:{_COUNTS}{_DENIALS}{_CERTAINTIES})(?:s|th|ths|fold)?")
_CALENDAR = re.compile(
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|(?:Septem|Octo|Novem|"
    "Decem)ber"
)


@dataclass(frozen=True)
class Figure:
    value: Decimal
    unit: str


@dataclass(frozen=True)
class _Word:
    """`begins` a sentence, `ends` a clause."""

    text: str
    begins: bool
    ends: bool

    @cached_property
    def figure(self) -> re.Match[str] | None:
        return _FIGURE.fullmatch(self.text.casefold())

    @property
    def unit(self) -> str:
        return _UNITS.get(self.text.casefold(), "")

    @property
    def is_name(self) -> bool:
        """A person, a day, a link: whatever is not an English word."""
        inside = self.text[1:] if self.begins else self.text
        return (
            inside != inside.lower()
            or bool(_CALENDAR.fullmatch(self.text))
            or bool(_LINK.search(self.text.casefold()))
        )


@dataclass(frozen=True)
class Claims:
    """Of one text. Words are compared without case; `weighty` ones and figures are counted."""

    characters: frozenset[str]
    figures: tuple[Figure, ...]
    weighty: tuple[str, ...]
    names: frozenset[str]
    words: frozenset[str]

    def beyond(self, facts: "Claims") -> Iterator[str]:
        """What these claim and the facts do not, in words."""
        if strange := self.characters - facts.characters - _PLAIN:
            yield f"has the characters {' '.join(sorted(map(ascii, strange)))}"
        for value in Counter(one.value for one in self.figures) - Counter(one.value for one in facts.figures):
            yield f"tells {value} more often than the facts"
        for figure in self.figures:
            yield from _changed(figure, {one.unit for one in facts.figures if one.value == figure.value})
        for word in Counter(self.weighty) - Counter(facts.weighty):
            yield f"says {word!r} more often than the facts"
        for name in sorted(self.names - facts.words):
            yield f"names {name!r}"


def claims(text: str) -> Claims:
    plain = text.translate(_ALIKE)
    words = list(_words(plain))
    others = [word for word in words if not word.figure]
    return Claims(
        characters=frozenset(plain),
        figures=tuple(_figures(words)),
        weighty=tuple(part for word in others for part in _weighty(word.text)),
        names=frozenset(word.text.casefold() for word in others if word.is_name),
        words=frozenset(word.text.casefold() for word in others),
    )


def _words(text: str) -> Iterator[_Word]:
    begins = True
    for raw in _RANGE.sub(r"\1 - \2", text).split():
        bare = raw.lstrip(_OPENING).rstrip(_CLOSING)
        yield _Word(bare.removesuffix("'s"), begins, ends=raw[-1] in _CLOSING)
        begins = raw.rstrip(")\"'").endswith((".", ":"))


def _figures(words: Sequence[_Word]) -> Iterator[Figure]:
    for place, word in enumerate(words):
        if match := word.figure:
            unit = _UNITS[match["unit"]] if match["unit"] else _unit(words[place : place + 1 + _BETWEEN])
            yield Figure(Decimal(match["number"].replace(",", "")), unit)


def _unit(words: Sequence[_Word]) -> str:
    """Of the figure that is the first of these words; empty when none of the others is one."""
    for before, word in pairwise(words):
        if before.ends:
            return ""
        if word.unit:
            return word.unit
    return ""


def _changed(figure: Figure, units: set[str]) -> Iterator[str]:
    """A bare figure of the facts may get a unit, and one with a unit may stand bare; a share stays a share."""
    others = units - {"%"}
    fine = figure.unit in units or (figure.unit != "%" and ("" in others or (others and not figure.unit)))
    if units and not fine:
        yield f"tells {figure.value} {figure.unit}".rstrip() + ", which the facts tell otherwise"


def _weighty(word: str) -> Iterator[str]:
    """A key or a date as it is; of any other word the parts that are numbers in words, denials or certainties."""
    lower = word.casefold()
    if any(map(str.isnumeric, lower)):
        yield lower
        return
    yield from (part for part in lower.split("-") if _WEIGHTY.fullmatch(part))
