"""The forms of the citizen's side. They take what is typed; the rules stand in the services, except for free text
that is written beside a petition, whose length and characters are checked here.
"""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.services.intake import clean_text
from app.services.satisfaction import COMMENT_MAX
from app.web import wording
from workflows.kinds import OFFERED_KINDS

WORDS_MAX = 5_000


def words(longest: int, *, required: bool) -> Callable[[Form, Field], None]:
    """A validator of free text: something, not too much, nothing broken. It says so in codes of ``wording.ERRORS``."""

    def check(_form: Form, field: Field) -> None:
        text = field.data or ""
        if required and not text:
            raise ValidationError("required")
        if "�" in text:
            raise ValidationError("broken")
        if len(text) > longest:
            raise ValidationError("too_long")

    return check


class Step(FlaskForm):
    """One page of the way to a petition. Its fields bear the names of ``drafts.Content``."""

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, by field."""
        return {field.name: field.data for field in self if field.name != "csrf_token"}

    def show(self, problems: dict[str, str]) -> bool:
        """Put those of ``problems`` that are of this page at their fields; whether there are any."""
        mine = {name: code for name, code in problems.items() if name in self._fields}
        for name, code in mine.items():
            self._fields[name].errors = [code]
        return bool(mine)


class MatterForm(Step):
    """What is it, and who sends it?"""

    kind = RadioField(
        _l("Bạn muốn gửi gì?"),
        choices=[SelectChoice(str(kind), wording.KINDS[kind]) for kind in OFFERED_KINDS],
        validate_choice=False,
    )
    submitter_kind = RadioField(
        _l("Bạn gửi với tư cách nào?"),
        choices=[SelectChoice(str(kind), said) for kind, said in wording.SUBMITTERS.items()],
        validate_choice=False,
    )


class TextForm(Step):
    """The text, and the province it is about."""

    text = TextAreaField(_l("Nội dung"), filters=[clean_text])
    province_code = SelectField(_l("Việc này ở tỉnh, thành phố nào?"), validate_choice=False)


class PersonForm(Step):
    """How to reach the sender, and what they consent to."""

    name = StringField(_l("Họ và tên"), filters=[clean_text])
    organisation = StringField(_l("Cơ quan, doanh nghiệp, tổ chức"), filters=[clean_text])
    email = StringField(_l("E-mail"), filters=[clean_text])
    phone = StringField(_l("Số điện thoại"), filters=[clean_text])
    may_contact = BooleanField(_l("Báo tin cho tôi khi hồ sơ có tiến triển"))
    may_share = BooleanField(_l("Chuyển thông tin liên hệ của tôi cho cơ quan xử lý"))
    may_publish = BooleanField(_l("Cho phép công khai nội dung và câu trả lời, không kèm tên tôi"))


class CheckForm(FlaskForm):
    """Nothing but the press of a button, guarded against forgery."""


class TrackForm(FlaskForm):
    """Code and secret, however they are typed."""

    code = StringField(_l("Mã hồ sơ"))
    secret = StringField(_l("Mã bí mật"))


class InformationForm(FlaskForm):
    """Something to add, or the reply to a question of the agency."""

    text = TextAreaField(_l("Thông tin bổ sung"), [words(WORDS_MAX, required=True)], filters=[clean_text])


class ObjectionForm(FlaskForm):
    """Why the answer does not do."""

    objection = TextAreaField(
        _l("Điều bạn chưa đồng ý hoặc chưa được trả lời"),
        [words(WORDS_MAX, required=True)],
        filters=[clean_text],
    )


def _rating(value: Any) -> int | None:
    return int(value) if value in ("1", "2", "3", "4", "5") else None


class SurveyForm(FlaskForm):
    """How satisfied the submitter is, with the handling and with the policy behind it."""

    rating = RadioField(
        _l("Bạn hài lòng đến mức nào với cách xử lý hồ sơ này?"),
        choices=[SelectChoice(str(value), said) for value, said in wording.RATINGS.items()],
        validate_choice=False,
    )
    policy_rating = RadioField(
        _l("Còn với chính sách, quy định liên quan thì sao?"),
        choices=[SelectChoice(str(value), said) for value, said in wording.RATINGS.items()],
        validate_choice=False,
    )
    comment = TextAreaField(
        _l("Điều bạn muốn nói thêm"), [words(COMMENT_MAX, required=False)], filters=[clean_text]
    )

    def validate_rating(self, field: Field) -> None:
        """One of the five must be chosen."""
        if _rating(field.data) is None:
            raise ValidationError("choose")

    @property
    def chosen(self) -> tuple[int, int | None]:
        """The two ratings of a form that is valid."""
        rating = _rating(self.rating.data)
        assert rating is not None
        return rating, _rating(self.policy_rating.data)
