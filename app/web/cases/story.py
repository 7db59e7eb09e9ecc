"""The timeline in words, as staff read it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from app.models import Agency, Staff
from app.queries.case import Case, Entry
from app.web import wording
from app.web.cases import words
from app.web.presentation import short_date
from workflows.kinds import Kind


@dataclass(frozen=True)
class Told:
    """One line of the timeline in words."""

    at: datetime
    title: str
    by: str
    details: list[str]
    note: str | None
    note_public: bool


def story(case: Case, staff: Staff) -> list[Told]:
    """The whole timeline, oldest first; what an agency says of its own drafts only for its staff."""
    return [
        Told(
            entry.at,
            event_words(entry.kind),
            _by(entry, case.agencies),
            _details(entry, case),
            None if entry.kind == "draft_returned" and entry.agency_code != staff.agency_code else entry.note,
            entry.note_public,
        )
        for entry in case.timeline
    ]


def event_words(kind: str) -> str:
    """An event in words."""
    return str(wording.EVENTS.get(kind, kind))


def person(staff: Staff | None) -> str:
    """A member of staff: name, role and agency."""
    if staff is None:
        return str(_("cán bộ không còn trong danh sách"))
    agency = f", {wording.name(staff.agency)}" if staff.agency else ""
    return f"{staff.name} ({wording.ROLES[staff.role]}{agency})"


def _by(entry: Entry, agencies: dict[str, Agency]) -> str:
    if entry.actor == "submitter":
        return str(_("Người gửi"))
    if entry.actor == "system":
        return str(_("Phần mềm"))
    return person(entry.staff)


def _details(entry: Entry, case: Case) -> list[str]:
    data = entry.data
    found = [
        _custody(data, case.agencies),
        _("Đây là quyết định cuối cùng của bộ phận điều phối.") if data.get("binding") else "",
        _("Lý do: %(reason)s", reason=wording.reason(data["reason"])) if data.get("reason") else "",
        _dates(data),
        *_terms(data, case),
        _charge(data, case),
        str(words.DECISIONS.get(data.get("decision", ""), "")),
        _("Văn bản số %(n)s", n=data["response"]) if "response" in data else "",
        str(wording.RATINGS.get(data.get("rating", 0), "")),
    ]
    return [line for line in found if line]


def _custody(data: dict[str, Any], agencies: dict[str, Agency]) -> str:
    def called(key: str) -> str:
        code = data.get(key)
        agency = agencies.get(code) if isinstance(code, str) else None
        return wording.name(agency) if agency else str(code or "")

    if data.get("from") and data.get("to"):
        return str(_("Từ %(a)s đến %(b)s", a=called("from"), b=called("to")))
    if data.get("to"):
        return str(_("Đến %(b)s", b=called("to")))
    return str(_("Từ %(a)s", a=called("from"))) if data.get("from") else ""


def _dates(data: dict[str, Any]) -> str:
    moved = data.get("respond_by")
    if isinstance(moved, dict) and moved.get("from") != moved.get("to"):
        return str(_("Hạn trả lời dời từ %(a)s sang %(b)s", a=_day(moved["from"]), b=_day(moved["to"])))
    if "object_by" in data:
        return str(_("Người gửi có thể nêu ý kiến đến hết ngày %(day)s", day=_day(data["object_by"])))
    return ""


def _charge(data: dict[str, Any], case: Case) -> str:
    officer = str(data.get("officer", "")).removeprefix("staff:")
    if not officer.isdecimal():
        return ""
    staff = case.staff.get(int(officer))
    name = staff.name if staff else _("cán bộ không còn trong danh sách")
    return str(_("Giao %(name)s, hạn %(day)s", name=name, day=_day(data["deadline"])))


def _terms(data: dict[str, Any], case: Case) -> list[str]:
    """What was agreed or found: who takes part by when, what kind it is now, which points the answer meets."""
    found = []
    if "cohandler" in data:
        agency = case.agencies.get(data["cohandler"])
        found.append(wording.name(agency) if agency else data["cohandler"])
    if "due" in data and "cohandler" in data:
        found.append(str(_("Hạn gửi ý kiến %(day)s", day=_day(data["due"]))))
    if "expected_on" in data:
        found.append(str(_("Dự kiến trả lời ngày %(day)s", day=_day(data["expected_on"]))))
    if "kind" in data and isinstance(data["kind"], dict) and data["kind"]["from"] != data["kind"]["to"]:
        before, after = (wording.KINDS[Kind(data["kind"][key])] for key in ("from", "to"))
        found.append(str(_("Từ %(a)s thành %(b)s", a=before, b=after)))
    if data.get("points", {}).get("of"):
        found.append(
            str(_("Trả lời %(n)s trên %(of)s yêu cầu", n=data["points"]["met"], of=data["points"]["of"]))
        )
    if "part" in data:
        found.append(str(wording.PARTNERS.get(data["part"], data["part"])))
    if "corrects" in data:
        found.append(str(_("Thay cho văn bản số %(n)s", n=data["corrects"])))
    return found


def _day(value: str) -> str:
    return short_date(date.fromisoformat(value))
