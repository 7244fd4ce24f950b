"""Names that nobody on the team has: taken as they are, and told."""

from collections.abc import Iterable, Iterator, Mapping

from scrum.ceremonies.outcome import Outcome
from scrum.ceremonies.policy.model import Policy
from scrum.ceremonies.policy.settings import EVERYBODY
from scrum.team.model import Team
from scrum.text import nearest, quoted


def uninvited(team: Team, policy: Policy) -> tuple[str, ...]:
    """Of participants."""
    invited = {
        f"ceremonies.{rule.name}.participants": [
            one for one in rule.settings.participants if one != EVERYBODY
        ]
        for rule in policy.enabled
    }
    return tuple(_strange(team, invited))


def unknown_people(team: Team, told: Outcome) -> tuple[str, ...]:
    """Of attendees and owners."""
    owners = dict.fromkeys(one.owner for one in told.actions if one.owner)
    return tuple(_strange(team, {"attendees": told.attendees, "owner": owners}))


def _strange(team: Team, named: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Sentences that begin with the path. Of a team that nobody told of, everybody may be."""
    known = {name.casefold() for name in team.names}
    for path, names in named.items():
        for name in names if known else ():
            if name.casefold() not in known:
                yield f"{path}: {quoted(name)} is not on the team.{nearest(name, team.names)}"
