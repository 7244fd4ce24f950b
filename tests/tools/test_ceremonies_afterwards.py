"""Ceremonies that are asked for when no sprint is open."""

import pytest

from tests.tools.agent import Agent
from tests.tools.ceremonial import a_sprint
from tests.tools.conftest import Refused

_WAITS = {"sprint": {"auto_transition": False}}


@pytest.mark.parametrize("ceremony", ["sprint_review", "retrospective", "backlog_refinement"])
async def test_a_dry_run_is_about_the_sprint_at_which_it_would_be_held(ana: Agent, ceremony: str) -> None:
    key = await a_sprint(ana, _WAITS)
    await ana.call("close_sprint", sprint="current", project=key)

    preview = await ana.call("trigger_ceremony", project=key, ceremony=ceremony, dry_run=True)
    made = await ana.call("trigger_ceremony", project=key, ceremony=ceremony)

    assert preview["sprint"] == made["sprint"] == f"{key}-S{2 if ceremony == 'backlog_refinement' else 1}"
    assert preview["title"] == made["title"]


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_daily_without_an_open_sprint_is_refused_with_what_to_do(
    ana: Agent, dry_run: bool, refused: Refused
) -> None:
    key = await a_sprint(ana, _WAITS)
    await ana.call("close_sprint", sprint="current", project=key)

    text = await refused("trigger_ceremony", project=key, ceremony="daily_scrum", dry_run=dry_run)

    assert "Call plan_sprint, commit_plan and start_sprint first" in text
