"""Text from people and trackers is data: made safe here, once, before anything keeps or repeats it."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from scrum.errors import Invalid

_JOINERS = "\u200c\u200d"  # part of words and of emoji, though invisible
_PART = r"\w+(?:['\u2019-]\w+)*"
_NAME = re.compile(rf"(?![\d_]){_PART}(?: {_PART}){{0,3}}")
_LONGEST_NAME = 40
_PLURALS = {"person": "people", "strategy": "strategies", "ceremony": "ceremonies"}


class UnsafeText(Invalid):
    def __init__(self, field: str, position: int, code: int) -> None:
        super().__init__(
            f"{field} has the control character U+{code:04X} at position {position + 1}. "
            "Remove control characters."
        )


class TooLong(Invalid):
    def __init__(self, field: str, length: int, limit: int) -> None:
        super().__init__(f"{field} is {length} characters long; the limit is {limit}. Shorten it.")


class Missing(Invalid):
    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is empty. Give it some text.")


def checked(field: str, text: str) -> None:
    """Refuse what no store and no screen can hold: control characters and lone surrogates.

    Raises:
        UnsafeText: names the character and its position.
    """
    for position, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t":
            raise UnsafeText(field, position, ord(character))


class _Kept(dict[int, int | None]):
    """For str.translate: what stays of each character, asked once."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        hidden = unicodedata.category(character) in _HIDDEN and character not in f"\n\t{_JOINERS}"
        self[code] = None if hidden else code
        return self[code]


_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_KEPT = _Kept()


def cleaned(text: str) -> str:
    """Without control, invisible and direction-changing characters; line breaks and tabs stay."""
    return text.translate(_KEPT).strip()


def line(field: str, text: str, *, limit: int) -> str:
    """One clean line of text.

    Raises:
        TooLong: over `limit` characters.
    """
    return body(field, " ".join(text.split()), limit=limit)


def required(field: str, text: str, *, limit: int) -> str:
    """As `line`, and something must remain.

    Raises:
        Missing: nothing is left of it.
        TooLong: over `limit` characters.
    """
    result = line(field, text, limit=limit)
    if not result:
        raise Missing(field)
    return result


def body(field: str, text: str, *, limit: int) -> str:
    """Clean text of many lines.

    Raises:
        TooLong: over `limit` characters.
    """
    result = cleaned(text)
    if len(result) > limit:
        raise TooLong(field, len(result), limit)
    return result


def quoted(text: str, limit: int = 60) -> str:
    """Foreign text inside an error or an answer: one short line in quotes, which does not end before they do."""
    return told(cleaned(text), limit)


def told(text: str, limit: int = 60) -> str:
    """As `quoted`, for texts that were cleaned when they came in."""
    inner = shortened(text, limit).replace("'", "\u2019")
    return f"'{inner}'"


def shortened(text: str, limit: int) -> str:
    """One line, for sentences of ours that quote texts already."""
    short = " ".join(text.split())
    return f"{short[: limit - 1]}…" if len(short) > limit else short


def named(text: str) -> str:
    """What people named something, inside a sentence of ours: up to four plain words as they are, the rest quoted."""
    if len(text) <= _LONGEST_NAME and _NAME.fullmatch(text):
        return text
    return quoted(text)


def counted(number: int, noun: str) -> str:
    """`1 item`, `2 items`."""
    return f"{number} {noun if number == 1 else _PLURALS.get(noun, f'{noun}s')}"


def sized(points: int | None) -> str:
    return "not estimated" if points is None else counted(points, "point")


def are(number: int, noun: str, *, of: int | None = None) -> str:
    """`1 item is`, `2 items are`; with `of`, `1 of 4 items is`."""
    verb = "is" if number == 1 else "are"
    return f"{counted(number, noun)} {verb}" if of is None else f"{number} of {counted(of, noun)} {verb}"


def choices(names: Iterable[str], *, most: int = 12) -> str:
    """A readable list of what would have been right."""
    listed = list(names)
    rest = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + rest if listed else "none yet"


def nearest(word: str, names: Iterable[str]) -> str:
    """`" Did you mean 'X'?"` when something is close, else nothing."""
    known = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return f" Did you mean {known[close[0]]!r}?" if close else ""
