"""What an English text says, as far as it can be checked: its words, and its figures with their units."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

_ALIKE = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-") | dict.fromkeys("\u2018\u2019", "'")
)
_DATE = r"\d{4}-\d\d-\d\d(?!\d)"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TOKEN = re.compile(
    rf"(?P<date>{_DATE})|(?P<number>{_NUMBER})|(?P<word>[a-z]+)|(?P<other>[-.,]\d|\S)",
    re.ASCII | re.IGNORECASE,
)
_PUNCTUATION = frozenset(".,;:'-")
_UNITS = {
    **dict.fromkeys(("h", "hour", "hours"), "hours"),
    **dict.fromkeys(("day", "days", "workday", "workdays"), "days"),
    **dict.fromkeys(("person", "people", "member", "members"), "people"),
}
_BETWEEN = 2
"""Words after a number among which its unit is looked for."""


@dataclass(frozen=True)
class Claims:
    """Of one text, in its order and without case. Numbers are told with their unit, as `400 hours`."""

    figures: tuple[str, ...]
    words: tuple[str, ...]
    strange: tuple[str, ...]


def claims(text: str) -> Claims:
    """Whatever is no English letter, number, date or plain punctuation is strange, as is `-4` or `.4`."""
    tokens = list(_TOKEN.finditer(text.translate(_ALIKE)))
    return Claims(
        figures=tuple(_figures(tokens)),
        words=tuple(token["word"].lower() for token in tokens if token["word"]),
        strange=tuple(token[0] for token in tokens if token["other"] and token[0] not in _PUNCTUATION),
    )


def _figures(tokens: Sequence[re.Match[str]]) -> Iterator[str]:
    for place, token in enumerate(tokens, start=1):
        if token["date"]:
            yield token[0]
        elif token["number"]:
            value = Decimal(token[0].replace(",", "")).normalize()
            yield f"{value:f} {_unit(tokens[place:])}".rstrip()


def _unit(tokens: Sequence[re.Match[str]]) -> str:
    """Of the number before these tokens; empty when it has none."""
    for token in [one for one in tokens[: 2 * _BETWEEN] if one[0] != "-"][:_BETWEEN]:
        if not token["word"]:
            return ""
        if unit := _UNITS.get(token["word"].lower()):
            return unit
    return ""
