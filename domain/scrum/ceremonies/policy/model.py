"""A team's ceremony policy: defaults, the project's template, the project, and a ceremony of it, field by field.

What is said of a ceremony counts more than what is said of the sprint; in each of the two, the project counts more than
its template, and the template more than the defaults.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scrum.ceremonies.policy.settings import (
    KEYS,
    OF_ALL,
    OF_GATES,
    Milestone,
    Scope,
    Settings,
    kept,
    keys_of,
    usual,
)
from scrum.ceremonies.policy.spelling import Document, Values, merged
from scrum.ceremonies.policy.templates import DEFAULTS, TEMPLATES
from scrum.ceremonies.terms import FIVE, GATES, Strategy
from scrum.team.project import Cadence


@dataclass(frozen=True)
class Shown:
    """A value in the form in which it is kept, and where it is from."""

    value: object
    origin: str


@dataclass(frozen=True)
class Rule:
    """What one ceremony, or the sprint itself, goes by. `origins` has the keys that are not defaults."""

    name: str
    settings: Settings
    origins: Mapping[str, str]
    scope: Scope = Scope.CEREMONY

    @property
    def strategy(self) -> Strategy:
        return self.settings.strategy

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """Those that it is due with."""
        return tuple(one for one in self.settings.milestones if one.ceremony in ("", self.name))

    def shown(self) -> dict[str, Shown]:
        """The keys that its strategy takes."""
        return {
            name: Shown(kept(getattr(self.settings, name)), self.origins.get(name, "default"))
            for name in keys_of(self.scope)
            if self._shows(name)
        }

    def _shows(self, key: str) -> bool:
        if key in OF_ALL and key in self.origins:
            return True
        return KEYS[key].taken_by(self.strategy) and (key not in OF_GATES or self.name in GATES)


@dataclass(frozen=True)
class Policy:
    """`ceremonies` are in the order in which they are due when they are due at once."""

    sprint: Rule
    ceremonies: tuple[Rule, ...]

    def of(self, name: str) -> Rule | None:
        return next((rule for rule in self.ceremonies if rule.name == name), None)

    @property
    def enabled(self) -> Iterator[Rule]:
        return (rule for rule in self.ceremonies if rule.settings.enabled)


def resolve(cadence: Cadence, project: Document) -> Policy:
    """What holds for a project with this template and these settings of its own."""
    template = TEMPLATES[cadence]
    names = dict.fromkeys((*FIVE, *template.ceremonies, *project.ceremonies))
    sprint = _levels(cadence, project, "")
    return Policy(
        _rule("sprint", sprint, Scope.SPRINT),
        tuple(_rule(name, [*_levels(cadence, project, name), *sprint], Scope.CEREMONY) for name in names),
    )


_Level = tuple[str, Values]


def _levels(cadence: Cadence, project: Document, name: str) -> list[_Level]:
    """The strongest first."""
    template = TEMPLATES[cadence]
    if not name:
        return [("project", project.sprint), (f"template {cadence}", template.sprint)]
    own, under = project.of(name), template.of(name)
    if "on" in own:
        under = {key: value for key, value in under.items() if key != "debounce"}
    return [
        (f"project, {name}", own),
        (f"template {cadence}, {name}", under),
        (f"default of {name}", DEFAULTS.of(name)),
    ]


def _rule(name: str, levels: list[_Level], scope: Scope) -> Rule:
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, level in levels:
        for key, value in level.items():
            if key == "milestones":
                values[key] = merged(value, values.get(key, {}))
                origins.setdefault(key, origin)
            elif key not in values and KEYS[key].scope in (scope, Scope.BOTH):
                values[key], origins[key] = value, origin
    if "debounce" not in values:
        values["debounce"] = usual("debounce", tuple(values.get("on", ())))
    return Rule(name, Settings.of(values), origins, scope)
