"""When a strategy applies: a condition in CEL (Common Expression Language) over the figures of a plan.

What it may say is bounded: figures, whole and decimal numbers, arithmetic, comparisons, `&&`, `||`, `!` and `?:`. There
are no functions, no loops, no texts and no comments in it, so that every one ends at once and changes nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Protocol

from scrum.errors import Invalid
from scrum.text import choices, line, nearest, quoted

ALWAYS = "true"
LONGEST = 300
NAMES = {
    "availability": "share of the team's hours that absences leave, 0 to 1",
    "days_away": "working days that its people are away, together",
    "team_size": "people",
    "working_days": "of the sprint",
    "velocity": "points that the team completes as likely as not with everybody there",
    "past_sprints": "how many the forecast is made from",
    "completion": "share of their commitments that the last three sprints completed",
    "carry_over": "points in the backlog that an earlier sprint did not finish",
    "scope": "points in the backlog that no sprint has",
    "unestimated_share": "share of the items in the backlog without points, 0 to 1",
    "blocked_share": "share of the items in the backlog that are blocked, 0 to 1",
    "largest_item": "points of the largest item in the backlog",
    "longest_chain": "items in the longest chain of dependencies in the backlog",
}
"""Each is a decimal number; what is not known of a plan is left out of its figures."""

_LIBRARY = (
    "_&&_",
    "_||_",
    "!_",
    "-_",
    "_+_",
    "_-_",
    "_*_",
    "_/_",
    "_?_:_",
    *(f"_{s}_" for s in ("<", "<=", ">", ">=", "==", "!=")),
)
_POINT = ".0"
_WORD = re.compile(r"[a-z_]\w*|\.?\d+(?:\.\d+)?(?:e[+-]?\d+)?\w*", re.ASCII | re.IGNORECASE)
_TOKEN = re.compile(
    rf"""\s*(?:
        (?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?(?!\w) | (?:true|false|{"|".join(NAMES)})\b |
        && | \|\| | [<>=!]= | /(?!/) | [-+*<>!?:()]
    )\s*""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_SAID = re.compile(f"(?:{_TOKEN.pattern})*", _TOKEN.flags)
_DIVISOR = "divisor"
_TOLD = re.compile(r"ERROR: <input>:1:(?P<column>\d+): (?P<what>[^\n]*)")
_UNKNOWN = re.compile(r"undeclared reference to '(?P<name>\w*)'")
_OPERATOR = re.compile(r"overload for '_?(?P<sign>[^\s\w'?:]+)_'")


class BadCondition(Invalid):
    def __init__(self, text: str, what: str) -> None:
        super().__init__(
            f"when is {quoted(text, LONGEST)}: {what} Write a condition like 'days_away > 2 && availability < 0.8', "
            f"or 'true' for always. Names, all of them numbers: {choices(NAMES, most=len(NAMES))}."
        )


class _Value(Protocol):
    def value(self) -> Any: ...


class _Type(Protocol):
    def name(self) -> str: ...


class _Compiled(Protocol):
    def eval(self, *, data: Mapping[str, float]) -> _Value: ...

    def return_type(self) -> _Type: ...


class _Language(Protocol):
    def compile(self, expression: str) -> _Compiled: ...


@dataclass(frozen=True)
class Condition:
    """One that was checked."""

    text: str

    def holds(self, figures: Mapping[str, float]) -> bool:
        """False too where a figure that decides it is not known, or nothing can be computed."""
        try:
            return _guarded(self.text).eval(data=figures).value() is True
        except RuntimeError:
            return False


def condition(text: str) -> Condition:
    """Raises TooLong or BadCondition, which names the position."""
    given = line("when", text, limit=LONGEST) or ALWAYS
    try:
        found = _compiled(given).return_type().name()
    except RuntimeError as error:
        raise BadCondition(given, _told(given, str(error))) from None
    if found != "BOOL":
        raise BadCondition(given, "it is a number, not true or false.")
    if (said := _said(given)) < len(given):
        raise BadCondition(given, f"at position {said + 1} it stops being a condition.")
    return Condition(given)


def _told(given: str, error: str) -> str:
    """What is wrong, and where; positions count from 1."""
    found = _TOLD.search(error)
    if not found:
        return "it is nested too deeply."
    place = f"at position {_position(given, int(found['column']))}"
    if unknown := _UNKNOWN.search(found["what"]):
        return f"{place}, {quoted(unknown['name'])} is no name of a figure.{nearest(unknown['name'], NAMES)}"
    if sign := _OPERATOR.search(found["what"]):
        return f"{place}, {sign['sign']} does not go with what stands beside it."
    return f"{place} it stops being a condition."


def _position(given: str, column: int) -> int:
    """In the text as it was given, whose whole numbers were shorter."""
    for word in _WORD.finditer(given):
        if word[0].isdecimal() and word.end() + 1 < column:
            column = max(word.end() + 1, column - len(_POINT))
    return column


def _said(text: str) -> int:
    """How much of it is made of what a condition may say: the language itself knows texts, lists and comments."""
    found = _SAID.match(text)
    return found.end() if found else 0


@lru_cache(maxsize=512)
def _guarded(text: str) -> _Compiled:
    """Nothing can be computed with a divisor of 0, whatever decimal numbers make of it. Raises RuntimeError."""
    return _language().compile("".join(_with_divisors(_TOKEN.findall(_decimal(text)))))


def _with_divisors(tokens: Iterable[str]) -> Iterator[str]:
    """Each divisor, a word or what is in brackets, goes through a function."""
    depth, divisors, awaited = 0, list[int](), False
    for token in tokens:
        word = token.strip()
        depth += (word == "(") - (word == ")")
        yield token
        if word == "/":
            yield f"{_DIVISOR}("
            awaited = True
        elif awaited and word == "(":
            divisors.append(depth - 1)
            awaited = False
        elif awaited and word != "-":
            yield ")"
            awaited = False
        elif word == ")" and divisors and divisors[-1] == depth:
            divisors.pop()
            yield ")"


def _divisor(number: float) -> float:
    """The library makes an error of the condition from any of ours."""
    if not number:
        raise ZeroDivisionError
    return number


def _compiled(text: str) -> _Compiled:
    """Raises RuntimeError: what the library has to say of it."""
    return _language().compile(_decimal(text))


def _decimal(text: str) -> str:
    """All numbers are decimal ones: 2 is read as 2.0."""
    return _WORD.sub(lambda word: f"{word[0]}{_POINT if word[0].isdecimal() else ''}", text)


@cache
def _language() -> _Language:
    """Loads the library."""
    from cel_expr_python import cel as library  # type: ignore[import-untyped]  # noqa: PLC0415 - only strategies need it

    cel: Any = library
    functions = "".join(f'    - name: "{name}"\n' for name in _LIBRARY)
    config = cel.NewEnvConfigFromYaml(f"stdlib:\n  disable_macros: true\n  include_functions:\n{functions}")
    number = cel.Type.DOUBLE
    of_number = cel.Overload(f"{_DIVISOR}_double", number, [number], impl=_divisor)
    language: _Language = cel.NewEnv(
        config=config,
        variables=dict.fromkeys(NAMES, number),
        functions=[cel.FunctionDecl(_DIVISOR, [of_number])],
    )
    return language
