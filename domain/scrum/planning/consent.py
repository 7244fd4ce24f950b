"""How far the server may go on its own: who has to agree before a plan becomes a sprint."""

from scrum.forecasting.model import Evidence
from scrum.planning.model import Consent, NeedsApproval, OnlySuggested, Plan
from scrum.team.project import Autonomy, Project
from scrum.text import are, counted

MOST_CHANGE = 0.5


def approval_needed(project: Project, plan: Plan) -> str:
    """Why a person has to agree; empty when nobody has to."""
    if project.autonomy is Autonomy.CONFIRM:
        return f"{project.key} asks a person before each commitment (autonomy is confirm)"
    if project.autonomy is Autonomy.AUTONOMOUS:
        return _over_the_limits(plan)
    return "autonomy is suggest"


def check_consent(project: Project, plan: Plan, consent: Consent) -> None:
    """Raises OnlySuggested or NeedsApproval."""
    if consent is Consent.PERSON:
        return
    if project.autonomy is Autonomy.SUGGEST:
        raise OnlySuggested(plan.id, project.key, plan.reasoning)
    why = approval_needed(project, plan)
    if why and consent is Consent.NONE:
        raise NeedsApproval(plan.id, why)


def _over_the_limits(plan: Plan) -> str:
    if plan.expected.evidence is not Evidence.FAIR:
        return f"there is too little evidence ({counted(plan.expected.n, 'past sprint')})"
    likely = int(plan.expected.p50 + 0.5)
    if plan.points > likely:
        return f"{are(plan.points, 'point')} more than the {likely} that are as likely as not"
    if abs(plan.commitment - plan.base) > MOST_CHANGE * plan.base:
        return f"strategies change the commitment from {plan.base} to {plan.commitment}, by more than half"
    return ""
