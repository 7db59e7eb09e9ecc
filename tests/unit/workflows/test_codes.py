"""Codes that people read out over the phone, and secrets that nobody guesses."""

import random
import re
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.codes import hash_secret, new_code, new_secret, read_code, secret_matches

ALPHABET = string.digits + string.ascii_uppercase
codes = st.builds(
    new_code, st.dates(date(2025, 1, 1), date(2099, 12, 31)), st.builds(random.Random, st.integers(0, 10**6))
)


@given(codes)
def test_a_code_is_read_as_it_was_made(code: str) -> None:
    assert re.fullmatch(r"PAKN-\d{8}-\d{6}-[0-9A-Z]", code)
    assert read_code(code) == code


def test_the_day_stands_in_the_code() -> None:
    assert new_code(date(2026, 11, 2), random.Random(1)).startswith("PAKN-20261102-")


@given(codes)
def test_every_single_slip_is_noticed(code: str) -> None:
    for place in range(5, len(code)):
        if code[place] == "-":
            continue
        for other in ALPHABET if place == len(code) - 1 else string.digits:
            if other != code[place]:
                assert read_code(code[:place] + other + code[place + 1 :]) is None


def test_two_neighbours_swapped_are_nearly_always_noticed() -> None:
    chance = random.Random(57)
    swaps = missed = 0
    for _ in range(1000):
        code = new_code(date(2026, 11, 2), chance)
        digits = code[5:13] + code[14:20]
        for place in range(len(digits) - 1):
            if digits[place] != digits[place + 1]:
                swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
                swaps += 1
                missed += read_code(swapped + code[-1]) is not None
    assert missed / swaps < 0.01


CODE = new_code(date(2026, 11, 2), random.Random(57))
DAY, NUMBER, CHECK = CODE[5:13], CODE[14:20], CODE[-1]


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        f"  {CODE}\n",
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        CODE.replace("-", "."),
        CODE.replace("-", "_"),
        CODE.replace("-", " - "),
        *(CODE.replace("-", dash) for dash in "‐‑‒–—―−"),
        CODE.replace("-", "\u00a0"),
        f"{DAY}-{NUMBER}-{CHECK}",
        f"{DAY}{NUMBER}{CHECK}".lower(),
        f"pakn{DAY} {NUMBER} {CHECK}",
        " ".join(CODE),
    ],
)
def test_all_ways_of_typing_it(typed: str) -> None:
    assert read_code(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "PAKN",
        CODE[:-1],
        CODE + "0",
        "0" + CODE,
        CODE + CODE,
        f"PKAN-{DAY}-{NUMBER}-{CHECK}",
        CODE.translate(str.maketrans("0123456789", "０１２３４５６７８９")),  # fullwidth
        CODE.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),  # Arabic-Indic
        CODE.replace(DAY[:4], "２０２６"),
        CODE.replace("PAKN", "РАКN"),  # Cyrillic
        CODE.replace("-", "\x00"),
        "%00",
        "' OR 1=1 --",
        "9" * 10_000,
    ],
)
def test_what_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


@given(st.text())
def test_whatever_is_typed_reading_it_is_safe(typed: str) -> None:
    read = read_code(typed)
    assert read is None or read.isascii()


def test_a_secret_has_no_characters_that_look_alike() -> None:
    chance = random.Random(57)
    drawn = {character for _ in range(500) for character in new_secret(chance)} - {"-"}
    assert not drawn & set("01ILOUl")
    assert len(drawn) == 30
    assert all(re.fullmatch(r"\w{4}(-\w{4}){3}", new_secret(chance)) for _ in range(20))


def test_a_secret_is_known_again_however_it_is_typed() -> None:
    secret = new_secret(random.Random(57))
    stored = hash_secret(secret)
    for typed in (secret, secret.lower(), secret.replace("-", ""), f" {secret.replace('-', ' ')} "):
        assert secret_matches(typed, stored)
    other = new_secret(random.Random(58))
    for typed in (other, secret[:-1], secret + "2", "", "-", "bí mật"):
        assert not secret_matches(typed, stored)
    assert secret.replace("-", "") not in stored.upper()


def test_nothing_typed_matches_no_secret() -> None:
    assert not secret_matches("", hash_secret(new_secret(random.Random(1))))
