"""The life of one demo petition: what people do to it, when, through the same verbs as everybody."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from app.demo.composing import DemoText
from app.demo.notes import CaseNotes
from app.demo.offices import Habit, Offices
from app.models import Petition
from app.services import answering, closing, intake, points, routing, satisfaction
from app.services.actors import SUBMITTER, SYSTEM, Actor
from app.services.personal_data import Vault
from classifiers import Classifier
from workflows.calendar import VIETNAM, WorkingCalendar, local_date
from workflows.custody import HANDOVERS_BEFORE_DESK_DECIDES
from workflows.kinds import LEGAL_KINDS
from workflows.lifecycle import Status


class Over(Exception):
    """The present has been reached; the rest of the life has not happened yet."""


@dataclass
class Stage:
    """What all lives share: the tools, the calendar and the present."""

    session: Session
    vault: Vault
    model: Classifier | None
    calendar: WorkingCalendar
    offices: Offices
    notes: CaseNotes
    present: datetime


class Life:
    """One petition from its submission to the present. ``live`` runs it; every chance comes from ``rng``."""

    def __init__(
        self, stage: Stage, text: DemoText, submission: intake.Submission, rng: random.Random
    ) -> None:
        self.stage, self.text, self.submission, self.rng = stage, text, submission, rng
        self.now = stage.present
        self.petition: Petition

    def live(self, submitted_at: datetime) -> Petition:
        """Run the life as far as the present."""
        stage, self.now = self.stage, submitted_at
        receipt = intake.submit(stage.session, stage.vault, self.submission, submitted_at, self.rng)
        self.petition = receipt.petition
        if not receipt.new:
            return self.petition
        try:
            self._find_agency()
            if self.petition.status is Status.ASSIGNED:
                self._work()
        except Over:
            pass
        stage.session.flush()
        return self.petition

    # --- time ---------------------------------------------------------------------------------------

    def _at(self, moment: datetime) -> datetime:
        if moment > self.stage.present:
            raise Over
        self.now = moment
        return moment

    def _soon(self, low: float, high: float) -> datetime:
        return self._at(self.now + timedelta(minutes=self.rng.uniform(low, high)))

    def _office_hours(self, working_days: float) -> datetime:
        """The moment about so many working days from now, between 8 and 17 o'clock."""
        whole = max(0, round(working_days))
        day = self.stage.calendar.add(local_date(self.now), whole)
        while not self.stage.calendar.counts(day):
            day += timedelta(days=1)
        minute = self.rng.uniform(0, 9 * 60)
        moment = self._on(day, time(8)) + timedelta(minutes=minute)
        return self._at(
            moment if moment > self.now else self.now + timedelta(minutes=self.rng.uniform(5, 90))
        )

    def _last_day(self) -> datetime:
        """A moment of the day on which the answer is due, or soon if that is over."""
        moment = self._on(self.petition.respond_by, time(8)) + timedelta(minutes=self.rng.uniform(0, 9 * 60))
        return self._at(moment) if moment > self.now else self._soon(5, 90)

    def _friday(self) -> datetime:
        """A moment of the few minutes on the next working Friday in which a whole week's answers are sent."""
        day, minutes = local_date(self.now), timedelta(minutes=self.rng.uniform(0, 9))
        while True:
            moment = self._on(day, time(16)) + minutes
            if day.weekday() == 4 and self.stage.calendar.counts(day) and moment > self.now:
                return self._at(moment)
            day += timedelta(days=1)

    @staticmethod
    def _on(day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=VIETNAM)

    def _happens(self, share: float) -> bool:
        return self.rng.random() < share

    # --- finding the agency -------------------------------------------------------------------------

    def _find_agency(self) -> None:
        stage, petition = self.stage, self.petition
        said = None
        if stage.model is not None:
            said = stage.model.classify(
                petition.text, submitter_kind=str(petition.submitter_kind), province=petition.province_code
            )
        routing.suggest(stage.session, petition, said, self._soon(0.05, 0.5))
        if self._happens(0.015):
            closing.withdraw(stage.session, petition, self._soon(30, 1200))
            return
        if petition.status is Status.TRIAGE:
            self._desk_decides()
        elif petition.lead_agency_code != self.text.lead:
            self._wrong_agency()

    def _desk_decides(self) -> None:
        stage, desk = self.stage, self.stage.offices.desk
        now = self._office_hours(self.rng.choice((0, 0, 0, 1, 1, 2)))
        if self.text.kind in LEGAL_KINDS:
            guidance = self.text.answer_for(self.rng)
            closing.refer(stage.session, self.petition, desk, self.text.kind, guidance, now)
        elif self.text.topic == "off_topic":
            reason = self.rng.choice(("out_of_scope", "no_content"))
            closing.decline(
                stage.session, self.petition, desk, reason, self.rng.choice(stage.notes.decline), now
            )
        else:
            routing.assign(stage.session, self.petition, desk, self._desk_choice(), now)

    def _desk_choice(self) -> str:
        """The right agency nearly always; people err too."""
        suggested = routing.latest_suggestion(self.stage.session, self.petition)
        if suggested and self._happens(0.05) and self.petition.handovers == 0:
            for each in suggested.agencies:
                if self.stage.offices.exists(each["code"]):
                    return str(each["code"])
        return self.text.lead

    def _wrong_agency(self) -> None:
        """Software was sure and wrong: the agency passes it on, or sends it back."""
        stage, petition = self.stage, self.petition
        officer = stage.offices.officer(str(petition.lead_agency_code))
        now = self._office_hours(self.rng.uniform(0.5, 3))
        reason = "not_our_competence"
        if self._happens(0.7) and petition.handovers < HANDOVERS_BEFORE_DESK_DECIDES:
            note = self.rng.choice(stage.notes.transfer)
            routing.transfer(stage.session, petition, officer, self.text.lead, reason, note, now)
            return
        routing.return_to_desk(
            stage.session, petition, officer, reason, self.rng.choice(stage.notes.returned), now
        )
        self._desk_decides()

    # --- the agency's work --------------------------------------------------------------------------

    def _work(self) -> None:
        office = self.stage.offices.character(str(self.petition.lead_agency_code))
        if self.petition.lead_agency_code != self.text.lead:
            self._wrong_agency()
            if self.petition.status is not Status.ASSIGNED:
                return
        if self._happens(office.neglect):
            raise Over
        self._acknowledge(self._office_hours(self.rng.gammavariate(2.0, 1.1 * office.pace)))
        if office.habit is Habit.ASKS_ON_THE_LAST_DAY and self._happens(0.4):
            if self._ask_submitter(self._last_day()):
                self._answer(self._soon(20, 240))
                self._after_answer(office.care)
            return
        if self._happens(0.1) and not self._ask_submitter(self._office_hours(self.rng.uniform(0.5, 3))):
            return
        days = self.rng.gammavariate(4.0, 2.4 * office.pace)
        if days > 12 and self._happens(0.45):
            self._extend(office.pace)
        self._answer(self._office_hours(days))
        self._after_answer(office.care)

    def _acknowledge(self, now: datetime) -> None:
        officer = self._officer()
        answering.acknowledge(
            self.stage.session,
            self.petition,
            officer,
            now,
            officer_id=officer.staff_id or 0,
            task=self.rng.choice(self.stage.notes.tasks),
            deadline=max(local_date(now), self.petition.respond_by),
            expected_result=self.rng.choice(self.stage.notes.results),
        )

    def _ask_submitter(self, now: datetime) -> bool:
        """Ask the submitter something; False if no reply ever comes."""
        question, reply = self.rng.choice(self.stage.notes.questions)
        answering.ask_submitter(self.stage.session, self.petition, self._officer(), question, now)
        if self._happens(0.15):
            return False
        now = self._soon(60, 60 * 24 * 8)
        answering.provide_information(self.stage.session, self.petition, SUBMITTER, reply, now)
        return True

    def _extend(self, pace: float) -> None:
        now = self._office_hours(self.rng.uniform(3, 6) * pace)
        if local_date(now) > self.petition.respond_by:
            return
        reason = self.rng.choice(("complex", "needs_verification", "other_agencies_consulted"))
        answering.extend(
            self.stage.session,
            self.petition,
            self._approver(),
            self.rng.choice((5, 7, 10)),
            reason,
            None,
            now,
        )

    def _answer(self, now: datetime) -> None:
        session, petition = self.stage.session, self.petition
        body = self.text.answer_for(self.rng)
        answering.draft(session, petition, self._officer(), body, now)
        met = points.all_met(session, petition)
        answering.submit_draft(session, petition, self._officer(), self._soon(2, 40), met)
        if self._happens(0.12):
            note = self.rng.choice(self.stage.notes.draft_returned)
            answering.return_draft(session, petition, self._approver(), note, self._office_hours(1))
            answering.draft(session, petition, self._officer(), body, self._office_hours(1))
            answering.submit_draft(session, petition, self._officer(), self._soon(2, 40), met)
        answering.approve(session, petition, self._approver(), self._office_hours(self.rng.choice((0, 0, 1))))
        answering.publish(session, self.stage.vault, petition, self._approver(), self._dispatch())

    def _dispatch(self) -> datetime:
        """When an approved answer goes out: soon, or with all others of the week."""
        habit = self.stage.offices.character(str(self.petition.lead_agency_code)).habit
        if habit is Habit.ANSWERS_IN_BURSTS:
            return self._friday()
        return self._soon(1, 30)

    # --- after the answer ---------------------------------------------------------------------------

    def _after_answer(self, care: float) -> None:
        session, petition = self.stage.session, self.petition
        answered_at = self.now
        rating = self._rating(care)
        if self._happens(0.42):
            self._rate(rating, self._soon(20, 60 * 24 * 9))
        if rating <= 2 and self._happens(0.35):
            closing.reopen(
                session, petition, self.rng.choice(self.stage.notes.objections), self._soon(60, 60 * 48)
            )
            self._answer(self._office_hours(self.rng.gammavariate(3.0, 1.5)))
            self._rate(min(5, rating + 1), self._soon(60, 60 * 72))
        elif rating >= 4 and self._happens(0.12):
            closing.close(session, petition, SUBMITTER, self._soon(10, 60 * 24))
            return
        if petition.object_by is not None:
            self.now = max(self.now, answered_at)
            closing.close(
                session, petition, SYSTEM, self._at(self._on(petition.object_by, time(6)) + timedelta(days=1))
            )

    def _rating(self, care: float) -> int:
        late = local_date(self.now) > self.petition.respond_by
        mark = self.rng.gauss(4.0 * care - (0.9 if late else 0.0), 0.95)
        return min(5, max(1, round(mark)))

    def _rate(self, rating: int, now: datetime) -> None:
        survey = satisfaction.latest(self.stage.session, self.petition)
        if survey is None:
            return
        policy = min(5, max(1, rating + self.rng.choice((-1, 0, 0, 1)))) if self._happens(0.6) else None
        comment = self.rng.choice(self.stage.notes.comments[rating]) if self._happens(0.4) else None
        satisfaction.rate(self.stage.session, self.petition, survey, rating, policy, comment, now)

    def _officer(self) -> Actor:
        return self.stage.offices.officer(str(self.petition.lead_agency_code))

    def _approver(self) -> Actor:
        return self.stage.offices.approver(str(self.petition.lead_agency_code))
