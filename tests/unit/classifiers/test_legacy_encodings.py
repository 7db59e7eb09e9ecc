"""Text from TCVN3 and VNI fonts is read; every other text is left as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.legacy_encodings import to_unicode
from classifiers.syllables import is_syllable

TEXT = "Đề nghị xem xét việc cấp giấy chứng nhận quyền sử dụng đất cho hộ gia đình ở thôn; nước ngập đường, khổ quá"
TCVN3 = "§Ò nghÞ xem xÐt viÖc cÊp giÊy chøng nhËn quyÒn sö dông ®Êt cho hé gia ®×nh ë th«n; n\xadíc ngËp ®\xadêng, khæ qu¸"
VNI = (
    "Ñeà nghò xem xeùt vieäc caáp giaáy chöùng nhaän quyeàn söû duïng ñaát cho hoä gia ñình ôû thoân; "
    "nöôùc ngaäp ñöôøng, khoå quaù"
)


@pytest.mark.parametrize("typed", [TCVN3, VNI])
def test_old_fonts_are_read(typed: str) -> None:
    assert unicodedata.normalize("NFC", to_unicode(typed)) == TEXT


@pytest.mark.parametrize(
    "typed",
    [
        "",
        TEXT,
        unicodedata.normalize("NFD", TEXT),
        "Café à Zürich, naïve façade über Straße, Ærø Øresund, mañana señor",
        "«Việt Nam» ± 3 µm × 2, ©®, 50 % ¼ ½",
        "đất đai Ñ ñ ö ü",
        "🙂🙂🙂",
    ],
)
def test_other_text_stays(typed: str) -> None:
    assert to_unicode(typed) == typed


@given(st.text())
def test_any_text_is_taken(typed: str) -> None:
    assert isinstance(to_unicode(typed), str)


@pytest.mark.parametrize(
    ("word", "possible"),
    [
        ("nghiêng", True),
        ("Khuỷu", True),
        ("quyết", True),
        ("gì", True),
        ("xyz", False),
        ("Ëu", False),
        ("", False),
    ],
)
def test_syllables(word: str, possible: bool) -> None:
    assert is_syllable(word) is possible
