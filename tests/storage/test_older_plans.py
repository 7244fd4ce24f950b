"""Plans that earlier versions stored."""

from typing import Any

from pydantic import TypeAdapter

from scrum.planning.model import COMPOSER, Plan
from scrum_storage.jsonb import Stored
from tests.storage.test_sprints import PLAN


def test_a_plan_from_before_models_worded_any_was_composed() -> None:
    kept: Any = TypeAdapter(Plan).dump_python(PLAN, mode="json")
    del kept["worded_by"]

    assert Stored(Plan).restored(kept).worded_by == COMPOSER
