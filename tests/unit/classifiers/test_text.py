"""Text functions: what they promise for any string."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import fold
from classifiers.text import clean, drop_diacritics, normal_word, tokenise

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)
VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxy ÁÀẢÃẠẮẰẲẴẶấầẩẫậéèẻẽẹíìỉĩịóòỏõọúùủũụýỳỷỹỵ", max_size=80
)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("", ""),
        ("  Đường  dây\nNÓNG ", "duong day nong"),
        ("Ðà Nẵng", "da nang"),
        ("hoà", "hoa"),
        ("hòa", "hoa"),
        ("nhie\u0302\u0323m vu\u0323", "nhiem vu"),
        ("l\u200bượ\u00adng\x00 tử", "luong tu"),
        ("\x00", ""),
        ("🤖🚀", "🤖🚀"),
    ],
)
def test_fold_gives_the_form_to_compare(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(ANY_TEXT)
def test_clean_and_fold_are_idempotent_on_any_text(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert fold(fold(text)) == fold(text)
    fold(text).encode("utf-8")


@given(VIETNAMESE)
def test_folding_forgets_composition_and_diacritics(text: str) -> None:
    assert fold(text) == fold(unicodedata.normalize("NFD", text)) == fold(drop_diacritics(text))
    assert fold(text).isascii()


@given(ANY_TEXT)
def test_tokens_stand_where_they_say(text: str) -> None:
    cleaned = clean(text)
    for token in tokenise(cleaned):
        assert normal_word(cleaned[token.start : token.end]) == token.norm


@pytest.mark.parametrize(("old", "new"), [("hòa", "hoà"), ("thúy", "thuý"), ("xòe", "xoè"), ("Ủy", "uỷ")])
def test_both_tone_placements_are_one_word(old: str, new: str) -> None:
    assert normal_word(old) == normal_word(new) == new


def test_numbers_are_one_word_and_names_with_digits_are_not() -> None:
    assert [token.norm for token in tokenise("Nghị quyết 57 về 5G")] == ["nghị", "quyết", "#", "về", "5g"]


@pytest.mark.parametrize("piece", ["đề nghị ", "a\u0301\u0323", "\u0591\u05b0\u0301\u0323", "🤖", "\x00"])
def test_a_megabyte_takes_seconds_at_most(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.perf_counter()
    fold(text)
    assert time.perf_counter() - started < 5
