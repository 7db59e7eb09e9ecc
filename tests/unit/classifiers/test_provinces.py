"""Provinces named in a text, and whose People's Committee that makes responsible."""

from __future__ import annotations

import pytest

from classifiers.provinces import committee_of, province_code, province_in, without_province
from classifiers.text import clean, tokenise


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Xã tôi ở Cà Mau mất sóng", "96"),
        ("xa toi o ca mau mat song", "96"),
        ("Bình Dương cũ nay thuộc về thành phố", "79"),
        ("Từ Hà Nội vào Cà Mau", None),
        ("mong được sống trong hoà bình và yên ổn ở Xã", None),
        ("Quê Hòa Bình của tôi", "25"),
        ("Không nói nơi nào", None),
        ("", None),
    ],
)
def test_the_one_province_of_a_text(text: str, code: str | None) -> None:
    cleaned = clean(text)
    assert province_in(cleaned, tokenise(cleaned)) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("79", "79"),
        ("TP Hồ Chí Minh", "79"),
        ("TUYÊN QUANG", "08"),
        ("Tỉnh Lào Cai", "15"),
        ("Paris", None),
        ("00", None),
    ],
)
def test_a_province_by_code_or_name(name: str, code: str | None) -> None:
    assert province_code(name) == code


def test_a_known_province_makes_its_committee_responsible() -> None:
    assert committee_of("UBNDT", "79") == "UBND-79"
    assert committee_of("UBNDT", None) == "UBNDT"
    assert committee_of("BKHCN", "79") == "BKHCN"
    assert without_province("UBND-79") == "UBNDT"
    assert without_province("BKHCN") == "BKHCN"
