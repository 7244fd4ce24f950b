"""What is supposed, beside what would really be."""

from dataclasses import replace

import pytest

from scrum.planning.decide import decide
from scrum.planning.request import PlanRequest
from scrum.planning.what_if import Supposed
from scrum.team.model import MemberChange
from scrum.team.usecases import TeamChange
from tests.requirements import requirement
from tests.situations import ANA, FIVE, item, past, situation, team

TWENTY = [item(n) for n in range(1, 21)]
MORE = ("Flo", "Gus", "Hal")


@requirement("plan.what-if")
@pytest.mark.parametrize("real", [("Ana", "Bo", "Cy"), (*FIVE, *MORE)])
def test_a_supposed_team_plans_what_it_would_plan_if_it_were_there(real: tuple[str, ...]) -> None:
    now = situation(TWENTY, history=past(30, 34, 28, 33, 31, 29, members=5))
    gone = tuple(name for name in FIVE if name not in real)
    new = tuple(MemberChange(name) for name in real if name not in FIVE)

    supposed = Supposed(TeamChange(members=new, remove=gone)).applied_to(now, ANA)

    there = replace(now, team=team(*real))
    commitments = [decide(one, PlanRequest(), ANA).commitment for one in (supposed, there, now)]
    assert commitments[0] == commitments[1] != commitments[2]
