"""What many teams have in common, before one of them is known.

`python bench/fit_prior.py --history FILE` derives the constants from past sprints of many teams, and says how; with
--write it replaces those below. They came from 498 sprints of 20 open-source Scrum teams (Apache, JBoss and MongoDB;
Choetkiertikul et al., IEEE TSE 2018). `python bench/forecast.py FILE` measures. Walking forward over those teams with at
least 5 past sprints (n=398), each with the constants of the other organisations' teams: macro error 0.559, and 0.603
where the commitment is not known yet (the best simple forecast, velocity per member: 0.620), with points alone 0.663
(smoothing: 0.691); the 80 % interval covers 82 %, and of 2, 3, 5 and 8 sprints together 83, 82, 80 and 78 %; Brier score
of commitments (n=338) 0.212 (base rate: 0.250).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Prior:
    """Slope, noise and spreads are shares of a team's own level, which is a square root of points.

    level, members: square roots of the points and the head count of a typical sprint of two weeks. It counts as one
    sprint of a team that has none with points, and as `fading` to the power of their weights otherwise.
    follow: the weight of a sprint beside the one after it.
    slope: how the points follow the commitment, and the head count; `slope_variance` is how much teams differ in that.
    noise, freedom: the spread of a sprint around its team's level, and how many sprints this knowledge is worth: for
    each past sprint `noise_fading` times as many, because teams differ more than those behind the figures.
    commitment_spread, members_spread: the mean square of what a commitment or a head count deviates by.
    drift: how far the level wanders from a sprint to the next, as a standard deviation in units of the noise's.
    """

    level: float
    members: float
    follow: float
    slope: float
    noise: float
    freedom: float
    commitment_spread: float
    members_spread: float
    drift: float
    slope_variance: float = 0.042
    fading: float = 0.1
    noise_fading: float = 0.7


PRIOR = Prior(
    level=3.44,
    members=1.82,
    follow=0.85,
    slope=0.38,
    noise=0.41,
    freedom=3.6,
    commitment_spread=0.48,
    members_spread=0.09,
    drift=0.4,
)
