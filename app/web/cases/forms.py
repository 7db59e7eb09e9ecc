"""The forms of the case page. They check shape; the verbs check the rules."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.services.answering import BODY_MAX
from app.services.intake import clean_line, clean_text
from app.services.points import WHY_MAX
from app.web.wording import ERRORS
from workflows.lifecycle import Action

_NEEDED = DataRequired(ERRORS["required"])
LINE, NOTE, PUBLIC_NOTE = 500, 2000, 4000
_ASK_SHOWN = 160


def _at_most(length: int) -> Length:
    return Length(max=length, message=ERRORS["too_long"])


class Choice(SelectField):
    """A select whose complaints are in the person's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Macros choose the look of a control by this name.
        self.type = "SelectField"

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        try:
            super().pre_validate(form)
        except ValidationError as error:
            raise ValidationError(ERRORS["choose"]) from error


class Day(DateField):
    """A date whose complaints are in the person's language."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the date."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(ERRORS["malformed" if any(valuelist) else "required"]) from error


class CaseForm(FlaskForm):
    """A form of the case page. Its fields carry the action's name before theirs, as many forms stand on one page."""

    class Meta:
        """CSRFProtect checks the token of every POST; a token field in each form would repeat its id on the page."""

        csrf = False

    def typed(self) -> list[tuple[str, str]]:
        """What was written by hand, for showing it again where the form itself is no longer offered."""
        return [
            (str(field.label.text), field.data)
            for field in self
            if isinstance(field, StringField) and not isinstance(field, HiddenField) and field.data
        ]


class AssignForm(CaseForm):
    """To which agency, and what the desk wants it to know."""

    agency = Choice(_l("Cơ quan"), [InputRequired(ERRORS["choose"])])
    note = TextAreaField(_l("Ghi chú cho cơ quan"), [_at_most(NOTE)], filters=[clean_text])


class TransferForm(CaseForm):
    """To which agency, and why."""

    agency = Choice(_l("Chuyển đến"), [InputRequired(ERRORS["choose"])])
    reason = Choice(_l("Lý do"), [InputRequired(ERRORS["choose"])])
    note = TextAreaField(_l("Ghi chú cho cơ quan nhận"), [_at_most(NOTE)], filters=[clean_text])


class ReturnForm(CaseForm):
    """Why the desk has to look again."""

    reason = Choice(_l("Lý do"), [InputRequired(ERRORS["choose"])])
    note = TextAreaField(_l("Ghi chú cho bộ phận điều phối"), [_at_most(NOTE)], filters=[clean_text])


class AcknowledgeForm(CaseForm):
    """The five musts (the agency itself is the fifth)."""

    officer = Choice(_l("Người phụ trách"), [InputRequired(ERRORS["choose"])])
    task = StringField(_l("Việc phải làm"), [_NEEDED, _at_most(LINE)], filters=[clean_line])
    deadline = Day(_l("Hạn hoàn thành"), [InputRequired(ERRORS["required"])])
    expected_result = StringField(_l("Kết quả phải có"), [_NEEDED, _at_most(LINE)], filters=[clean_line])


class AskForm(CaseForm):
    """What the submitter is asked."""

    question = TextAreaField(
        _l("Điều cần hỏi người gửi"), [_NEEDED, _at_most(PUBLIC_NOTE)], filters=[clean_text]
    )


class ExtendForm(CaseForm):
    """By how many working days, and why."""

    days = Choice(_l("Thêm bao nhiêu ngày làm việc"), [InputRequired(ERRORS["choose"])])
    reason = Choice(_l("Lý do"), [InputRequired(ERRORS["choose"])])
    note = TextAreaField(_l("Lời giải thích gửi người gửi"), [_at_most(PUBLIC_NOTE)], filters=[clean_text])


class DraftForm(CaseForm):
    """The answer."""

    body = TextAreaField(_l("Văn bản trả lời"), [_NEEDED, _at_most(BODY_MAX)], filters=[clean_text])


class ReturnDraftForm(CaseForm):
    """What to mend in a draft."""

    note = TextAreaField(_l("Cần sửa những gì"), [_NEEDED, _at_most(NOTE)], filters=[clean_text])


class TurnAwayForm(CaseForm):
    """Why a petition is not taken up, or belongs to a legal channel, and where to turn instead."""

    reason = HiddenField(_l("Lý do"))
    guidance = TextAreaField(
        _l("Lời hướng dẫn gửi người gửi"), [_NEEDED, _at_most(PUBLIC_NOTE)], filters=[clean_text]
    )


class EscalateForm(CaseForm):
    """Why the superior has to decide, and what was tried."""

    reason = Choice(_l("Lý do"), [InputRequired(ERRORS["choose"])])
    tried = TextAreaField(_l("Những việc đã làm"), [_NEEDED, _at_most(NOTE)], filters=[clean_text])


