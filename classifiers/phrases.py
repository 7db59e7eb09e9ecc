"""Finding known phrases among the words of a text, typed with diacritics or without any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from classifiers.text import Token, clean, fold, tokenise


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that was found: its label and its words, `tokens[first:last]`."""

    label: str
    first: int
    last: int


class PhraseIndex:
    """Phrases with a label each. A phrase matches with its own diacritics or with none at all."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """Take `(phrase, label)` pairs; of phrases that look alike without diacritics the first is meant."""
        self._labels: dict[str, str] = {}
        longest = 1
        for phrase, label in phrases:
            words = [token.norm for token in tokenise(clean(phrase))]
            longest = max(longest, len(words))
            self._labels[" ".join(words)] = label
            self._labels.setdefault(fold(" ".join(words)), label)
        self._longest = longest

    def find(self, tokens: Sequence[Token]) -> Iterator[Found]:
        """Yield every phrase among `tokens`, overlapping ones too."""
        norms = [token.norm for token in tokens]
        for first in range(len(norms)):
            for last in range(first + 1, min(first + self._longest, len(norms)) + 1):
                label = self._labels.get(" ".join(norms[first:last]))
                if label is not None:
                    yield Found(label, first, last)
