"""Arguments that several tools share: plain types with their limits."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from scrum.backlog.model import ItemType, Priority, Status
from scrum_tools.json import is_object

MOST_ENTRIES = 200
"""Entries of one bulk call: its answer stays under 32,000 bytes."""


def _iso_date(given: Any) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError) as error:
        raise ValueError("must be a day like 2026-03-31") from error


def _upper(given: Any) -> Any:
    return given.strip().upper() if isinstance(given, str) else given


def _number(given: Any) -> Any:
    if isinstance(given, bool):
        raise ValueError("must be a number, not true or false")  # noqa: TRY004 - pydantic reports ValueErrors
    return given


def _without_nulls(given: Any) -> Any:
    return {name: value for name, value in given.items() if value is not None} if is_object(given) else given


Day = Annotated[date, BeforeValidator(_iso_date), WithJsonSchema({"type": "string", "format": "date"})]
Key = Annotated[str, BeforeValidator(_upper)]
Project = Annotated[Key, Field(description="Project key, like SHOP")]
AnyProject = Annotated[
    Key, Field(description="Project key; needed with 'current' or 'next' when there are several")
]
Sprint = Annotated[str, Field(description="Sprint id like SHOP-S3, 'current' or 'next'")]
Reason = Annotated[str, Field(description="Why, for the record")]
NoBoolean = BeforeValidator(_number)
"""Stands after the limits of a number: before them it hides them from the schema."""

Whole = Annotated[int, NoBoolean]
Number = Annotated[float, NoBoolean]
Points = Annotated[int, Field(ge=0, le=1000), NoBoolean]


class Entry(BaseModel):
    """One entry of an array; null counts as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    _bare = model_validator(mode="before")(_without_nulls)


class ItemEntry(Entry):
    title: str
    description: str = ""
    type: ItemType = ItemType.STORY
    points: Points | None = None
    priority: Priority = Priority.MEDIUM
    labels: list[str] = []
    skills: list[str] = []
    depends_on: Annotated[
        list[str], Field(description="Item keys, or '#2' for the second item of this call")
    ] = []
    assignee: str = ""
    due: Day | None = None
    external_key: Annotated[str, Field(description="Its key in another tracker")] = ""


class ChangeEntry(Entry):
    item: Key
    status: Status | None = None
    points: Points | None = None
    assignee: str | None = None
    priority: Priority | None = None
    rank: (
        Annotated[int, Field(ge=1, description="New place in the open backlog; 1 is first"), NoBoolean] | None
    ) = None
    blocked: bool | None = None
    reason: Reason = ""
    title: str | None = None
    description: str | None = None
    type: ItemType | None = None
    labels: list[str] | None = None
    skills: list[str] | None = None
    depends_on: list[Key] | None = None
    due: Day | None = None
    clear: list[Literal["points", "assignee", "due"]] = []


class MemberEntry(Entry):
    name: str
    hours_per_day: Annotated[float, Field(gt=0, le=24), NoBoolean] | None = None
    role: str | None = None
    skills: list[str] | None = None


class AbsenceEntry(Entry):
    member: str
    start: Annotated[Day, Field(description="Default today")] | None = None
    end: Annotated[Day, Field(description="Included; default start")] | None = None
    half_day: bool = False
    reason: str = ""


class WhereEntry(Entry):
    keys: list[Key] = []
    status: list[Status] = []
    type: list[ItemType] = []
    priority: list[Priority] = []
    assignee: str = ""
    label: str = ""
    skill: str = ""
    text: Annotated[str, Field(description="In title or description")] = ""
    sprint: Annotated[str, Field(description="Sprint id, 'current', or '-' for none")] = ""
    blocked: bool | None = None
    estimated: bool | None = None
