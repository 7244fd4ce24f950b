"""A ceremony policy as set_ceremonies answers it: each value, and where it is from."""

from collections.abc import Container, Iterator
from typing import Any, Self

from pydantic import BaseModel

from scrum.ceremonies.answers import CeremoniesAnswer
from scrum.ceremonies.policy.changing import uses
from scrum.ceremonies.policy.model import Policy, Rule, Shown
from scrum.ceremonies.policy.settings import Scope
from scrum.ceremonies.policy.spelling import Document
from scrum.text import told
from scrum_tools.budget import fitting, size
from scrum_tools.tool import View

_RULES = 16_000
_LONGEST = 2_000
"""Bytes of one value, in both forms."""
_DEFAULT = "default"
_OTHERS = "All else is as by default: set_ceremonies with the project alone tells every key."


class RuleView(BaseModel):
    """`values` has the keys that are not defaults or were asked for, or all; `origins` those that are not defaults."""

    name: str
    values: dict[str, Any]
    origins: dict[str, str]

    @classmethod
    def of(cls, rule: Rule, asked: Container[str] | None) -> Self:
        """With all keys where `asked` is None."""
        known = {
            key: one
            for key, one in _used(rule).items()
            if asked is None or key in asked or one.origin != _DEFAULT
        }
        return cls(
            name=rule.name,
            values={key: _shown(one.value) for key, one in known.items()},
            origins={key: one.origin for key, one in known.items() if one.origin != _DEFAULT},
        )

    def line(self) -> str:
        chosen = [f"{key} {_said(self.values[key])} ({origin})" for key, origin in self.origins.items()]
        usual = [f"{key} {_said(value)}" for key, value in self.values.items() if key not in self.origins]
        parts = [", ".join(chosen), f"by default {', '.join(usual)}" if usual else ""]
        return f"{self.name}: {'; '.join(part for part in parts if part)}."


class PolicyView(View):
    """`applied` is false for a dry run, and where nothing changes. `locked_by` is the sprint that keeps its own policy."""

    project: str
    template: str
    applied: bool
    changes: list[str]
    restarts: list[str]
    sprint: RuleView
    ceremonies: list[RuleView]
    ceremonies_count: int
    locked_by: str
    others: str = ""
    next: str

    @classmethod
    def of(cls, answer: CeremoniesAnswer, asked: Document | None, *, dry_run: bool) -> Self:
        """With every key of every ceremony where `asked`, what was to be changed, is None."""
        rules = [
            RuleView.of(rule, None if asked is None else asked.of(rule.name))
            for rule in answer.after.ceremonies
        ]
        told = [rule for rule in rules if rule.values]
        return cls(
            project=answer.project.key,
            template=answer.project.cadence,
            applied=answer.changed and not dry_run,
            changes=fitting(list(_changes(answer)), budget=_RULES // 4),
            restarts=[*answer.restarts, *answer.remarks],
            sprint=RuleView.of(answer.after.sprint, None if asked is None else asked.sprint),
            ceremonies=fitting(told, budget=_RULES),
            ceremonies_count=len(told),
            others="" if asked is None else _OTHERS,
            locked_by=answer.locked,
            next=_next(answer, dry_run=dry_run),
        )

    def text(self) -> str:
        parts = [
            f"{self.project}, template {self.template}: {self._done()}",
            *self.changes,
            *self.restarts,
            *([self.sprint.line()] if self.sprint.values else []),
            *(rule.line() for rule in self.ceremonies),
            *([f"and {rest} more"] if (rest := self.ceremonies_count - len(self.ceremonies)) else []),
            *([self.others] if self.others else []),
            self.next,
        ]
        return "\n".join(parts)

    def _done(self) -> str:
        if self.applied:
            return "changed."
        return "this would change; nothing was stored." if self.changes else "nothing changes."


def _next(answer: CeremoniesAnswer, *, dry_run: bool) -> str:
    if not answer.changed:
        return "Next: list_ceremonies says when each fires."
    if answer.locked:
        return f"Next: close_sprint first: the policy is locked while {answer.locked} runs."
    return (
        "Next: set_ceremonies without dry_run." if dry_run else "Next: list_ceremonies says when each fires."
    )


def _changes(answer: CeremoniesAnswer) -> Iterator[str]:
    if answer.was is not answer.project.cadence:
        yield f"template: {answer.was} becomes {answer.project.cadence}"
    before = dict(_all(answer.before))
    for path, value in _all(answer.after):
        if path not in before:
            yield f"{path}: {_said(value)}"
        elif before[path] != value:
            yield f"{path}: {_said(before[path])} becomes {_said(value)}"


def _all(policy: Policy) -> Iterator[tuple[str, object]]:
    for rule in (policy.sprint, *policy.ceremonies):
        path = "sprint" if rule is policy.sprint else f"ceremonies.{rule.name}"
        for key, one in _used(rule).items():
            yield f"{path}.{key}", one.value


def _used(rule: Rule) -> dict[str, Shown]:
    """What a ceremony takes, but never goes by, is left out."""
    of_sprint = rule.scope is Scope.SPRINT
    return {key: one for key, one in rule.shown().items() if of_sprint or uses(rule, key)}


def _shown(value: object) -> object:
    if size(value) <= _LONGEST:
        return value
    entries = len(value) if isinstance(value, list | dict) else 1  # pyright: ignore[reportUnknownArgumentType]
    return f"{entries} entries, too long to be shown"


def _said(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list() | dict():
            return told(", ".join(map(str, value)), 200)[1:-1] or "none"  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return told(str(value), 200)[1:-1] or "not set"
