"""Filling the gaps that scenes leave: numbers, months and places."""

import random
import re
from collections.abc import Sequence

from app.demo.geography import LOCALITIES
from app.demo.wording import ENGLISH_MONTHS, ENGLISH_SOON, SOON

_DAYS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 17, 18, 20, 21, 23, 25, 27, 30, 32, 35, 40, 45, 50, 60)
_AMOUNTS = (3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 18, 20, 22, 24, 25, 28)
_PLACEHOLDER = re.compile(r"\{(\w+)\}(?=( (?:chục|trăm|nghìn)\b)?)")
_THOUSANDS = re.compile(r"\b(\d{4,}) (nghìn|triệu|million)\b")


class Filler:
    """Puts numbers, months and places where the scenes leave room for them."""

    def __init__(self, rng: random.Random, province: str | None, *, english: bool) -> None:
        self._rng, self._english = rng, english
        self.placeless = province is None
        self.place = rng.choice(LOCALITIES[province]) if province else "quê tôi"

    def __call__(self, sentence: str) -> str:
        """The sentence with every placeholder filled."""
        return _THOUSANDS.sub(_in_larger_units, _PLACEHOLDER.sub(self._value, sentence))

    def fitting(self, sentences: Sequence[str]) -> list[str]:
        """Those sentences that need no place, or all when there is one."""
        return [each for each in sentences if not (self.placeless and "{place}" in each)]

    def _value(self, match: re.Match[str]) -> str:
        rng = self._rng
        match match[1]:
            case "place":
                return self.place
            case "days":
                return str(rng.choice(_DAYS))
            case "count":
                return str(rng.randint(3, 9 if match[2] else 24))
            case "amount":
                return str(rng.choice(_AMOUNTS))
            case "month":
                month = rng.randint(1, 12)
                return ENGLISH_MONTHS[month - 1] if self._english else f"tháng {month}"
            case "soon":
                return rng.choice(ENGLISH_SOON if self._english else SOON)
            case unknown:
                raise ValueError(f"unknown placeholder {unknown}")


def _in_larger_units(match: re.Match[str]) -> str:
    """2500 triệu is 2,5 tỷ."""
    unit = {"nghìn": "triệu", "triệu": "tỷ", "million": "billion"}[match[2]]
    number = f"{int(match[1]) / 1000:g}"
    return f"{number if match[2] == 'million' else number.replace('.', ',')} {unit}"
