"""The timeline of a petition and its next step, told to the submitter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from app.models import Event
from app.queries.own_petition import OwnPetition
from app.web import wording
from app.web.presentation import short_date
from workflows.calendar import local_date
from workflows.kinds import Kind
from workflows.lifecycle import Status


@dataclass(frozen=True)
class Entry:
    """A line of the timeline, as the macro ``timeline`` shows it."""

    at: datetime
    title: str
    by: str
    detail: str
    note: str | None


@dataclass(frozen=True)
class Next:
    """What happens next; ``by`` is the date it is promised for, ``late`` whether that date has passed."""

    text: str
    by: date | None
    late: bool


def timeline(own: OwnPetition) -> list[Entry]:
    """The public events in words."""
    return [
        Entry(
            at=event.at,
            title=str(wording.EVENTS.get(event.kind, event.kind)),
            by=_who(own, event),
            detail=_detail(own, event),
            note=own.notes.get(event.seq),
        )
        for event in own.events
    ]


def next_step(own: OwnPetition, today: date) -> Next | None:
    """What the submitter may expect, or is asked to do; None where nothing more will happen."""
    petition, holder = own.petition, own.petition.lead_agency
    agency = wording.name(holder) if holder else _("cơ quan phụ trách")
    accept_by = petition.acknowledge_by
    if petition.acknowledged_at is not None and own.custody is not None:
        accept_by = (
            own.custody.acknowledge_by
        )  # accepted before and then handed on: the new agency's own days
    rated = own.survey is not None and own.survey.rating is not None
    steps: dict[Status, tuple[str, date | None]] = {
        Status.RECEIVED: (_("Tìm cơ quan phụ trách cho hồ sơ của bạn."), petition.route_by),
        Status.TRIAGE: (_("Bộ phận điều phối chọn cơ quan phụ trách."), petition.route_by),
        Status.ASSIGNED: (_("%(agency)s thụ lý hồ sơ.", agency=agency), accept_by),
        Status.ACCEPTED: (_("%(agency)s trả lời bạn.", agency=agency), petition.respond_by),
        Status.AWAITING_SUBMITTER: (
            _("Cơ quan đang chờ bạn trả lời câu hỏi. Những ngày chờ bạn không tính vào thời hạn trả lời."),
            None,
        ),
        Status.MERGED: (
            _(
                "Hồ sơ của bạn được giải quyết chung với các hồ sơ cùng nội dung. "
                "Bạn sẽ nhận được câu trả lời như mọi người."
            ),
            petition.respond_by,
        ),
        Status.ANSWERED: (
            _("Nếu chưa đồng ý với câu trả lời, bạn có thể đề nghị xử lý tiếp.")
            if rated
            else _("Xin cho biết bạn có hài lòng không. Nếu chưa đồng ý, bạn có thể đề nghị xử lý tiếp."),
            petition.object_by,
        ),
    }
    if petition.status not in steps:
        return None
    text, by = steps[petition.status]
    late = by is not None and today > by and petition.status is not Status.ANSWERED
    return Next(text, by, late)


def _who(own: OwnPetition, event: Event) -> str:
    if event.actor == "submitter" or event.kind in ("triaged", "routed", "assigned"):
        return ""  # the title says it
    if event.actor == "system":
        return str(_("Hệ thống"))
    agency = own.agencies.get(event.agency_code or "")
    return wording.name(agency) if agency else _("Bộ phận điều phối")


def _detail(own: OwnPetition, event: Event) -> str:
    told: dict[str, Callable[[], str]] = {
        "routed": lambda: _("Đến: %(agency)s", agency=_agency(own, event, "to")),
        "assigned": lambda: _("Đến: %(agency)s", agency=_agency(own, event, "to")),
        "transferred": lambda: _(
            "Đến: %(agency)s. Lý do: %(reason)s", agency=_agency(own, event, "to"), reason=_reason(event)
        ),
        "returned": lambda: _("Lý do: %(reason)s", reason=_reason(event)),
        "acknowledged": lambda: _(
            "Đã phân công chuyên viên, hẹn xong ngày %(day)s", day=_day(event.data["deadline"])
        ),
        "extended": lambda: _(
            "Ngày hẹn trả lời dời từ %(before)s sang %(after)s. Lý do: %(reason)s",
            **_moved(event),
            reason=_reason(event),
        ),
        "information_provided": lambda: _(
            "Ngày hẹn trả lời tính lại là %(after)s, vì những ngày chờ bạn không tính", **_moved(event)
        ),
        "waiting_ended": lambda: _(
            "Không nhận được trả lời của bạn nên cơ quan xử lý tiếp. Ngày hẹn trả lời: %(after)s",
            **_moved(event),
        ),
        "interim_replied": lambda: _("Dự kiến trả lời ngày %(day)s", day=_day(event.data["expected_on"])),
        "escalated": lambda: _(
            "Đến: %(agency)s. Lý do: %(reason)s", agency=_agency(own, event, "to"), reason=_reason(event)
        ),
        "recategorised": lambda: _recategorised(event),
        "partner_named": lambda: str(wording.PARTNERS.get(event.data["part"], "")),
        # An answer that came late leaves no days to promise.
        "reopened": lambda: (
            ""
            if event.data["respond_by"]["to"] < local_date(event.at).isoformat()
            else _("Ngày hẹn trả lời mới: %(after)s", **_moved(event))
        ),
        "published": lambda: _(
            "Nếu chưa đồng ý, bạn có thể đề nghị xử lý tiếp đến hết ngày %(day)s",
            day=_day(event.data["object_by"]),
        ),
        "rated": lambda: str(wording.RATINGS.get(event.data["rating"], "")),
        "declined": lambda: _("Lý do: %(reason)s", reason=_reason(event)),
        "referred": lambda: _("Lý do: %(reason)s", reason=_reason(event)),
    }
    try:
        return told[event.kind]() if event.kind in told else ""
    except KeyError:  # an event of an earlier version may lack what is told today
        return ""


def _recategorised(event: Event) -> str:
    before, after = (wording.KINDS[Kind(event.data["kind"][key])] for key in ("from", "to"))
    kinds = str(_("Từ %(a)s thành %(b)s", a=before, b=after)) if before != after else ""
    moved = _moved(event)
    if moved["before"] == moved["after"]:
        return kinds
    sooner = str(_("Ngày hẹn trả lời sớm lên, là %(after)s", **moved))
    return f"{kinds}. {sooner}" if kinds else sooner


def _agency(own: OwnPetition, event: Event, key: str) -> str:
    code = str(event.data[key])
    agency = own.agencies.get(code)
    return wording.name(agency) if agency else code


def _reason(event: Event) -> str:
    return wording.reason(event.data["reason"])


def _moved(event: Event) -> dict[str, str]:
    return {"before": _day(event.data["respond_by"]["from"]), "after": _day(event.data["respond_by"]["to"])}


def _day(iso: str) -> str:
    return short_date(date.fromisoformat(iso))