class RecategoriseForm(CaseForm):
    """What the petition really is."""

    kind = Choice(_l("Loại hồ sơ"), [InputRequired(ERRORS["choose"])])
    complexity = Choice(_l("Mức độ"), [InputRequired(ERRORS["choose"])])
    note = TextAreaField(_l("Vì sao xác định lại"), [_NEEDED, _at_most(NOTE)], filters=[clean_text])


class CommentForm(CaseForm):
    """A note among staff."""

    text = TextAreaField(_l("Ghi chú"), [_NEEDED, _at_most(NOTE)], filters=[clean_text])


class InvolveForm(CaseForm):
    """Whom to ask to take part, for what, by when."""

    agency = Choice(_l("Cơ quan phối hợp"), [InputRequired(ERRORS["choose"])])
    task = StringField(_l("Việc cần phối hợp"), [_NEEDED, _at_most(LINE)], filters=[clean_line])
    due = Day(_l("Hạn gửi ý kiến"), [InputRequired(ERRORS["required"])])


class ContributeForm(CaseForm):
    """The part of a co-handler."""

    text = TextAreaField(
        _l("Ý kiến của cơ quan phối hợp"), [_NEEDED, _at_most(BODY_MAX)], filters=[clean_text]
    )


class ReleaseForm(CaseForm):
    """Whose part is no longer needed."""

    agency = Choice(_l("Cơ quan phối hợp"), [InputRequired(ERRORS["choose"])])


class InterimForm(CaseForm):
    """How things stand, and when to expect the answer."""

    text = TextAreaField(_l("Lời báo tiến độ"), [_NEEDED, _at_most(PUBLIC_NOTE)], filters=[clean_text])
    expected_on = Day(_l("Dự kiến trả lời ngày"), [InputRequired(ERRORS["required"])])


class PartnerForm(CaseForm):
    """Who will solve it, or be the first to buy."""

    part = Choice(_l("Vai trò"), [InputRequired(ERRORS["choose"])])
    name = StringField(_l("Tên đơn vị"), [_NEEDED, _at_most(LINE)], filters=[clean_line])


class CorrectForm(CaseForm):
    """What was wrong with the answer given."""

    why = TextAreaField(_l("Lý do đính chính"), [_NEEDED, _at_most(PUBLIC_NOTE)], filters=[clean_text])


class MergeForm(CaseForm):
    """The lead case about the same thing."""

    lead = StringField(_l("Mã hồ sơ chính"), [_NEEDED, _at_most(64)], filters=[clean_line])
    note = TextAreaField(_l("Vì sao cùng nội dung"), [_at_most(NOTE)], filters=[clean_text])


class UnmergeForm(CaseForm):
    """Why the petition is handled by itself again."""

    note = TextAreaField(_l("Vì sao tách ra"), [_NEEDED, _at_most(NOTE)], filters=[clean_text])


class ConfirmForm(CaseForm):
    """Nothing to fill in: the press of the button is all."""


MET = (("", "–"), ("yes", _l("Đã trả lời trong văn bản")), ("no", _l("Không trả lời, có lý do")))


def points_form(asks: Sequence[str]) -> type[CaseForm]:
    """A form that asks of each request whether the answer meets it, and if not, why."""
    fields: dict[str, Any] = {}
    for n, ask in enumerate(asks, 1):
        short = ask if len(ask) <= _ASK_SHOWN else f"{ask[:_ASK_SHOWN].rsplit(' ', 1)[0]} …"
        label = _l("Yêu cầu %(n)s: %(ask)s", n=n, ask=short)
        fields[f"met_{n}"] = Choice(label, [InputRequired(ERRORS["choose"])])
        fields[f"why_{n}"] = StringField(
            _l("Lý do không trả lời yêu cầu %(n)s", n=n), [_at_most(WHY_MAX)], filters=[clean_line]
        )
    return type("PointsForm", (ConfirmForm,), fields)


FORMS: dict[Action, type[CaseForm]] = {
    Action.ASSIGN: AssignForm,
    Action.TRANSFER: TransferForm,
    Action.RETURN: ReturnForm,
    Action.ACKNOWLEDGE: AcknowledgeForm,
    Action.ASK_SUBMITTER: AskForm,
    Action.EXTEND: ExtendForm,
    Action.DRAFT: DraftForm,
    Action.SUBMIT_DRAFT: ConfirmForm,
    Action.CORRECT: CorrectForm,
    Action.ESCALATE: EscalateForm,
    Action.RECATEGORISE: RecategoriseForm,
    Action.INVOLVE: InvolveForm,
    Action.CONTRIBUTE: ContributeForm,
    Action.RELEASE: ReleaseForm,
    Action.REPLY_INTERIM: InterimForm,
    Action.NAME_PARTNER: PartnerForm,
    Action.COMMENT: CommentForm,
    Action.MERGE: MergeForm,
    Action.UNMERGE: UnmergeForm,
    Action.RETURN_DRAFT: ReturnDraftForm,
    Action.APPROVE: ConfirmForm,
    Action.PUBLISH: ConfirmForm,
    Action.DECLINE: TurnAwayForm,
    Action.REFER: TurnAwayForm,
}
