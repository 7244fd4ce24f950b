"""What was decided in situations like that of a plan, and what came of it. It explains a plan, and never changes one."""

import asyncio
from dataclasses import replace

from scrum.errors import Unavailable
from scrum.memory.search import Hit, Query, Where
from scrum.memory.usecases import Recalled, search_episodes
from scrum.planning.model import Plan, Similar
from scrum.planning.ports import Aids
from scrum.planning.remembering import context
from scrum.planning.situation import AWAY, PATIENCE, Situation
from scrum.text import counted

MOST = 3
_REASONS = 6


async def recalled(plan: Plan, situation: Situation, aids: Aids) -> Plan:
    """With the decisions that are most like it; or why there are none."""
    if aids.memory is None:
        return plan
    where = Where(plan.project, beside=plan.id)
    query = Query(context(plan, situation), where=where, limit=MOST)
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await search_episodes(aids.memory, query, aids.embedders)
    except TimeoutError:
        return replace(plan, recalled=f"Memory gave no answer within {PATIENCE:g} s.")
    except Unavailable:
        return replace(plan, recalled=f"Similar decisions are unknown now: {AWAY}")
    return replace(plan, similar=tuple(map(_similar, answer.found.hits)), recalled=_note(plan, answer))


def _similar(hit: Hit) -> Similar:
    one = hit.episode
    return Similar(
        plan=one.plan,
        project=one.project,
        sprint=one.sprint,
        at=one.at,
        goal=one.context.goal or one.context.text,
        decision=one.told.decision if one.told else "",
        commitment=None if one.told else one.decision.commitment,
        completed=one.outcome.completed if one.outcome else None,
        result=one.result,
        why=hit.why[:_REASONS],
    )


def _note(plan: Plan, answer: Recalled) -> str:
    scope = answer.found.scope.removesuffix(f" beside that of {plan.id}")
    similar = (
        counted(len(answer.found.hits), "similar decision") if answer.found.hits else "No similar decision"
    )
    return " ".join([f"{similar} among {scope}.", *answer.notes])
