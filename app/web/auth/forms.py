"""The log-in form."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.web.wording import ERRORS


class LoginForm(FlaskForm):
    """Name, password, and the page to go to afterwards."""

    username = StringField(
        _l("Tên đăng nhập"), [InputRequired(ERRORS["required"]), Length(max=64, message=ERRORS["too_long"])]
    )
    password = PasswordField(
        _l("Mật khẩu"), [InputRequired(ERRORS["required"]), Length(max=1024, message=ERRORS["too_long"])]
    )
    next = HiddenField()
