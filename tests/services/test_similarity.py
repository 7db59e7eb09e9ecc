"""Petitions about the same thing: found once when they come in, and shown to those who may see them."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Likeness, Petition, TextBand
from app.queries import similar
from app.services import similarity
from app.services.personal_data import Vault
from classifiers.near_duplicates import BANDS
from classifiers.text import drop_diacritics
from tests.factories import a_petition, a_receipt
from tests.instances import Clock
from workflows.lifecycle import Status

Sent = Callable[..., Petition]

TOWER = (
    "Trạm phát sóng ở thôn tôi hỏng từ đầu tháng, học sinh không học trực tuyến được. Tôi đã báo nhà mạng ba lần mà "
    "không ai đến sửa; đề nghị kiểm tra và cho biết ngày xong, vì cuối tháng các cháu thi học kỳ."
)
TOWER_AGAIN = (
    TOWER.replace("Trạm phát sóng ở thôn tôi", "Cột sóng ở bản em") + " Xin cảm ơn cơ quan đã đọc thư này."
)
TRUCKS = "Xe tải chở đất chạy suốt đêm qua khu dân cư, bụi mù và rung nứt tường; đề nghị cắm biển cấm giờ."


@pytest.fixture
def sent(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Sent:
    """Send a text, and have it compared with those before."""

    def send(text: str, status: Status = Status.TRIAGE, **values: Any) -> Petition:
        petition = a_petition(session, vault, clock.now, chance, status=status, text=text, **values)
        similarity.compare(session, petition)
        return petition

    return send


def others(session: Session, petition: Petition, agency: str | None = None) -> list[str]:
    found = similar.to_each(session, [petition.id], agency).get(petition.id, similar.NONE)
    return [each.petition.code for each in found.others]


def test_a_copy_is_found_from_both_sides_however_it_was_typed(session: Session, sent: Sent) -> None:
    first, _, copy = sent(TOWER), sent(TRUCKS), sent(drop_diacritics(TOWER))
    assert others(session, copy) == [first.code]
    assert others(session, first) == [copy.code]
    link = session.scalars(select(Likeness)).one()
    assert (link.petition_id, link.earlier_id) == (copy.id, first.id)
    assert link.likeness > 0.95


def test_another_matter_stands_alone(session: Session, sent: Sent) -> None:
    sent(TOWER)
    assert others(session, sent(TRUCKS)) == []


def test_copies_of_one_letter_are_like_each_other_but_kept_for_comparison_once(
    session: Session, sent: Sent
) -> None:
    first, *copies = (sent(TOWER) for _ in range(6))
    assert session.scalar(select(func.count()).select_from(TextBand)) == BANDS
    found = similar.to_each(session, [copies[-1].id])[copies[-1].id]
    assert found.count == 5
    assert {each.petition.code for each in found.others} < {first.code, *(copy.code for copy in copies)}


def test_a_text_with_much_of_its_own_is_kept_for_comparison_too(session: Session, sent: Sent) -> None:
    first, again = sent(TOWER), sent(TOWER_AGAIN)
    third = sent(TOWER_AGAIN.replace("học kỳ", "cuối cấp"))
    assert set(others(session, third)) == {first.code, again.code}


def test_comparing_again_changes_nothing(session: Session, sent: Sent) -> None:
    sent(TOWER)
    copy = sent(TOWER)

    def kept() -> list[int | None]:
        return [session.scalar(select(func.count()).select_from(table)) for table in (TextBand, Likeness)]

    before = kept()
    similarity.compare(session, copy)
    assert kept() == before


def test_an_agency_is_shown_only_what_it_holds(session: Session, sent: Sent) -> None:
    ours, theirs = (sent(TOWER, Status.ASSIGNED, agency=agency) for agency in ("BKHCN", "BCA"))
    mine = sent(TOWER, Status.ASSIGNED, agency="BKHCN")
    assert others(session, mine, "BKHCN") == [ours.code]
    assert set(others(session, mine)) == {ours.code, theirs.code}


def test_published_answers_are_offered_only_if_the_sender_agreed(session: Session, sent: Sent) -> None:
    sent(TOWER, Status.ANSWERED, may_publish=False)
    assert similar.answered(session, TOWER) == []
    public = sent(TOWER_AGAIN, Status.ANSWERED, may_publish=True)
    (found,) = similar.answered(session, drop_diacritics(TOWER))
    assert found.petition.code == public.code
    assert "hai trạm" in found.answer.body
    assert similar.answered(session, TRUCKS) == []


def test_a_text_without_words_is_like_nothing(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    for _ in range(2):
        petition = a_receipt(session, vault, clock.now, chance, text="🙂" * 30).petition
        similarity.compare(session, petition)
    assert session.scalar(select(func.count()).select_from(Likeness)) == 0
