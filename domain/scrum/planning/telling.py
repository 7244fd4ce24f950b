"""A decision, told as a plan: what goes in, what stays out, what is expected, and what else could be committed to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from scrum.backlog.model import Item
from scrum.events import By
from scrum.planning.decision import Decision, Frame
from scrum.planning.figures import after
from scrum.planning.limits import blocked
from scrum.planning.model import Alternative, Chosen, Expected, Inputs, LeftOut, Plan
from scrum.planning.reasoning import reasoning
from scrum.planning.risks import Chance, risks
from scrum.planning.situation import inputs, plan_id
from scrum.sprint.ledger import GOOD_SHARE
from scrum.strategies.applying import Given, reached
from scrum.text import counted

LIFETIME = timedelta(hours=24)
MOST_LEFT_OUT = 40
ALTERNATIVES = (("cautious", 0.8), ("balanced", 0.5), ("ambitious", 0.3))


def plan_of(made: Decision, by: By) -> Plan:
    plan = _without_words(made, by)
    return replace(plan, reasoning=reasoning(plan))


def _without_words(made: Decision, by: By) -> Plan:
    frame, facts = made.frame, inputs(made.situation)
    out = left_out(made)
    return Plan(
        id=_id(made, facts, by),
        project=made.situation.project.key,
        goal=made.request.goal,
        start=frame.start,
        end=frame.end,
        created_at=by.now,
        expires_at=by.now + LIFETIME,
        created_by=by.actor,
        target_confidence=frame.target,
        capacity=frame.capacity,
        expected=_expected(made),
        base=frame.given.base,
        commitment=frame.commitment,
        points=made.points,
        selected=_chosen(made),
        left_out=out[:MOST_LEFT_OUT],
        left_out_count=len(out),
        risks=risks(_chance(made)),
        alternatives=_alternatives(frame),
        confidence=round(frame.expected.at_least(GOOD_SHARE * made.probable_points), 4),
        optimal=made.selection.optimal,
        gap=made.selection.gap,
        reasoning="",
        inputs=facts,
        steps=frame.steps,
        unassigned=made.assignment.unassigned_keys,
        unlearned=made.situation.unlearned,
        figures={**frame.given.figures, **after(made.items, made.situation.candidates)},
    )


def _id(made: Decision, facts: Inputs, by: By) -> str:
    frame, people = made.frame, made.assignment.people
    today = made.situation.project.calendar.day_of(by.now)
    selected = [[item.key, item.points, people.get(item.key, "")] for item in made.items]
    taken = [[step.name, step.version, step.arm, step.before, step.after] for step in frame.steps]
    decided = [str(frame.start), str(frame.end), frame.target, frame.commitment, selected, taken]
    return plan_id(facts.digest, [made.request.facts(), str(today)], decided)


def _chance(made: Decision) -> Chance:
    return Chance(
        capacity=made.frame.capacity,
        forecast=made.frame.expected,
        selected=made.items,
        backlog=made.situation.candidates,
        points=made.points,
        hours_per_point=made.frame.hours_per_point,
        running=made.situation.running,
    )


def _chosen(made: Decision) -> tuple[Chosen, ...]:
    people = made.assignment.people
    unplaced = {item.key: [f"unassigned, because {item.words}"] for item in made.assignment.unassigned}
    must = made.request.must_include
    return tuple(
        Chosen(
            key=item.key,
            title=item.title,
            points=item.points,
            why="; ".join([*_demanded(item, must), *made.worth[item.key].why, *unplaced.get(item.key, [])]),
            assignee=people.get(item.key, ""),
        )
        for item in made.items
    )


def _demanded(item: Item, must: frozenset[str]) -> list[str]:
    if item.key in must:
        return ["asked for"]
    return ["promised when it was carried over"] if item.pinned else []


def left_out(made: Decision) -> tuple[LeftOut, ...]:
    situation = made.situation
    items = {item.key: item for item in situation.candidates}
    out_for_it = blocked(situation, made.request)
    return tuple(
        LeftOut(
            out.key,
            items[out.key].title,
            items[out.key].points,
            made.strategic.get(out.key) or _why_out(items[out.key], out.words, out_for_it),
        )
        for out in made.selection.left_out
    )


def _why_out(item: Item, words: str, out_for_it: frozenset[str]) -> str:
    if item.block is None or item.key not in out_for_it:
        return words
    promised = "promised when it was carried over, but " if item.pinned else ""
    return f"{promised}blocked{f': {item.block.reason}' if item.block.reason else ''}"


def _expected(made: Decision) -> Expected:
    predicted = made.frame.expected
    return Expected(
        n=predicted.n,
        evidence=predicted.evidence,
        sources=predicted.sources,
        p10=round(predicted.quantile(0.1), 2),
        p50=round(predicted.quantile(0.5), 2),
        p85=round(predicted.quantile(0.85), 2),
        p90=round(predicted.quantile(0.9), 2),
        p_commitment=round(predicted.at_least(made.probable_points), 4),
        notes=(*predicted.notes, *_against(made), *made.guess.notes),
    )


def _against(made: Decision) -> Iterator[str]:
    if made.situation.usual:
        capacity = made.frame.capacity
        people = counted(len(capacity.people), "person")
        yield f"The {capacity.net_hours:g} h of {people} are compared with those of the team as it is, without absences."


def _alternatives(frame: Frame) -> tuple[Alternative, ...]:
    """With the same strategies."""
    return tuple(
        Alternative(name, confidence, reached(_given(frame, confidence), frame.applied))
        for name, confidence in ALTERNATIVES
    )


def _given(frame: Frame, confidence: float) -> Given:
    base, present = frame.everybody.commitment(confidence), frame.expected.commitment(confidence)
    return replace(frame.given, base=base, present=present)
