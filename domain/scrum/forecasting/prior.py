"""What many teams have in common, before one of them is known.

`python bench/fit_prior.py --history FILE` derives the constants from past sprints of many teams, and says how; with
--write it replaces those below. They came from 498 sprints of 20 open-source Scrum teams (Apache, JBoss and MongoDB;
Choetkiertikul et al., IEEE TSE 2018). `python bench/forecast.py FILE` measures. Walking forward over those teams with at
least 5 past sprints (n=398), each with the constants of the other organisations' teams: macro error 0.557, and 0.598
where the commitment is not known yet (the best simple forecast, velocity per member: 0.620), with points alone 0.663
(smoothing: 0.691); the 80 % interval covers 82 %, without the commitment 80 %, and of 2, 3, 5 and 8 sprints together 83,
84, 83 and 83 %; Brier score of commitments (n=338) 0.215 (base rate: 0.250).
"""

from dataclasses import dataclass

GRID = (0.1, 0.2, 0.4, 0.8)
"""The noise of a sprint as a share of the level, and how far the level wanders beside it: each twice the one before.

From teams that are steadier than most to those that tell nothing beforehand.
"""


@dataclass(frozen=True)
class Prior:
    """Slopes are shares of a team's own level, which is a square root of points.

    level, members: square roots of the points and the head count of a typical sprint of two weeks. It counts as one
    sprint of a team that has none with points, and as `fading` to the power of their weights otherwise.
    slope, slope_variance: how the points follow the commitment, and the head count, and how much teams differ in that.
    memory: the share of what is known of the noise that is still known a sprint later. Each noise in GRID counts at first
    as many sprints as are remembered in the long run.
    doubt: before anything is seen, each noise is as likely as its power to this, so that a short history does not make
    sure; and every wander as any other.
    """

    level: float
    members: float
    slope: float
    slope_variance: float
    memory: float
    fading: float = 0.1
    doubt: float = 1.5


PRIOR = Prior(
    level=3.44,
    members=1.82,
    slope=0.37,
    slope_variance=0.048,
    memory=0.89,
)
