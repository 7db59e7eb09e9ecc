"""Answers beside one another: what goes out in bursts, and one text sent in different matters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from workflows.conduct import Answer
from workflows.signals import Sign, Thresholds


def bursts(answers: Iterable[Answer], limits: Thresholds) -> Iterator[tuple[Sign, Sequence[Answer]]]:
    """Each sitting of each agency as one case, with its answers; a hit where enough of them lie within the minutes.

    A sitting is the case, and not an answer, because the answers of a sitting come together by its nature: fifty of
    them on one day say no more of a habit than five.
    """
    for sitting in _sittings(answers, timedelta(minutes=limits.burst_minutes)):
        first = sitting[0]
        yield Sign("burst", first.agency, _is_burst(sitting, limits), first.petition, first.at), sitting


def repeated(answers: Iterable[Answer], matter: Mapping[int, int]) -> Iterator[Sign]:
    """Each answer as one case; a hit where its text had gone out before in another matter.

    ``matter`` gives petitions that are about the same thing the same number; one not in it stands for itself.
    """
    first_use: dict[tuple[str, str], int] = {}
    for answer in sorted(answers, key=lambda each: (each.at, each.petition)):
        about = matter.get(answer.petition, answer.petition)
        known = first_use.setdefault((answer.agency, answer.text), about) if answer.text else about
        yield Sign("same_text", answer.agency, known != about, answer.petition, answer.at)


def _sittings(answers: Iterable[Answer], pause: timedelta) -> Iterator[list[Answer]]:
    sitting: list[Answer] = []
    for answer in sorted(answers, key=lambda each: (each.agency, each.at, each.petition)):
        if sitting and (answer.agency != sitting[-1].agency or answer.at - sitting[-1].at > pause):
            yield sitting
            sitting = []
        sitting.append(answer)
    if sitting:
        yield sitting


def _is_burst(sitting: Sequence[Answer], limits: Thresholds) -> bool:
    span, enough = timedelta(minutes=limits.burst_minutes), limits.burst_answers
    return any(
        sitting[number + enough - 1].at - sitting[number].at <= span
        for number in range(len(sitting) - enough + 1)
    )
