"""What if the team or the scope were different: the same decision, under facts that are supposed only."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scrum.backlog.dependencies import check_acyclic
from scrum.backlog.model import Change, Draft, Item, UnknownItem
from scrum.backlog.usecases import drafted
from scrum.errors import Invalid, ScrumError, each
from scrum.events import By
from scrum.planning.model import Plan
from scrum.planning.ports import NO_AIDS, Aids, PlanningWork
from scrum.planning.request import PlanRequest
from scrum.planning.situation import Situation, gather, learned
from scrum.planning.usecases import decided
from scrum.team.usecases import TeamChange
from scrum.work import Start


class NothingSupposed(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "what_if supposes nothing. Give members, remove, absences, items or drop, or leave what_if out to have a plan."
        )


@dataclass(frozen=True)
class Supposed:
    """New items come at the end of the backlog, with the next keys, in the order given.

    Of two changes of one item the last one counts.
    """

    team: TeamChange
    added: Sequence[Draft] = ()
    changed: Sequence[Change] = ()

    def applied_to(self, situation: Situation, by: By) -> Situation:
        """Where past sprints do not know their heads, hours count against those of the team as it is.

        Raises:
            NothingSupposed, UnknownMember, UnknownItem, BadEntries, Invalid.
        """
        if self == Supposed(TeamChange()):
            raise NothingSupposed
        team = self.team.applied_to(situation.team, situation.project.calendar.day_of(by.now))
        items = [*_changed(situation, self.changed, by), *_new(situation, self.added, by)]
        check_acyclic({item.key: item.depends_on for item in items})
        heads_known = any(past.members for past in situation.history)
        usual = None if heads_known else situation.team
        return replace(situation, team=team, usual=usual, items=tuple(items))


@dataclass(frozen=True)
class Compared:
    """The plan under what is supposed, beside the one as things are; or why there is none as things are."""

    supposed: Plan
    actual: Plan | None
    why_not: str = ""


async def what_if(
    start: Start[PlanningWork],
    project: str,
    request: PlanRequest,
    supposed: Supposed,
    *,
    by: By,
    aids: Aids = NO_AIDS,
) -> Compared:
    """Plan as if, with the same strategies. Nothing is written, so there is nothing to commit.

    Raises:
        What `plan_sprint` and `Supposed.applied_to` raise.
    """
    async with start() as work:
        actual = await gather(work, await work.projects.get(project))
    actual = await learned(actual, aids.memory) if aids.memory else actual
    plan = await asyncio.to_thread(decided, supposed.applied_to(actual, by), request, by)
    return await asyncio.to_thread(_compared, plan, actual, request, by)


def _compared(plan: Plan, actual: Situation, request: PlanRequest, by: By) -> Compared:
    """The request may name an item that is only supposed."""
    try:
        return Compared(plan, decided(actual, request, by))
    except ScrumError as error:
        return Compared(plan, None, str(error))


def _changed(situation: Situation, changes: Sequence[Change], by: By) -> Iterator[Item]:
    known = {item.key: item for item in situation.items}
    if missing := [change.item for change in changes if change.item not in known]:
        raise UnknownItem(missing, f"The open backlog of {situation.project.key}")
    after = each("what_if.items", changes, lambda change: known[change.item].changed(change, by))
    return (item for item in (known | {item.key: item for item in after}).values() if item.is_open)


def _new(situation: Situation, drafts: Sequence[Draft], by: By) -> list[Item]:
    project, last = situation.project, max((item.rank for item in situation.items), default=0)

    def item(numbered: tuple[int, Draft]) -> Item:
        n, draft = numbered
        return drafted(f"{project.key}-{project.next_item + n}", last + 1 + n, draft, by)

    return list(each("what_if.items", enumerate(drafts), item))
