"""Taking in a petition: what is refused and how, what is kept and how, and that it is kept once."""

import logging
import random
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import CalendarVersion, DeadlinePolicy, Event, OutboxRow, Petition
from app.services import timeline
from app.services.intake import Receipt
from app.services.personal_data import Contact, Vault
from tests.factories import EMAIL, TEXT, a_receipt
from tests.instances import Clock
from workflows.calendar import CalendarNotCovered
from workflows.codes import read_code, secret_matches
from workflows.deadlines import NoPolicy
from workflows.kinds import LEGAL_KINDS, OFFERED_KINDS, SubmitterKind
from workflows.lifecycle import Status


@pytest.fixture
def submit(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Any:
    """Send a petition; values as ``a_submission`` takes them."""
    return lambda **values: a_receipt(session, vault, clock.now, chance, **values)


def refused(submit: Any, **values: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        submit(**values)
    return error.value.errors


def test_what_is_kept(session: Session, vault: Vault, submit: Any, clock: Clock) -> None:
    receipt: Receipt = submit(may_publish=True)
    session.commit()
    petition = session.scalars(select(Petition)).one()
    assert receipt.new
    assert read_code(petition.code) == petition.code
    assert petition.code.startswith("PAKN-20261102-")
    assert petition.status is Status.RECEIVED
    assert (petition.kind, petition.submitter_kind, petition.province_code) == ("feedback", "citizen", "79")
    assert petition.text == TEXT
    assert petition.submitted_at == clock.now
    promised = petition.route_by, petition.acknowledge_by, petition.respond_by
    assert promised == (date(2026, 11, 3), date(2026, 11, 9), date(2026, 11, 23))
    assert (petition.policy_version, petition.calendar_version) == ("2026.1", "2025-2027.1")
    assert secret_matches(receipt.secret, petition.secret_hash)
    submitter = petition.submitter
    assert (submitter.may_contact, submitter.may_share, submitter.may_publish) == (True, True, True)
    contact = vault.open_contact(submitter.sealed)
    assert contact == Contact("Người gửi (mẫu)", EMAIL, "+84912345678", None, receipt.secret)


def test_what_follows(session: Session, submit: Any, clock: Clock) -> None:
    petition = submit().petition
    session.commit()
    event = session.scalars(select(Event)).one()
    assert (event.seq, event.kind, event.actor, event.status) == (1, "submitted", "submitter", "received")
    assert event.data["respond_by"] == "2026-11-23"
    assert event.data["text_sha256"] == petition.text_sha256
    assert [fault for _code, fault in timeline.faults(session)] == [None]
    rows = {row.key: row for row in session.scalars(select(OutboxRow))}
    assert set(rows) == {f"classify:{petition.id}", f"mail:{petition.id}:1:submitter"}
    assert all(row.available_at == clock.now and row.done_at is None for row in rows.values())


@pytest.mark.parametrize("kind", OFFERED_KINDS)
def test_every_offered_kind(submit: Any, kind: str) -> None:
    due = submit(kind=kind).petition.respond_by
    longer = kind in ("initiative", "solution", "commission")
    assert due == (date(2026, 12, 1) if longer else date(2026, 11, 23))


@pytest.mark.parametrize("submitter_kind", SubmitterKind)
def test_every_kind_of_submitter(submit: Any, submitter_kind: str) -> None:
    assert submit(submitter_kind=submitter_kind).petition.submitter_kind is SubmitterKind(submitter_kind)


@pytest.mark.parametrize("kind", [*sorted(LEGAL_KINDS), "", "FEEDBACK", "spam", "\x00", "feedback\x00"])
def test_a_kind_that_cannot_be_chosen(submit: Any, kind: str) -> None:
    assert refused(submit, kind=kind) == {"kind": "choose"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("submitter_kind", "", "choose"),
        ("submitter_kind", "robot", "choose"),
        ("province_code", "00", "choose"),
        ("province_code", "7\x009", "choose"),
        ("province_code", "\ud800", "choose"),
        ("province_code", "7" * 1_000_000, "choose"),
        ("language", "", "choose"),
        ("language", "vi-VN", "choose"),
        ("text", None, "required"),
        ("text", "", "required"),
        ("text", " \t\r\n\u00a0\u3000", "required"),
        ("text", "\x00" * 50, "required"),
        ("text", "\ud800" * 50, "required"),
        ("text", "\ufeff", "required"),
        ("text", "x" * 19, "too_short"),
        ("text", "x" + " " * 50, "too_short"),
        ("text", "x" * 20_001, "too_long"),
        ("text", "x" * 1_000_000, "too_long"),
        ("text", "Sóng di động \ufffd xã tôi rất yếu", "broken"),
    ],
)
def test_a_value_that_cannot_be_taken(submit: Any, field: str, value: str, code: str) -> None:
    assert refused(submit, **{field: value}) == {field: code}


@pytest.mark.parametrize(
    ("contact", "errors"),
    [
        ({"name": "x" * 121}, {"name": "too_long"}),
        ({"name": "Nguy\ufffdn"}, {"name": "broken"}),
        ({"organisation": "x" * 121}, {"organisation": "too_long"}),
        ({"organisation": "\ufffd"}, {"organisation": "broken"}),
        ({"email": "không phải e-mail"}, {"email": "malformed"}),
        ({"email": "a@"}, {"email": "malformed"}),
        ({"email": "a@b..org"}, {"email": "malformed"}),
        ({"email": "a" * 300 + "@example.org"}, {"email": "malformed"}),
        ({"email": "a@example.org\nBcc: b@example.org"}, {"email": "malformed"}),
        ({"email": "a@\ufffd.org"}, {"email": "malformed"}),
        ({"phone": "không có"}, {"phone": "malformed"}),
        ({"phone": "12"}, {"phone": "malformed"}),
        ({"phone": "0" * 1000}, {"phone": "malformed"}),
    ],
)
def test_contact_data_that_cannot_be_taken(
    submit: Any, contact: dict[str, str], errors: dict[str, str]
) -> None:
    assert refused(submit, contact=Contact(**contact), may_contact=False) == errors


def test_who_wants_to_hear_must_say_where(submit: Any) -> None:
    assert refused(submit, contact=Contact(name="A"), may_contact=True) == {"email": "needed_for_contact"}
    assert refused(submit, contact=Contact(email="\x00 "), may_contact=True) == {
        "email": "needed_for_contact"
    }
    assert submit(contact=Contact(phone="024 3943 0000"), may_contact=True).new
    assert submit(contact=Contact(), may_contact=False).new


def test_everything_wrong_is_said_at_once(session: Session, submit: Any) -> None:
    contact = Contact(name="\ufffd", email="x", phone="x", organisation="x" * 121)
    found = refused(
        submit, kind="x", submitter_kind="x", text="", province_code="xx", contact=contact, may_contact=True
    )
    assert found == {
        "kind": "choose",
        "submitter_kind": "choose",
        "text": "required",
        "province_code": "choose",
        "name": "broken",
        "organisation": "too_long",
        "email": "malformed",
        "phone": "malformed",
    }
    assert session.scalar(select(func.count()).select_from(Petition)) == 0


@pytest.mark.parametrize("length", [20, 20_000])
def test_the_shortest_and_the_longest_text(submit: Any, length: int) -> None:
    assert len(submit(text="ộ" * length).petition.text) == length
    decomposed = unicodedata.normalize("NFD", "ộ" * length)
    assert len(submit(text=decomposed).petition.text) == length, "counted as people count"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (unicodedata.normalize("NFD", TEXT), TEXT),
        (f"  {TEXT}\r\n\r\n", TEXT),
        ("dòng một của tôi\r\ndòng hai\rdòng ba", "dòng một của tôi\ndòng hai\ndòng ba"),
        ("cột một của tôi\tcột hai", "cột một của tôi\tcột hai"),
        ("Sóng\x00 di\x07 động\x1b ở xã\x7f\x9f tôi yếu", "Sóng di động ở xã tôi yếu"),
        ("Sóng di động \ud83d ở xã tôi yếu\udc00", "Sóng di động  ở xã tôi yếu"),
        ("\ufeffSóng di động ở xã tôi yếu", "Sóng di động ở xã tôi yếu"),
        ("<script>alert('x')</script> & =1+1", "<script>alert('x')</script> & =1+1"),
        ("Sóng yếu quá 😤👨‍👩‍👧 xin xem giúp", "Sóng yếu quá 😤👨‍👩‍👧 xin xem giúp"),
    ],
)
def test_text_is_kept_as_typed_in_normal_form(session: Session, submit: Any, typed: str, kept: str) -> None:
    submit(text=typed)
    session.commit()
    session.expire_all()
    assert session.scalars(select(Petition)).one().text == kept


