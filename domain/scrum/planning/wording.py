"""The opening of a plan's reasoning in the words of a language model; the rest stands as it was composed.

What a person agrees to (forecast, commitment, chances, risks) is never a model's. It may put anew when the sprint is
and who is there, in plain words that could not say more: neither its facts nor its vocabulary have any others.
"""

from collections.abc import Iterator
from dataclasses import replace

from scrum.errors import Unavailable
from scrum.planning.claims import claims
from scrum.planning.model import Plan
from scrum.planning.ports import Words
from scrum.planning.reasoning import opening, promise

LONGEST = 600

_WORDS = (
    "a also an and are as at availability available away be because before begin begins capacity comes consists count "
    "counted day days during end ends for from gives giving has have having hour hours in includes including into is it "
    "its last lasts leaves leaving length member members of on people period person present recorded remaining runs s "
    "so span spans sprint start starts take taken takes team that the their there these they this through to together "
    "total totals until when where which while who will with work workday workdays working works"
)
_VOCABULARY = frozenset(_WORDS.split())

TASK = (
    "Put these facts about a sprint into plain English: one to four short sentences in one paragraph. Say what they "
    "say, and nothing else. Write every number and date in digits, exactly as it stands in the facts, once and in the "
    "same order, each number right before its unit. End with a full stop; no brackets, quotes or markup. Use no other "
    f"words than those of the facts and these: {_WORDS}."
)


async def worded(plan: Plan, words: Words) -> Plan:
    """As it was composed, where there is no text in time, or one that says anything else."""
    facts = opening(plan)
    try:
        told = " ".join((await words.worded(TASK, facts)).split())
    except Unavailable:
        return plan
    if problem := next(problems(told, facts), ""):
        words.rejected(told, problem)
        return plan
    return replace(plan, reasoning=f"{told} {promise(plan)}", worded_by=words.name)


def problems(text: str, facts: str) -> Iterator[str]:
    """Why a text is not used, in words; it has to tell the figures of the facts in their order."""
    if len(text) > LONGEST:
        yield f"has {len(text)} characters; {LONGEST} are allowed"
    if not text.endswith("."):
        yield "does not end with a full stop"
    said, known = claims(text), claims(facts)
    yield from (f"has {one!a}" for one in said.strange)
    yield from (f"says {word!r}" for word in said.words if word not in _VOCABULARY.union(known.words))
    if said.figures != known.figures:
        yield f"tells {', '.join(said.figures)} instead of {', '.join(known.figures)}"
