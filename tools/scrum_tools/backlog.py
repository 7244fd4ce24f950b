"""add_items, update_items and list_items."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from scrum.backlog import usecases
from scrum.backlog.model import Change, Draft, Page, Status, Where
from scrum.errors import Invalid
from scrum.sprint import progress
from scrum.sprint.progress import Updated
from scrum.sprint.usecases import found_id
from scrum.text import counted, quoted, sized
from scrum_tools.arguments import MOST_ENTRIES, ChangeEntry, ItemEntry, NoBoolean, Project, Reason, WhereEntry
from scrum_tools.budget import fitting
from scrum_tools.item_view import ItemView, item_line, item_view
from scrum_tools.run import Run
from scrum_tools.tool import View

_MOST_LINES = 50


class TooManyEntries(Invalid):
    def __init__(self, field: str, count: int) -> None:
        super().__init__(
            f"{count} {field} are too many for one call; the limit is {MOST_ENTRIES}. Split them into several "
            "calls, or import a file with `scrum-mcp import-backlog`."
        )


class NoEntries(Invalid):
    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is empty. Give at least one entry.")


def _sized(field: str, entries: Sequence[object]) -> None:
    """Raises NoEntries or TooManyEntries."""
    if not entries:
        raise NoEntries(field)
    if len(entries) > MOST_ENTRIES:
        raise TooManyEntries(field, len(entries))


class AddedItem(BaseModel):
    item: str
    outcome: str


class AddedView(View):
    project: str
    items: list[AddedItem]

    def text(self) -> str:
        listed = ", ".join(item.item for item in self.items)
        added = counted(len(self.items), "item")
        return f"{added} added to {self.project}, in the order given: {listed}. Next: plan_sprint."


async def add_items(project: Project, items: list[ItemEntry], run: Run, reason: Reason = "") -> AddedView:
    """Add up to 200 items at the end of the backlog, all or none. Next: plan_sprint."""
    _sized("items", items)
    added = await usecases.add_items(run.core, project, [_draft(item) for item in items], by=run.by(reason))
    return AddedView(project=project, items=[AddedItem(item=item.key, outcome="added") for item in added])


def _draft(entry: ItemEntry) -> Draft:
    return Draft(
        title=entry.title,
        description=entry.description,
        type=entry.type,
        points=entry.points,
        priority=entry.priority,
        labels=frozenset(entry.labels),
        skills=frozenset(entry.skills),
        depends_on=tuple(entry.depends_on),
        assignee=entry.assignee,
        due=entry.due,
        external_key=entry.external_key,
    )


class UpdatedItem(BaseModel):
    item: str
    outcome: str
    status: Status
    points: int | None
    sprint: str

    @classmethod
    def of(cls, updated: Updated) -> Self:
        after = updated.after
        outcome = "unchanged" if after == updated.before else "changed"
        return cls(
            item=after.key, outcome=outcome, status=after.status, points=after.points, sprint=after.sprint
        )

    def line(self) -> str:
        size = sized(self.points)
        return f"{self.item} {self.outcome}: {self.status}, {size}"


class UpdatedView(View):
    project: str
    items: list[UpdatedItem]

    def text(self) -> str:
        listed = "\n".join(item.line() for item in self.items[:_MOST_LINES])
        rest = f"\nand {len(self.items) - _MOST_LINES} more" if len(self.items) > _MOST_LINES else ""
        unchanged = sum(item.outcome == "unchanged" for item in self.items)
        return (
            f"{counted(len(self.items) - unchanged, 'item')} changed, {unchanged} unchanged:\n{listed}{rest}\n"
            "Next: get_sprint shows what this means for the sprint."
        )


async def update_items(
    project: Project, changes: list[ChangeEntry], run: Run, reason: Reason = ""
) -> UpdatedView:
    """Change up to 200 items, all or none; report progress here, and a running sprint's ledger records it.

    Next: get_sprint.
    """
    _sized("changes", changes)
    updated = await progress.update_items(
        run.core, project, [_change(entry) for entry in changes], by=run.by(reason)
    )
    return UpdatedView(project=project, items=[UpdatedItem.of(one) for one in updated])


def _change(entry: ChangeEntry) -> Change:
    sets = {
        name: frozenset(value)
        for name in ("labels", "skills", "depends_on")
        if (value := getattr(entry, name)) is not None
    }
    return Change(
        item=entry.item,
        status=entry.status,
        points=entry.points,
        assignee=entry.assignee,
        priority=entry.priority,
        position=entry.rank,
        blocked=entry.blocked,
        reason=entry.reason,
        title=entry.title,
        description=entry.description,
        type=entry.type,
        due=entry.due,
        clear=tuple(entry.clear),
        **sets,
    )


class ItemsView(View):
    project: str
    total: int
    items: list[ItemView]
    next_cursor: str | None

    def structured(self) -> dict[str, Any]:
        return {
            "project": self.project,
            "total": self.total,
            "items": self.items,
            "next_cursor": self.next_cursor,
        }

    def text(self) -> str:
        if not self.items:
            return f"No item of {self.project} matches. Next: add_items, or list_items with another filter."
        more = f"\nMore: list_items with cursor={self.next_cursor!r}." if self.next_cursor else ""
        listed = "\n".join(map(item_line, self.items))
        return (
            f"{len(self.items)} of {counted(self.total, 'item')} of {self.project}, in order:\n{listed}{more}"
        )


async def list_items(
    project: Project,
    run: Run,
    where: Annotated[WhereEntry, Field(description="Default: all that is open")] | None = None,
    limit: Annotated[int, Field(ge=1, le=100), NoBoolean] = 50,
    cursor: Annotated[str, Field(description="next_cursor of the page before")] = "",
    descriptions: bool = False,
) -> ItemsView:
    """The backlog in its order, filtered, page by page. Next: update_items or plan_sprint."""
    wanted = await _where(run, project, where or WhereEntry())
    page = await usecases.list_items(run.look, project, wanted, after=_after(cursor), limit=limit)
    texts = await _descriptions(run, project, page) if descriptions else None
    return page_view(project, page, texts or {})


async def _descriptions(run: Run, project: str, page: Page) -> Mapping[str, str]:
    return await usecases.read_items(run.look, project, [item.key for item in page.items])


def page_view(project: str, page: Page, texts: Mapping[str, str]) -> ItemsView:
    views = fitting([item_view(item, texts.get(item.key, "")) for item in page.items])
    more = page.items[len(views) - 1].rank if len(views) < len(page.items) else page.after
    cursor = None if more is None else str(more)
    return ItemsView.model_construct(project=project, total=page.total, items=views, next_cursor=cursor)


async def _where(run: Run, project: str, entry: WhereEntry) -> Where:
    named = entry.sprint.strip()
    sprint = named if named in ("", "-") else await found_id(run.look, project, named)
    return Where(
        keys=tuple(entry.keys),
        status=tuple(entry.status),
        type=tuple(entry.type),
        priority=tuple(entry.priority),
        assignee=entry.assignee,
        label=entry.label,
        skill=entry.skill.lower(),
        text=entry.text,
        sprint=sprint,
        blocked=entry.blocked,
        estimated=entry.estimated,
    )


class BadCursor(Invalid):
    def __init__(self, given: str) -> None:
        super().__init__(
            f"cursor is {quoted(given)}; use the next_cursor of the page before, or leave it out."
        )


def _after(cursor: str) -> int | None:
    if not cursor:
        return None
    if not cursor.isdecimal() or len(cursor) > 18:  # noqa: PLR2004 - digits of a 64-bit rank
        raise BadCursor(cursor)
    return int(cursor)
