"""How figures look on the page, in the way of the language: 1.234 and 83,3% in Vietnamese."""

from flask_babel import format_decimal, format_percent
from flask_babel import lazy_gettext as _l

from workflows.monthly import Month

# Below this a share says little; the page shows it and says so.
SMALL = 10

PROBLEMS = {
    "malformed": _l("Tháng viết chưa đúng mẫu, ví dụ đúng: 2026-09."),
    "not_over": _l("Tháng này chưa kết thúc nên chưa có số liệu. Xin chọn một tháng đã qua."),
}

PERIOD_PROBLEMS = {
    "malformed": _l("Ngày viết chưa đúng mẫu, ví dụ đúng: 2026-09-30."),
    "backwards": _l("Ngày đầu phải trước hoặc trùng ngày cuối."),
    "not_over": _l("Ngày cuối phải là một ngày đã qua, muộn nhất là hôm qua."),
    "too_long": _l("Mỗi lần chỉ xem được nhiều nhất một năm."),
}

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def number(value: int) -> str:
    """A count."""
    return str(format_decimal(value))


def share(value: float | None) -> str:
    """A share of 0..1 in percent, with one decimal; a dash where there is no base."""
    return "–" if value is None else str(format_percent(value, "#,##0.0%"))


def whole_share(value: float) -> str:
    """A share of 0..1 in whole percent."""
    return str(format_percent(value, "#,##0%"))


def times(value: float) -> str:
    """How many times as much, with one decimal."""
    return str(format_decimal(value, "#,##0.0"))


def mean(value: float | None) -> str:
    """A mean rating, with two decimals."""
    return "–" if value is None else str(format_decimal(value, "0.00"))


def month(value: Month) -> str:
    """A month in figures: 10/2026."""
    return f"{value.month:02d}/{value.year}"
