"""Finding known phrases among the words of a text, typed with diacritics or without any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from classifiers.text import Token, clean, plain_word, tokenise


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
        labels: dict[tuple[str, ...], str] = {}
        for phrase, label in phrases:
            words = tuple(token.norm for token in tokenise(clean(phrase)))
            labels[words] = label
            labels.setdefault(tuple(map(plain_word, words)), label)
        self._by_first_word: dict[str, list[tuple[list[str], str]]] = {}
        for words, label in labels.items():
            self._by_first_word.setdefault(words[0], []).append((list(words), label))

    def find(self, tokens: Sequence[Token]) -> Iterator[Found]:
        """Yield every phrase among `tokens`, overlapping ones too."""
        norms = [token.norm for token in tokens]
        known = self._by_first_word
        for first, word in enumerate(norms):
            for words, label in known.get(word, ()):
                if norms[first : first + len(words)] == words:
                    yield Found(label, first, first + len(words))
