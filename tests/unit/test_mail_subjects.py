"""A subject arrives as it was written, however long it is and wherever it is folded."""

import email
from email.message import EmailMessage
from email.policy import default

from app.services import mailing
from app.services.instance import shipped_agencies


def test_no_space_is_lost_where_a_subject_is_folded() -> None:
    subjects = [f"[PAKN-20261123-489755-O] {row['name_vi']} đã thụ lý" for row in shipped_agencies()]
    assert max(len(subject) for subject in subjects) > 100
    for subject in subjects:
        message = EmailMessage(mailing._POLICY)
        message["Subject"] = subject
        message.set_content("Xin chào")
        raw = message.as_bytes()
        assert email.message_from_bytes(raw, policy=default)["Subject"] == subject
        assert all(len(line) <= 78 for line in raw.splitlines())
