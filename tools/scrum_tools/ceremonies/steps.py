"""What people do next about the ceremonies of a project, as far as it is offered."""

from collections.abc import Iterator

from scrum.ceremonies.answers import Outlook
from scrum.ceremonies.gate import Gate
from scrum.ceremonies.terms import PLANNING
from scrum.sprint.model import State
from scrum_tools.ceremonies.gates import gate_step
from scrum_tools.ceremonies.unanswered import Waiting
from scrum_tools.run import Run


def next_steps(run: Run, outlook: Outlook, waits: Waiting, gate: Gate | None) -> str:
    """The gate comes first; nothing else takes the sprint on then."""
    behind = gate_step(run, gate)
    steps = [behind] if behind else [one for one in _steps(run, outlook, waits) if one]
    return f"Next: {'. Then '.join(steps) or _nothing(run)}."


def plan_step(run: Run, waits: Waiting) -> str:
    """'' where no planning is held on a plan that can be committed."""
    if not (waits.plan and run.offers("commit_plan")):
        return ""
    planning = next(one.id for one in waits.unanswered if one.ceremony == PLANNING)
    return f"commit_plan with plan_id={waits.plan!r}, which {planning} is held on"


def _steps(run: Run, outlook: Outlook, waits: Waiting) -> Iterator[str]:
    yield _trying(run, waits) or _answering(run, waits)
    yield _planning(run, waits) if not outlook.planned else _by_hand(run, outlook)


def _trying(run: Run, waits: Waiting) -> str:
    if not (waits.failed and run.offers("trigger_ceremony")):
        return ""
    failed = waits.failed[0]
    return f"trigger_ceremony with {failed.ceremony!r} tries {failed.id} again"


def _answering(run: Run, waits: Waiting) -> str:
    if not waits.unanswered:
        return ""
    newest = waits.unanswered[0].id
    read, record = f"get_report with report={newest!r}", f"record_ceremony with occurrence={newest!r}"
    return f"{read}, then {record}" if run.offers("record_ceremony") else read


def _planning(run: Run, waits: Waiting) -> str:
    whole = run.offers("plan_sprint", "commit_plan")
    return plan_step(run, waits) or ("plan_sprint, and commit_plan takes its plan" if whole else "")


def _by_hand(run: Run, outlook: Outlook) -> str:
    """What its policy leaves to people, and is to be done now."""
    settings, state = outlook.policy.sprint.settings, outlook.state
    if state is State.PLANNED:
        return "start_sprint" if not settings.auto_start and run.offers("start_sprint") else ""
    if settings.auto_transition or not run.offers("close_sprint"):
        return ""
    if state is State.ACTIVE:
        ends = "close_sprint, or change_sprint with action='review' first: all is done, and auto_transition is off"
        return ends if outlook.all_done else ""
    return "close_sprint: auto_transition is off"


def _nothing(run: Run) -> str:
    if not run.offers("trigger_ceremony", "set_ceremonies"):
        return "nothing waits"
    return "nothing waits; trigger_ceremony makes one due now, set_ceremonies changes when they fire"
