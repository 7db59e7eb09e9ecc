"""The routing table holds together."""

from __future__ import annotations

from classifiers import load_taxonomy
from classifiers.taxonomy import agency_codes


def test_there_are_28_topics_with_different_ids() -> None:
    assert len({topic.id for topic in load_taxonomy()}) == len(load_taxonomy()) == 28


def test_every_agency_of_the_table_exists() -> None:
    for topic in load_taxonomy():
        named = {topic.lead, *topic.coop, *(alternate.lead for alternate in topic.alternates)}
        assert named <= agency_codes(), topic.id


def test_the_tier_says_who_leads() -> None:
    assert {topic.id for topic in load_taxonomy() if topic.tier == "province"} == {
        topic.id for topic in load_taxonomy() if topic.lead.startswith("UBND")
    }
