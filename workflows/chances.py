"""How likely a difference is by chance alone: exact tests of one share, and what stands out among many of them."""

from collections.abc import Callable, Sequence
from math import ceil, exp, lgamma, log


def significant_up_to(chances: Sequence[float], share: float) -> float:
    """The largest chance that still stands out, if at most ``share`` of what stands out may be false.

    Benjamini and Hochberg 1995. Negative if nothing stands out.
    """
    ranked = sorted(chances)
    passing = [p for rank, p in enumerate(ranked, start=1) if p <= share * rank / len(ranked)]
    return max(passing, default=-1.0)


def at_least(count: int, base: int, share: float) -> float:
    """The chance of ``count`` hits or more of ``base``, if each is one with chance ``share`` (binomial)."""
    if count <= base * share:
        return 1.0

    def odds(hits: int) -> float:
        return (base - hits) / (hits + 1) * share / (1 - share)

    first = _choose(base, count) + count * log(share) + (base - count) * log(1 - share)
    return _tail(first, count, base, odds)


def higher_by_chance(count: int, base: int, others_count: float, others_base: int) -> float:
    """The chance that so many of all hits, or more, fall to this one of two groups that are alike.

    Fisher's exact test, one-sided. What the others would have had may be a fraction; it is rounded up.
    """
    theirs = min(others_base, ceil(round(others_count, 6)))
    if count * others_base <= theirs * base:
        return 1.0
    hits, everybody = count + theirs, base + others_base

    def odds(mine: int) -> float:
        return (hits - mine) * (base - mine) / ((mine + 1) * (others_base - hits + mine + 1))

    first = _choose(base, count) + _choose(others_base, theirs) - _choose(everybody, hits)
    return _tail(first, count, min(base, hits), odds)


def _tail(log_first: float, start: int, end: int, odds: Callable[[int], float]) -> float:
    """The sum of chances from ``start`` to ``end``, the first given, each next one by its ``odds`` to the one before."""
    term = total = exp(log_first)
    for hits in range(start, end):
        term *= odds(hits)
        total += term
        if term <= total * 1e-16:
            break
    return min(1.0, total)


def _choose(n: int, k: int) -> float:
    """The logarithm of the binomial coefficient."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
