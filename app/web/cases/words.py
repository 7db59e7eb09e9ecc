"""The words for what only staff see: flags, decisions of the classifier, channels, steps of an answer, tiers."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.models import Agency
from app.queries.provinces import english, vietnamese
from app.web import language

DECISIONS = {
    "route": _l("Phần mềm khá chắc và đã tự chuyển"),
    "triage": _l("Phần mềm chưa đủ chắc để tự chuyển, cần người quyết định"),
    "refer": _l("Phần mềm cho rằng đây là khiếu nại, tố cáo hoặc tố giác"),
}

FLAGS = {
    "off_topic": _l("Có thể ngoài phạm vi"),
    "spam": _l("Có thể là thư rác"),
    "abuse": _l("Có lời lẽ xúc phạm"),
    "secret_claimed": _l("Có thể chứa bí mật nhà nước"),
    "third_party_data": _l("Có thông tin cá nhân của người khác"),
    "self_harm": _l("Người gửi có thể đang gặp nguy hiểm, cần liên hệ ngay"),
    "minor": _l("Liên quan trẻ em"),
    "vulnerability": _l("Báo lỗ hổng bảo mật, không công khai"),
    "empty": _l("Không có nội dung đọc được"),
    "too_short": _l("Quá ngắn để phân loại"),
    "unfamiliar": _l("Phần mềm không quen cách viết này"),
    "truncated": _l("Văn bản dài, phần mềm chỉ đọc phần đầu"),
    "hidden_characters": _l("Có ký tự ẩn"),
    "legal_channel_suspected": _l("Có thể là khiếu nại, tố cáo hoặc tố giác"),
}
URGENT_FLAGS = frozenset({"self_harm", "secret_claimed", "vulnerability"})

CHANNELS = {
    "web": _l("Trang web"),
    "api": _l("Kết nối từ hệ thống khác"),
    "import": _l("Nhập từ tệp"),
    "demo": _l("Dữ liệu mẫu"),
    "desk": _l("Cán bộ nhập hộ"),
    "phone": _l("Điện thoại"),
    "post": _l("Bưu điện"),
}

DRAFT_STATES = {
    "draft": _l("Dự thảo đang soạn"),
    "submitted": _l("Dự thảo chờ duyệt"),
    "approved": _l("Đã duyệt, chờ gửi"),
    "returned": _l("Dự thảo bị trả lại"),
    "published": _l("Đã gửi"),
}

COMPLEXITIES = {
    "standard": _l("Thông thường"),
    "complex": _l("Phức tạp"),
    "simple": _l("Đơn giản"),
}

TIERS = {
    "central": _l("Trung ương"),
    "province": _l("Tỉnh, thành phố"),
    "commune": _l("Xã, phường, đặc khu"),
}


def chance(probability: float) -> str:
    """A probability as people speak of it, with the figure."""
    percent = round(100 * probability)
    if probability >= 0.9:
        return str(_("khả năng rất cao, %(p)s%%", p=percent))
    if probability >= 0.7:
        return str(_("khả năng cao, %(p)s%%", p=percent))
    if probability >= 0.4:
        return str(_("có thể, %(p)s%%", p=percent))
    return str(_("ít khả năng, %(p)s%%", p=percent))


def place(committee: Agency) -> str:
    """A province by the name people call it, given its people's committee."""
    return vietnamese(committee.name_vi) if language.current() == "vi" else english(committee.name_en)
