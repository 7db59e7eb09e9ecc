"""The chain of events: whatever is changed, taken out or moved is found."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import merkle
from workflows.timeline import (
    FIRST,
    PART,
    Entry,
    Fault,
    Head,
    chain_hash,
    check_proof,
    day_root,
    instant,
    parts,
    proof,
    verify,
)

Link = tuple[Entry, str, str]
scalars = st.none() | st.integers(-(2**53), 2**53) | st.text('aộĐ"\\\n🙂', max_size=5)
json_values = (
    scalars | st.lists(scalars, max_size=2) | st.dictionaries(st.sampled_from("ab"), scalars, max_size=2)
)
details = st.dictionaries(st.sampled_from(["to", "from", "reason"]), json_values, max_size=2)


def an_entry(seq: int, data: dict[str, Any] | None = None) -> Entry:
    return Entry(
        petition="PAKN-20261102-000057-X",
        seq=seq,
        kind="assigned",
        at=f"2026-11-02T02:00:{seq:02}.000000Z",
        actor="staff:7",
        agency="BKHCN",
        status="assigned",
        data=data or {},
    )


def a_chain(contents: list[dict[str, Any]]) -> list[Link]:
    links: list[Link] = []
    previous = FIRST
    for seq, data in enumerate(contents, start=1):
        entry = an_entry(seq, data)
        links.append((entry, previous, chain_hash(previous, entry)))
        previous = links[-1][2]
    return links


chains = st.lists(details, min_size=1, max_size=6).map(a_chain)


@given(chains)
def test_an_honest_chain_is_whole(chain: list[Link]) -> None:
    assert verify(chain) is None


def test_an_empty_chain_is_whole() -> None:
    assert verify([]) is None


CHANGED: dict[str, Any] = {
    "petition": "PAKN-20261102-000058-X",
    "seq": 99,
    "kind": "closed",
    "at": "2026-11-02T02:00:59.000000Z",
    "actor": "staff:8",
    "agency": None,
    "status": "closed",
    "data": {"new": True},
}


@given(chains, st.sampled_from([*CHANGED]), st.data())
def test_any_field_changed_is_found(chain: list[Link], field: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    entry, previous, stated = chain[place]
    chain[place] = (replace(entry, **{field: CHANGED[field]}), previous, stated)
    fault = verify(chain)
    assert fault is not None
    assert fault.seq == place + 1


def test_all_fields_are_covered() -> None:
    assert set(CHANGED) == {field.name for field in fields(Entry)}


@given(chains, st.data())
def test_a_change_whose_hash_is_mended_is_found_at_the_next_event(
    chain: list[Link], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    entry, previous, _stated = chain[place]
    forged = replace(entry, data={"forged": 1})
    chain[place] = (forged, previous, chain_hash(previous, forged))
    if place == len(chain) - 1:
        assert verify(chain) is None, (
            "only the root published each day tells that the last event was replaced"
        )
    else:
        assert verify(chain) == Fault(place + 2, "it does not follow the event before it")


@given(chains, st.data())
def test_an_event_taken_out_is_found(chain: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    del chain[place]
    if place == len(chain):
        assert verify(chain) is None, "only the root published each day tells that the last event is gone"
    else:
        assert verify(chain) == Fault(place + 1, "an event is missing or out of order")


@given(chains.filter(lambda chain: len(chain) > 1), st.data())
def test_two_events_changing_places_are_found(chain: list[Link], data: st.DataObject) -> None:
    one = data.draw(st.integers(0, len(chain) - 2))
    other = data.draw(st.integers(one + 1, len(chain) - 1))
    chain[one], chain[other] = chain[other], chain[one]
    fault = verify(chain)
    assert fault is not None
    assert fault.seq == one + 1


def test_two_events_changing_contents_are_found() -> None:
    chain = a_chain([{"n": 1}, {"n": 2}])
    (first, *hashes), (second, *others) = chain
    swapped = [(replace(second, seq=1), *hashes), (replace(first, seq=2), *others)]
    assert verify(swapped) == Fault(1, "its content was changed")  # type: ignore[arg-type]


def test_what_is_hashed_is_what_the_docs_say() -> None:
    """Written out by hand, so that others can check a chain without this software."""
    entry = replace(an_entry(1), agency=None, data={"to": "Bộ", "a": [1, None]})
    body = (
        '{"actor":"staff:7","agency":null,"at":"2026-11-02T02:00:01.000000Z","data":{"a":[1,null],"to":"Bộ"},'
        '"kind":"assigned","petition":"PAKN-20261102-000057-X","seq":1,"status":"assigned"}'
    )
    assert chain_hash(FIRST, entry) == sha256(f"{'0' * 64}\n{body}".encode()).hexdigest()


def test_the_order_of_keys_does_not_matter() -> None:
    assert chain_hash(FIRST, an_entry(1, {"a": 1, "b": 2})) == chain_hash(
        FIRST, an_entry(1, {"b": 2, "a": 1})
    )


def test_an_instant_reads_the_same_in_every_zone() -> None:
    vietnam = datetime(2026, 11, 2, 9, tzinfo=timezone(timedelta(hours=7)))
    assert instant(vietnam) == instant(vietnam.astimezone(UTC)) == "2026-11-02T02:00:00.000000Z"


def some_heads(count: int) -> list[Head]:
    return [(f"PAKN-{number:06}", sha256(str(number).encode()).hexdigest()) for number in range(count)]


# Around the borders of parts and of whole subtrees, where trees go wrong.
counts = st.integers(1, 40) | st.sampled_from(
    [PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 1, 3 * PART + 5]
)


@given(counts, st.data())
def test_every_chain_is_proven_to_be_in_the_root_of_its_day(count: int, data: st.DataObject) -> None:
    heads = some_heads(count)
    code, head = heads[data.draw(st.integers(0, count - 1))]
    root, steps = day_root(heads), proof(heads, code)
    assert check_proof(code, head, steps, root)
    assert len(steps) <= (count - 1).bit_length()
    assert not check_proof(code, sha256(b"forged").hexdigest(), steps, root)
    assert not check_proof(f"{code}0", head, steps, root)
    assert not check_proof(code, head, steps, sha256(b"another day").hexdigest())
    if steps:
        place = data.draw(st.integers(0, len(steps) - 1))
        side, beside = steps[place]
        turned = "left" if side == "right" else "right"
        for wrong in (
            (turned, beside),
            (side, sha256(b"x").hexdigest()),
            (side, beside[:-2]),
            ("up", beside),
        ):
            assert not check_proof(code, head, [*steps[:place], wrong, *steps[place + 1 :]], root)
        assert not check_proof(code, head, steps[:-1], root), "a node is no root"


@given(counts, st.data())
def test_the_root_changes_with_every_chain(count: int, data: st.DataObject) -> None:
    heads = some_heads(count)
    place = data.draw(st.integers(0, count - 1))
    code, _head = heads[place]
    changed = [*heads[:place], (code, sha256(b"changed").hexdigest()), *heads[place + 1 :]]
    removed = heads[:place] + heads[place + 1 :]
    added = [*heads, ("PAKN-1", "0" * 64)]
    assert len({day_root(each) for each in (heads, changed, removed, added)}) == 4


@given(counts, st.data())
def test_a_proof_within_a_part_and_one_over_the_parts_are_one_proof(count: int, data: st.DataObject) -> None:
    """So the service need not look at all chains to prove one."""
    heads = some_heads(count)
    place = data.draw(st.integers(0, count - 1))
    tops = [top for _first, top in parts(heads)]
    number = place // PART
    within = heads[number * PART : (number + 1) * PART]
    code = heads[place][0]
    assert day_root(within) == tops[number].hex()
    assert proof(within, code) + merkle.path(tops, number) == proof(heads, code)
    assert [first for first, _top in parts(heads)] == [code for code, _head in heads[::PART]]


@given(st.lists(st.text("PAKN-0123456789", min_size=1), min_size=2))
def test_heads_out_of_order_are_refused(codes: list[str]) -> None:
    heads = [(code, "0" * 64) for code in codes]
    if codes == sorted(set(codes)):
        assert len(day_root(heads)) == 64
    else:
        with pytest.raises(ValueError, match="in order of code"):
            day_root(heads)


def test_who_is_not_in_the_tree_has_no_proof() -> None:
    with pytest.raises(ValueError):
        proof(some_heads(3), "PAKN-1")


def test_the_root_of_a_day_is_what_the_docs_say() -> None:
    """Written out by hand for three chains, as others would compute it."""
    heads = some_heads(3)
    one, two, three = (sha256(f"\0{code} {head}".encode()).digest() for code, head in heads)
    pair = sha256(b"\1" + one + two).digest()
    assert day_root(heads) == sha256(b"\1" + pair + three).hexdigest()
    assert proof(heads, heads[0][0]) == [("right", two.hex()), ("right", three.hex())]
    assert proof(heads, heads[2][0]) == [("left", pair.hex())]
    assert day_root(heads[:1]) == one.hex()
    assert day_root([]) == sha256().hexdigest()
