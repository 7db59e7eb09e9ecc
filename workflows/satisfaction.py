"""Honest figures about satisfaction: share, interval, response rate and what silence could hide."""

from dataclasses import dataclass
from math import sqrt

SATISFIED_FROM = 4
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Satisfaction:
    """Figures over the surveys of one agency or of all. Shares lie in 0..1 and are None where nobody answered.

    ``worst`` and ``best`` count every unanswered survey as dissatisfied and as satisfied (Manski's bounds): the truth
    about all who were asked lies between them, whatever the reason for their silence.
    """

    sent: int
    answered: int
    mean_rating: float | None
    satisfied: int
    share: float | None
    low: float | None
    high: float | None
    response_rate: float | None
    worst: float | None
    best: float | None


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval for a share (Wilson 1927). ``trials`` must be positive."""
    share = successes / trials
    spread = Z95 * sqrt(share * (1 - share) / trials + Z95**2 / (4 * trials**2))
    centre, scale = share + Z95**2 / (2 * trials), 1 + Z95**2 / trials
    # The ends are exact at none and all; rounding would leave 1.7e-18 there.
    low = 0.0 if successes == 0 else (centre - spread) / scale
    return low, 1.0 if successes == trials else (centre + spread) / scale


def summarise(sent: int, ratings: dict[int, int]) -> Satisfaction:
    """Figures from the number of surveys sent and how often each rating 1..5 was given."""
    answered = sum(ratings.values())
    satisfied = sum(count for rating, count in ratings.items() if rating >= SATISFIED_FROM)
    if answered == 0:
        worst, best = (0.0, 1.0) if sent else (None, None)
        return Satisfaction(sent, 0, None, 0, None, None, None, 0.0 if sent else None, worst, best)
    low, high = wilson(satisfied, answered)
    return Satisfaction(
        sent=sent,
        answered=answered,
        mean_rating=sum(rating * count for rating, count in ratings.items()) / answered,
        satisfied=satisfied,
        share=satisfied / answered,
        low=low,
        high=high,
        response_rate=answered / sent,
        worst=satisfied / sent,
        best=(satisfied + sent - answered) / sent,
    )
