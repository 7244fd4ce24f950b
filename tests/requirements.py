"""What is promised: each promise with an id, and where it was made. `@requirement(id)` marks the test that proves it.

Sources are pages of the documentation; test_requirements.py fails when a promise has no proof, or a proof no
promise.
"""

from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Promise:
    says: str
    source: str


PROMISES = {
    "plan.optimal": Promise("A selection is proven optimal and respects every constraint", "README.md"),
    "plan.why": Promise("Every item says why it is in or out of a plan", "README.md"),
    "plan.same": Promise("The same facts make the same plan in every process", "decisions/0010"),
    "plan.availability": Promise("One of five away brings 42 points to 34", "decisions/0016"),
    "plan.drift": Promise("A plan whose facts changed is refused with the difference", "README.md"),
    "plan.once": Promise("Two agents that commit at once make one sprint and one refusal", "README.md"),
    "plan.exact": Promise("The sprint is exactly the plan", "README.md"),
    "forecast.honest": Promise("A short history gives wide intervals and says so", "README.md"),
    "forecast.never-certain": Promise("No probability is over 95 %", "decisions/0016"),
    "ledger.balance": Promise(
        "committed + added - removed +- re-estimated = completed + remaining", "README.md"
    ),
    "ledger.frozen": Promise("Starting freezes the commitment, closing the result", "README.md"),
    "ledger.append-only": Promise("Nothing is ever deleted from a ledger", "README.md"),
    "ledger.independent": Promise("The figures of a real sprint equal an independent sum", "README.md"),
    "sprint.one-open": Promise("A project has one open sprint", "README.md"),
    "sprint.carry-over": Promise("Unfinished items are carried over in the same transaction", "README.md"),
    "backlog.acyclic": Promise("A cycle of dependencies is refused and named", "README.md"),
    "backlog.order": Promise("Moving an item permutes the backlog and loses nothing", "README.md"),
    "team.capacity": Promise("5 x 80 h with one away is 400 h, -80 h, availability 0.8", "README.md"),
    "bulk.all-or-nothing": Promise(
        "A bulk call with a bad entry changes nothing and names each", "README.md"
    ),
    "input.never-internal": Promise(
        "No call from the published schemas ends in an internal error", "README.md"
    ),
    "input.refused": Promise("Bad input is refused with what to do, and changes nothing", "README.md"),
    "order.told": Promise("A call in a wrong order is told what to call", "README.md"),
    "tools.budget": Promise(
        "The core tools take at most 14,000 bytes of context, in a fixed order", "README.md"
    ),
    "tools.plain": Promise("Schemas have no anyOf and no $ref", "decisions/0013"),
    "tools.size": Promise("An answer stays under 32,000 bytes", "README.md"),
    "tools.read-only": Promise("--read-only offers no tool that writes", "README.md"),
    "tools.documented": Promise("Every tool, command, setting and event is documented", "README.md"),
    "autonomy": Promise(
        "suggest proposes, confirm asks a person, autonomous decides within limits", "README.md"
    ),
    "record.who": Promise("Every write records who did it, and why when that is said", "README.md"),
    "events.same-commit": Promise(
        "An event is stored in the commit of its change, or not at all", "decisions/0005"
    ),
    "servers.shared": Promise(
        "Processes on one folder share the servers, which stop with the last", "decisions/0007"
    ),
    "servers.kill": Promise("kill -9 of any process blocks nothing", "decisions/0007"),
    "servers.foreign": Promise(
        "A folder of another version or program is refused, untouched", "decisions/0007"
    ),
    "store.migrate-once": Promise("Of two processes at once one migrates", "decisions/0006"),
    "stdio.clean": Promise("stdout has nothing but protocol", "README.md"),
    "http.loopback": Promise("HTTP listens on loopback only, and says why", "README.md"),
    "eras": Promise("Clients of both protocol eras run the main job over stdio and HTTP", "CHANGELOG.md"),
    "import.twice": Promise("Importing the same file twice changes nothing", "README.md"),
    "import.bad-rows": Promise(
        "Each bad row is named with its line and reason, and nothing is imported", "README.md"
    ),
    "settings.unknown": Promise("An unknown SCRUM_ variable is an error", "settings.md"),
    "demo": Promise("make demo plays three sprints and leaves nothing behind", "README.md"),
}


def requirement(*ids: str) -> pytest.MarkDecorator:
    """Marks the test that proves these promises."""
    return pytest.mark.requirement(*ids)
