"""Reading a text: no term depends on diacritics, names stand apart, shorthand is written out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import classifiers
from classifiers.document import MAX_CHARACTERS, read_document
from classifiers.syllables import is_syllable
from classifiers.text import drop_diacritics


def keys(text: str) -> list[str]:
    return [term.key for term in read_document(text).terms]


def test_terms_have_no_diacritics_and_stand_where_they_were_found() -> None:
    document = read_document("Nước ngập đường")
    assert [(term.key, document.text[term.start : term.end]) for term in document.terms] == [
        ("nuoc", "Nước"),
        ("ngap", "ngập"),
        ("duong", "đường"),
        ("nuoc ngap", "Nước ngập"),
        ("ngap duong", "ngập đường"),
    ]


def test_a_text_without_diacritics_has_the_same_terms() -> None:
    text = "Đề nghị Bộ Công an xem lại việc cấp thẻ ở xã Tân Hưng, tỉnh Cà Mau, theo Nghị định 70/2024."
    assert keys(drop_diacritics(text)) == keys(text)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("kính gửi Bộ Khoa học và Công nghệ", "@BKHCN"),
        ("kinh gui bo khoa hoc va cong nghe", "@BKHCN"),
        ("đề nghị BNNMT trả lời", "@BNNMT"),
        ("ở Bộ TT&TT cũ", "@BKHCN"),
        ("người dân ở Đồng Tháp", "@province"),
        ("về xã Tân Hưng làm", "@place"),
    ],
)
def test_names_become_signals(text: str, signal: str) -> None:
    found = keys(text)
    assert signal in found
    assert not {"khoa", "bnnmt", "thap", "hung"} & set(found)


@pytest.mark.parametrize("text", ["đề nghị cơ quan chức năng", "BCT", "các bộ, ngành"])
def test_names_that_tell_nothing_leave_nothing(text: str) -> None:
    assert not [key for key in keys(text) if key.startswith("@") or key in ("bct", "chuc nang", "nganh")]


def test_what_is_no_name_stays() -> None:
    assert "hoa binh" in keys("Chúng tôi mong được hoà bình")
    assert "cong an" in keys("công an phường")


def test_shorthand_is_written_out() -> None:
    assert keys("mn ko dc") == keys("mọi người không được")
    assert {"bao hiem", "y te"} <= set(keys("thẻ BHYT"))


def test_no_shorthand_is_a_word_typed_without_diacritics() -> None:
    """ "hong" for "không" would also be "hỏng"; "e" alone is nearly always "em"."""
    table = json.loads((Path(classifiers.__file__).parent / "shorthand.json").read_text("utf-8"))
    assert [short for short in table if is_syllable(short)] == ["e"]


def test_the_number_of_a_decree_is_a_term() -> None:
    assert "178/2024" in keys("Nghị định số 178/2024/NĐ-CP")
    assert "178/2024" not in keys("ngày 17/8/2024, 1178/2024x")


def test_pairs_cross_neither_punctuation_nor_a_name() -> None:
    found = keys("xin cấp. đất ở Cà Mau bỏ hoang")
    assert "cap dat" not in found
    assert "o bo" not in found


def test_a_long_text_is_cut_and_says_so() -> None:
    document = read_document("đất " * MAX_CHARACTERS)
    assert document.truncated
    assert len(document.text) <= MAX_CHARACTERS


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    document = read_document(text)
    for term in document.terms:
        assert 0 <= term.start < term.end <= len(document.text)
