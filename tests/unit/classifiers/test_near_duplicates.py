"""Copies are found again however they were typed; other texts are not taken for them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.near_duplicates import ALIKE, BANDS, NearDuplicates, bands, likeness, pairs_of
from classifiers.text import drop_diacritics

TEXT = (
    "Trạm phát sóng ở thôn tôi hỏng từ đầu tháng, học sinh không học trực tuyến được. Tôi đã báo nhà mạng ba lần mà "
    "không ai đến sửa; đề nghị kiểm tra và cho biết ngày xong, vì cuối tháng các cháu thi học kỳ."
)
OTHERS = (
    "Xe tải chở đất chạy suốt đêm qua khu dân cư, bụi mù và rung nứt tường; đề nghị cắm biển cấm giờ.",
    "Tôi nộp hồ sơ sang tên sổ đỏ đã bốn tháng, bộ phận một cửa hẹn lại năm lần mà không nói lý do.",
    "Trường thiếu giáo viên tiếng Anh, các cháu lớp ba phải học ghép với xã bên cạnh cách sáu cây số.",
)


@pytest.fixture
def index() -> NearDuplicates[str]:
    made: NearDuplicates[str] = NearDuplicates()
    made.add("text", TEXT)
    for number, other in enumerate(OTHERS):
        made.add(f"other {number}", other)
    return made


def test_the_text_itself_is_wholly_alike(index: NearDuplicates[str]) -> None:
    assert [(each.id, each.likeness) for each in index.find(TEXT)] == [("text", 1.0)]


def test_a_copy_without_diacritics_is_the_same(index: NearDuplicates[str]) -> None:
    assert [(each.id, each.likeness) for each in index.find(drop_diacritics(TEXT))] == [("text", 1.0)]


def test_a_copy_with_every_fifth_word_changed_is_found(index: NearDuplicates[str]) -> None:
    chance = random.Random(57)
    words = [word if chance.random() > 0.2 else "khác" for word in TEXT.split()]
    (found,) = index.find(" ".join(words))
    assert found.id == "text"
    assert ALIKE < found.likeness < 1


def test_another_matter_is_not_taken_for_it(index: NearDuplicates[str]) -> None:
    assert index.find("Giá điện tăng mà công tơ nhà tôi đọc sai hai tháng liền, xin kiểm tra lại giúp.") == []


def test_an_id_is_added_once(index: NearDuplicates[str]) -> None:
    with pytest.raises(ValueError, match="already"):
        index.add("text", "văn bản khác")


def test_the_keys_stay_what_they_are() -> None:
    """They stand in databases: another order of hashing would lose every petition kept before."""
    assert bands(pairs_of("nước ngập đường làng"))[:3] == STORED_KEYS


@given(st.text())
def test_any_text_has_keys_and_is_like_itself(text: str) -> None:
    pairs = pairs_of(text)
    keys = bands(pairs)
    assert len(keys) == (BANDS if pairs.size else 0)
    assert all(0 <= key < 2**63 for key in keys)
    assert likeness(pairs, pairs) == (1.0 if pairs.size else 0.0)


STORED_KEYS = (155485430763945128, 7122296831467147635, 1160104568776013126)
