"""commit_plan: make a plan the next sprint, with the consent that the project's autonomy asks for."""

from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.resolve import (
    AcceptedElicitation,
    Elicit,
    ElicitationResult,
    Resolve,
)
from mcp_types.version import is_version_at_least
from pydantic import BaseModel, Field

from scrum.errors import Refused
from scrum.planning import usecases
from scrum.planning.model import Consent
from scrum_tools.arguments import Key
from scrum_tools.run import Runtime, run_of
from scrum_tools.sprints.sprint_view import SprintView

_ASKS_WITHOUT_BACK_CHANNEL = "2026-07-28"


class Approval(BaseModel):
    """What a person is asked."""

    approve: Annotated[bool, Field(description="Commit this plan as the next sprint")]


class Declined(Refused):
    def __init__(self, plan: str) -> None:
        super().__init__(
            f"The person who was asked did not approve {plan}. Ask them what to change, and plan again."
        )


async def _approval(ctx: Context[Runtime, Any], plan_id: Key) -> Approval | Elicit[Approval]:
    """Ask the person behind the client, when the project wants it and the client can."""
    run = await run_of(ctx)
    plan, why = await usecases.question(run.look, plan_id)
    if not why or not _can_ask(ctx):
        return Approval(approve=False)
    return Elicit(f"{plan.reasoning}\n\nAsked because {why}.", Approval)


def _can_ask(ctx: Context[Runtime, Any]) -> bool:
    capabilities = ctx.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    if elicitation is None or (elicitation.form is None and elicitation.url is not None):
        return False
    version = ctx.protocol_version
    modern = version is not None and is_version_at_least(version, _ASKS_WITHOUT_BACK_CHANNEL)
    return modern or ctx.session.can_send_request


async def commit_plan(
    plan_id: Key,
    ctx: Context[Runtime, Any],
    approval: Annotated[ElicitationResult[Approval], Resolve(_approval)],
    start: Annotated[bool, Field(description="Also start the sprint now")] = False,
    confirm: Annotated[bool, Field(description="A person approved; for clients that cannot ask")] = False,
) -> SprintView:
    """Make the plan the next sprint exactly as planned; refuses, and says what changed, when its facts did.

    Next: start_sprint.
    """
    run = await run_of(ctx)
    _, why = await usecases.question(run.look, plan_id)
    consent = _consent(plan_id, approval, asked=bool(why) and _can_ask(ctx), confirm=confirm)
    commit = usecases.commit_and_start if start else usecases.commit_plan
    memory = await run.runtime.memory()
    return SprintView.of(await commit(run.core, plan_id, consent, by=run.by(), memory=memory), run.now)


def _consent(plan_id: str, outcome: ElicitationResult[Approval], *, asked: bool, confirm: bool) -> Consent:
    """Raises Declined."""
    if not asked:
        return Consent.AGENT if confirm else Consent.NONE
    if isinstance(outcome, AcceptedElicitation) and outcome.data.approve:
        return Consent.PERSON
    raise Declined(plan_id)
