"""Filling an instance with demo data: three months of petitions, the same for the same seed and day."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.demo.composing import compose
from app.demo.lives import Life, Stage
from app.demo.notes import load_notes
from app.demo.offices import Offices
from app.demo.people import person
from app.demo.scene_files import load_scenes
from app.models import OutboxRow
from app.services import rules
from app.services.intake import Submission
from app.services.personal_data import Contact, Vault
from classifiers import Classifier
from workflows.calendar import VIETNAM
from workflows.kinds import LEGAL_KINDS

DAYS = 92
# What people send through the day, hour by hour: little at night, most in the morning and after work.
HOURS = (1, 1, 0, 0, 0, 1, 3, 6, 12, 14, 12, 9, 6, 8, 12, 12, 10, 7, 5, 6, 8, 8, 5, 2)


def seed(
    session: Session, vault: Vault, model: Classifier | None, *, petitions: int, seed: int, present: datetime
) -> Iterator[str]:
    """Make so many petitions in the three months before ``present``, yielding the code of each as it is done.

    Every date, text, life and code follows from ``seed`` and ``present`` alone. Commits after each petition; mails about
    them are never sent.
    """
    rng = random.Random(seed)
    stage = Stage(
        session=session,
        vault=vault,
        model=model,
        calendar=rules.calendar(session),
        offices=Offices(session, seed, present),
        notes=load_notes(),
        present=present,
    )
    scenes = load_scenes()
    moments = sorted(_moment(rng, present) for _ in range(petitions))
    for number, moment in enumerate(moments):
        own = random.Random(f"{seed}:{number}")
        text = compose(own, scenes)
        sender = person(own, text.submitter_kind)
        submission = Submission(
            kind="feedback" if text.kind in LEGAL_KINDS else text.kind,
            submitter_kind=text.submitter_kind,
            text=text.text,
            province_code=text.province_code,
            language="en" if text.english else "vi",
            channel="demo",
            contact=Contact(sender.name, sender.email, sender.phone, sender.organisation),
            may_contact=bool(sender.email or sender.phone) and own.random() < 0.8,
            may_share=own.random() < 0.7,
            may_publish=own.random() < 0.5,
            idempotency_key=f"demo:{seed}:{present.date()}:{number}",
        )
        petition = Life(stage, text, submission, own).live(moment)
        code = petition.code
        session.execute(
            delete(OutboxRow).where(
                OutboxRow.done_at.is_(None), OutboxRow.payload["petition"].as_integer() == petition.id
            )
        )
        session.commit()
        session.expunge_all()
        yield code


def _moment(rng: random.Random, present: datetime) -> datetime:
    """An instant in the months before ``present``: fewer at weekends and at night."""
    while True:
        day: date = (present.astimezone(VIETNAM) - timedelta(days=rng.uniform(0, DAYS))).date()
        if day.weekday() >= 5 and rng.random() < 0.55:
            continue
        hour = rng.choices(range(24), HOURS)[0]
        start = datetime.combine(day, time(hour), tzinfo=VIETNAM)
        moment = start + timedelta(seconds=rng.uniform(0, 3600))
        if moment < present:
            return moment
