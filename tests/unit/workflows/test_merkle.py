"""The Merkle tree: the shape of RFC 6962, and its known answers."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.merkle import climb, leaf, path, root

# The leaves and roots by which implementations of Certificate Transparency compare themselves.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("count", range(9))
def test_known_answers(count: int) -> None:
    assert root(leaf(bytes.fromhex(each)) for each in LEAVES[:count]).hex() == ROOTS[count]


def as_the_rfc_has_it(data: list[bytes]) -> bytes:
    """MTH of section 2.1, word for word."""
    if not data:
        return sha256().digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    cut = 1
    while cut * 2 < len(data):
        cut *= 2
    return sha256(b"\x01" + as_the_rfc_has_it(data[:cut]) + as_the_rfc_has_it(data[cut:])).digest()


def audit_path(place: int, data: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.1, word for word."""
    if len(data) == 1:
        return []
    cut = 1
    while cut * 2 < len(data):
        cut *= 2
    if place < cut:
        return [*audit_path(place, data[:cut]), as_the_rfc_has_it(data[cut:])]
    return [*audit_path(place - cut, data[cut:]), as_the_rfc_has_it(data[:cut])]


@given(st.lists(st.binary(max_size=4), max_size=70), st.data())
def test_root_and_path_are_those_of_the_rfc(data: list[bytes], chosen: st.DataObject) -> None:
    hashes = [leaf(each) for each in data]
    assert root(hashes) == as_the_rfc_has_it(data)
    if data:
        place = chosen.draw(st.integers(0, len(data) - 1))
        steps = path(hashes, place)
        assert [bytes.fromhex(beside) for _side, beside in steps] == audit_path(place, data)
        assert climb(hashes[place], steps) == root(hashes)


@pytest.mark.parametrize("step", [("up", "0" * 64), ("left", "0" * 62), ("left", "x" * 64), ("", "")])
def test_what_is_no_step_is_refused(step: tuple[str, str]) -> None:
    with pytest.raises(ValueError):
        climb(leaf(b""), [step])
