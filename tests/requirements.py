"""What is promised, as docs/promises.md tells users. `@requirement(id)` marks the test that proves it.

test_requirements.py fails when a promise has no proof, or a proof no promise.
"""

import pytest

PROMISES = {
    "plan.optimal": "A selection is proven optimal and respects every constraint",
    "plan.why": "Every item says why it is in or out of a plan",
    "plan.same": "The same facts make the same plan in every process",
    "plan.availability": "One of five away brings 42 points to 34",
    "plan.what-if": "A plan under supposed facts writes nothing",
    "plan.drift": "A plan whose facts changed is refused with the difference",
    "plan.once": "Two agents that commit at once make one sprint and one refusal",
    "plan.words": "A model's text about a plan has no figure or item that the facts do not have, or is not used",
    "plan.exact": "The sprint is exactly the plan",
    "forecast.honest": "A short history gives wide intervals and says so",
    "forecast.never-certain": "No probability is over 95 %",
    "forecast.better": "On real teams the forecast is nearer than every simple one, fitted without their organisation",
    "forecast.covers": "80 % intervals of 1, 2, 3, 5 and 8 sprints cover about 80 % on real teams",
    "forecast.no-peeking": "A forecast uses only what was known when its sprint started",
    "forecast.refit": "The constants of the prior are what its script derives",
    "forecast.same": "The same question has the same forecast in every process",
    "forecast.together": "Chances of projects that depend on each other are not multiplied",
    "ledger.balance": "committed + added - removed +- re-estimated = completed + remaining",
    "ledger.frozen": "Starting freezes the commitment, closing the result",
    "ledger.append-only": "Nothing is ever deleted from a ledger",
    "ledger.independent": "The figures of a real sprint equal an independent sum",
    "sprint.one-open": "A project has one open sprint",
    "sprint.carry-over": "Unfinished items are carried over in the same transaction",
    "backlog.acyclic": "A cycle of dependencies is refused and named",
    "backlog.order": "Moving an item permutes the backlog and loses nothing",
    "team.capacity": "5 x 80 h with one away is 400 h, -80 h, availability 0.8",
    "bulk.all-or-nothing": "A bulk call with a bad entry changes nothing and names each",
    "input.never-internal": "No call from the published schemas ends in an internal error",
    "input.refused": "Bad input is refused with what to do, and changes nothing",
    "order.told": "A call in a wrong order is told what to call",
    "tools.budget": "All tools take at most 24,000 bytes of context, the core ones 14,000, in a fixed order",
    "tools.plain": "Schemas have no anyOf and no $ref",
    "tools.size": "An answer stays under 32,000 bytes",
    "tools.read-only": "--read-only offers no tool that writes",
    "tools.documented": "Every tool, command, setting and event is documented",
    "autonomy": "suggest proposes, confirm asks a person, autonomous decides within limits",
    "record.who": "Every write records who did it, and why when that is said",
    "events.same-commit": "An event is stored in the commit of its change, or not at all",
    "events.once": "Whatever dies or loses its data, each event has its effect once",
    "events.poison": "An event that cannot be handled stops no other one, and is kept with its reason",
    "events.away": "A sprint closes at once without its history, which is complete when it is back",
    "history.who": "A history says who did what, when and why, in the words of each event",
    "history.away": "Without its history everything else works, and an explanation says that it is missing",
    "history.complete": "A history says how many events are not in it yet, and gets each one once",
    "servers.shared": "Processes on one folder share the servers, which stop with the last",
    "servers.kill": "kill -9 of any process blocks nothing",
    "servers.foreign": "A folder of another version or program is refused, untouched",
    "store.migrate-once": "Of two processes at once one migrates",
    "stdio.clean": "stdout has nothing but protocol",
    "http.loopback": "HTTP listens on loopback only, and says why",
    "eras": "Clients of both protocol eras run the main job over stdio and HTTP",
    "import.twice": "Importing the same file twice changes nothing",
    "import.bad-rows": "Each bad row is named with its line and reason, and nothing is imported",
    "settings.unknown": "An unknown SCRUM_ variable is an error",
    "velocity.units": "Velocity in each unit has its window, n per source, mean, median and spread, and says what it left out",
    "velocity.wall-clock": "Sprints count as long as they really lasted, also those of minutes",
    "backtest.blind": "A backtest forecasts each sprint from what was known when it started",
    "backtest.checkable": "The figures of a backtest follow from the forecasts that it writes",
    "demo": "make demo plays three sprints and leaves nothing behind",
}


def requirement(*ids: str) -> pytest.MarkDecorator:
    """Marks the test that proves these promises."""
    return pytest.mark.requirement(*ids)