def test_contact_lines_are_kept_in_normal_form(vault: Vault, submit: Any) -> None:
    given = Contact(
        name=unicodedata.normalize("NFD", "  Trần\x00  Văn\nA (mẫu) "),
        email=" Nguoi.Gui@EXAMPLE.org ",
        phone="(+84) 912-345-678",
        organisation="",
    )
    found = vault.open_contact(submit(contact=given).petition.submitter.sealed)
    assert (found.name, found.phone, found.organisation) == ("Trần Văn A (mẫu)", "+84912345678", None)
    assert found.email == "Nguoi.Gui@example.org"


def test_no_province_is_no_error(submit: Any) -> None:
    assert submit(province_code="").petition.province_code is None
    assert submit(province_code=None).petition.province_code is None


def test_the_day_is_the_one_in_vietnam(session: Session, vault: Vault, chance: random.Random) -> None:
    midnight = datetime(2026, 11, 2, 17, tzinfo=UTC)
    assert a_receipt(session, vault, midnight, chance).petition.code.startswith("PAKN-20261103-")


def test_two_petitions_have_different_codes_even_by_chance(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    first = a_receipt(session, vault, clock.now, random.Random(1))
    second = a_receipt(session, vault, clock.now, random.Random(1))
    assert first.petition.code != second.petition.code


def test_sent_again_under_one_key_it_is_one_petition(session: Session, submit: Any) -> None:
    first = submit(idempotency_key="key-1")
    session.commit()
    again = submit(idempotency_key="key-1")
    session.commit()
    assert not again.new
    assert (again.petition.id, again.secret) == (first.petition.id, first.secret)
    assert session.scalar(select(func.count()).select_from(Petition)) == 1
    assert session.scalar(select(func.count()).select_from(Event)) == 1
    assert "key-1" not in (first.petition.idempotency_key or ""), "only its hash is kept"


def test_the_same_text_typed_in_another_form_is_the_same(submit: Any) -> None:
    first = submit(idempotency_key="key-1")
    again = submit(idempotency_key="key-1", text=unicodedata.normalize("NFD", TEXT) + "\r\n")
    assert again.petition is first.petition


def test_a_key_is_for_one_text(submit: Any) -> None:
    submit(idempotency_key="key-1")
    another = refused(submit, idempotency_key="key-1", text="Một nội dung khác hẳn, cũng đủ dài.")
    assert another == {"idempotency_key": "used_for_another"}


@pytest.mark.parametrize(
    "other", [{"email": "ke.khac@example.org"}, {"kind": "question"}, {"contact": Contact()}]
)
def test_who_guesses_a_key_and_knows_the_text_does_not_get_the_secret(
    submit: Any, other: dict[str, Any]
) -> None:
    submit(idempotency_key="key-1")
    given = {"may_contact": False, **other}
    assert refused(submit, idempotency_key="key-1", **given) == {"idempotency_key": "used_for_another"}


@pytest.mark.parametrize("key", ["k" * 10_000, "khoá 🔑", "\x00", "\ud800"])
def test_any_key_will_do(submit: Any, key: str) -> None:
    assert submit(idempotency_key=key).new
    assert not submit(idempotency_key=key).new


def test_without_a_key_it_is_another_petition(submit: Any) -> None:
    assert submit().petition is not submit().petition


def test_without_calendar_or_policy_nothing_is_promised_or_kept(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    with pytest.raises(CalendarNotCovered):
        a_receipt(session, vault, datetime(2027, 12, 20, tzinfo=UTC), chance)
    with pytest.raises(NoPolicy):
        a_receipt(session, vault, datetime(2024, 12, 20, tzinfo=UTC), chance)
    for policy in session.scalars(select(DeadlinePolicy)):
        session.delete(policy)
    with pytest.raises(NoPolicy):
        a_receipt(session, vault, clock.now, chance)
    assert session.scalar(select(func.count()).select_from(Petition)) == 0


def test_the_newest_calendar_counts(session: Session, submit: Any, clock: Clock) -> None:
    newer = CalendarVersion(
        version="2026.2",
        covers_from=date(2026, 1, 1),
        covers_to=date(2026, 12, 31),
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    session.add(newer)
    session.flush()
    petition = submit().petition
    assert (petition.calendar_version, petition.respond_by) == ("2026.2", date(2026, 11, 23))


def test_nothing_of_it_is_logged(submit: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="app"):
        submit()
    assert EMAIL not in caplog.text
