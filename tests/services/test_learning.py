"""Learning from the desk: what it decided becomes labels, a retrain uses them, and the next suggestion is another."""

import json
import random
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import relay
from app.models import Petition, Suggestion
from app.queries.decisions import decisions
from app.queries.routing_quality import outcomes
from app.services import answering, routing
from app.services.personal_data import Vault
from classifiers.monitoring import report
from tests.factories import a_petition, a_receipt, an_actor
from tests.instances import Clock
from tests.services.commands import Run, done
from tests.unit.classifiers.tiny_corpus import ENDINGS, OPENINGS
from workflows.lifecycle import Role, Status

MATTERS = (
    "ứng dụng VNeID báo sai khuôn mặt",
    "căn cước gắn chip quét không nhận",
    "tài khoản định danh bị khoá không mở được",
    "kích hoạt định danh mức độ hai chờ lâu",
)


def overrule(
    session: Session, vault: Vault, clock: Clock, chance: random.Random, count: int, agency: str
) -> None:
    """Have the desk send petitions about identity elsewhere than the corpus says."""
    desk = an_actor(session, Role.DESK)
    for number in range(count):
        text = f"{OPENINGS[number % 4]} {MATTERS[number // 4 % 4]}, {ENDINGS[number // 16 % 4]}."
        petition = a_petition(session, vault, clock.now, chance, status=Status.TRIAGE, text=text)
        routing.assign(session, petition, desk, agency, clock.now)
        clock.now += timedelta(minutes=1)
    session.commit()


def test_the_last_word_on_a_petition_counts(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    petition = a_petition(session, vault, clock.now, chance, status=Status.TRIAGE)
    routing.assign(session, petition, an_actor(session, Role.DESK), "BKHCN", clock.now)
    routing.transfer(
        session,
        petition,
        an_actor(session, Role.OFFICER),
        "BCA",
        "not_our_competence",
        "Không phải",
        clock.now,
    )
    session.commit()
    (decision,) = decisions(session)
    assert (decision.petition, decision.agency, decision.source) == (petition.code, "BCA", "transfer")
    assert (decision.text, decision.submitter_kind, decision.province) == (petition.text, "citizen", "79")


def test_what_is_said_to_be_secret_is_not_learned_from(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    petition = a_petition(session, vault, clock.now, chance, status=Status.TRIAGE)
    routing.assign(session, petition, an_actor(session, Role.DESK), "BKHCN", clock.now)
    session.add(
        Suggestion(
            petition_id=petition.id,
            created_at=clock.now,
            model_version="test",
            decision="triage",
            kind="feedback",
            topics=[],
            agencies=[],
            flags=["secret_claimed"],
            reasons=[],
            asks=[],
            familiar=1.0,
        )
    )
    session.commit()
    assert decisions(session) == []


def test_a_retrain_after_two_hundred_overrules_changes_a_suggestion(
    run: Run,
    app: Flask,
    session: Session,
    vault: Vault,
    clock: Clock,
    chance: random.Random,
    model: Path,
    tiny_corpus: Path,
) -> None:
    def suggested() -> str:
        text = "Tôi xin phản ánh căn cước gắn chip quét không nhận, đã ba tháng nay."
        petition = a_receipt(session, vault, clock.now, chance, text=text).petition
        session.commit()
        relay.drain(app, clock)
        session.expire_all()
        said = routing.latest_suggestion(session, session.get_one(Petition, petition.id))
        assert said is not None
        return str(said.agencies[0]["code"])

    assert suggested() == "BCA"
    overrule(session, vault, clock, chance, 200, "VPTW")
    result = run("train", "--corpus", tiny_corpus, "--promote")
    told = json.loads(done(result))
    assert "promoted" in result.stderr
    assert told["decisions"] == 160, "the latest fifth is kept out to compare on"
    assert told["comparison"]["total"]["sure"] >= 0.95
    assert suggested() == "VPTW"
    versions = set(session.scalars(select(Suggestion.model_version)))
    assert len(versions) == 2, "every suggestion says which model made it"


def test_outcomes_tell_what_became_of_suggestions(
    app: Flask, session: Session, vault: Vault, clock: Clock, chance: random.Random, model: Path
) -> None:
    text = "Tôi xin phản ánh căn cước gắn chip quét không nhận, đã ba tháng nay."
    petitions = [a_receipt(session, vault, clock.now, chance, text=f"{text} {n}").petition for n in range(3)]
    session.commit()
    relay.drain(app, clock)
    session.expire_all()
    officer = an_actor(session, Role.OFFICER, "BCA")
    right, wrong, _ = petitions
    assert {petition.lead_agency_code for petition in petitions} == {"BCA"}, "software was sure of them"
    answering.acknowledge(
        session,
        right,
        officer,
        clock.now,
        officer_id=officer.staff_id or 0,
        task="Kiểm tra",
        deadline=right.respond_by,
        expected_result="Văn bản trả lời",
    )
    routing.transfer(session, wrong, officer, "BYT", "not_our_competence", "Không phải", clock.now)
    session.commit()
    found = report(outcomes(session, clock.now))
    assert sum(week.suggestions for week in found.weeks) == 3
    assert sum(week.decided for week in found.weeks) == 2
    assert [(each.suggested, each.decided) for each in found.mistakes] == [("BCA", "BYT")]
    assert report(outcomes(session, clock.now + timedelta(weeks=13))).weeks == ()
