"""The separate requests in a text: lists, clauses, questions; and how often they are those a person would mark."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.asks import MOST_ASKS, asks_in
from classifiers.text import drop_diacritics

GOLD = Path(__file__).parent / "asks_gold.jsonl"


def texts(text: str) -> list[str]:
    return [ask.text for ask in asks_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đường hỏng đã ba tháng nay, bà con đi lại rất khổ.", []),
        ("Đường hỏng. Đề nghị sửa trước Tết.", ["Đề nghị sửa trước Tết"]),
        (
            "Mạng yếu lắm. Đề nghị (1) lắp thêm trạm; (2) cho biết ngày xong. Xin cảm ơn.",
            ["lắp thêm trạm", "cho biết ngày xong"],
        ),
        (
            "Kiến nghị:\n1. Bỏ bản giấy của hồ sơ.\n2. Trả kết quả qua mạng.",
            ["Bỏ bản giấy của hồ sơ", "Trả kết quả qua mạng"],
        ),
        (
            "Tôi đề nghị: thứ nhất, miễn phí chữ ký số; thứ hai, mở lớp cho người già.",
            ["miễn phí chữ ký số", "mở lớp cho người già"],
        ),
        (
            "Cử tri kiến nghị sửa đường; bổ sung biển báo ở khúc cua.",
            ["kiến nghị sửa đường", "bổ sung biển báo ở khúc cua"],
        ),
        ("Hồ sơ nộp ở đâu, mất bao lâu? Tôi ở xa.", ["Hồ sơ nộp ở đâu, mất bao lâu?"]),
        (
            "We waited for months. Please publish the list of approved labs.",
            ["Please publish the list of approved labs"],
        ),
        ("Các kiến nghị của cử tri đã được ghi nhận. Xin cảm ơn.", []),
        ("Ba lý do: 1. Trời mưa nhiều.\n2. Đường xấu.\n3. Xe cũ.", []),
    ],
)
def test_requests_are_cut_out_as_they_stand(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_or_is_no_request() -> None:
    assert texts("Chữ ký số hay mật khẩu đều hỏng, máy móc chán quá đi.") == []


def test_a_text_without_diacritics_asks_the_same() -> None:
    text = "Mạng yếu lắm. Đề nghị (1) lắp thêm trạm; (2) cho biết ngày xong. Mong sớm có câu trả lời."
    assert [(ask.start, ask.end) for ask in asks_in(drop_diacritics(text))] == [
        (ask.start, ask.end) for ask in asks_in(text)
    ]


@given(st.text())
def test_any_text_gives_spans_in_order_and_apart(text: str) -> None:
    composed, last = unicodedata.normalize("NFC", text), 0
    asks = asks_in(text)
    assert len(asks) <= MOST_ASKS
    for ask in asks:
        assert last <= ask.start < ask.end <= len(composed)
        assert composed[ask.start : ask.end] == ask.text
        last = ask.end


def test_it_finds_most_of_what_a_person_marked() -> None:
    """An ask counts as found if it overlaps a marked one by half of what the two cover together."""
    found = marked = right = 0
    for line in GOLD.read_text("utf-8").splitlines():
        row = json.loads(line)
        spans, position = [], 0
        for ask in row["asks"]:
            position = row["text"].index(ask, position)
            spans.append((position, position + len(ask)))
        left = set(spans)
        for ask in asks_in(row["text"]):
            best = max(left, key=lambda span: _overlap(span, (ask.start, ask.end)), default=None)
            if best is not None and _overlap(best, (ask.start, ask.end)) >= 0.5:
                left.remove(best)
                right += 1
            found += 1
        marked += len(spans)
    assert marked > 200
    assert right / found >= 0.75
    assert right / marked >= 0.72


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    both = min(one[1], other[1]) - max(one[0], other[0])
    return both / (max(one[1], other[1]) - min(one[0], other[0]))
