"""The words for coded values on pages, in Vietnamese; English stands in the translation catalogue."""

from datetime import date

from flask_babel import lazy_gettext as _l

from app.web import language
from workflows.kinds import Kind, SubmitterKind
from workflows.lifecycle import LIFECYCLE, Role, Status

KINDS = {
    Kind.FEEDBACK: _l("Phản ánh"),
    Kind.RECOMMENDATION: _l("Kiến nghị"),
    Kind.INITIATIVE: _l("Sáng kiến"),
    Kind.SOLUTION: _l("Giải pháp"),
    Kind.COMMISSION: _l("Đặt hàng"),
    Kind.DRAFT_COMMENT: _l("Góp ý dự thảo"),
    Kind.QUESTION: _l("Hỏi đáp"),
    Kind.COMPLAINT: _l("Khiếu nại"),
    Kind.DENUNCIATION: _l("Tố cáo"),
    Kind.CRIME_REPORT: _l("Tố giác"),
}

KIND_HINTS = {
    Kind.FEEDBACK: _l("Báo một việc đang vướng, đang hỏng hoặc làm chưa đúng."),
    Kind.RECOMMENDATION: _l("Đề nghị cơ quan nhà nước làm, sửa hoặc bỏ một việc."),
    Kind.INITIATIVE: _l("Nêu một ý tưởng, cách làm mới."),
    Kind.SOLUTION: _l("Giới thiệu sản phẩm, công nghệ hoặc kết quả nghiên cứu đã có."),
    Kind.COMMISSION: _l("Cơ quan, địa phương cần đặt làm một sản phẩm, giải pháp."),
    Kind.DRAFT_COMMENT: _l("Góp ý cho dự thảo luật, nghị định, thông tư."),
    Kind.QUESTION: _l("Hỏi về quy định, thủ tục hoặc chính sách."),
}

SUBMITTERS = {
    SubmitterKind.CITIZEN: _l("Người dân"),
    SubmitterKind.FIRM: _l("Doanh nghiệp, hộ kinh doanh"),
    SubmitterKind.INSTITUTE: _l("Viện nghiên cứu"),
    SubmitterKind.UNIVERSITY: _l("Trường đại học, cao đẳng"),
    SubmitterKind.SCIENTIST: _l("Nhà khoa học"),
    SubmitterKind.INVENTOR: _l("Nhà sáng chế"),
    SubmitterKind.AGENCY: _l("Cơ quan, địa phương"),
    SubmitterKind.OVERSEAS: _l("Người Việt Nam ở nước ngoài"),
}

ROLES = {
    Role.DESK: _l("Bộ phận điều phối"),
    Role.OFFICER: _l("Chuyên viên"),
    Role.APPROVER: _l("Lãnh đạo"),
    Role.AGENCY_ADMIN: _l("Quản trị cơ quan"),
    Role.SUPERVISOR: _l("Giám sát"),
    Role.SYSTEM_ADMIN: _l("Quản trị hệ thống"),
}

EVENTS = {
    "submitted": _l("Đã gửi"),
    "triaged": _l("Chuyển bộ phận điều phối xem xét"),
    "routed": _l("Phần mềm chuyển đến cơ quan phụ trách"),
    "assigned": _l("Bộ phận điều phối chuyển đến cơ quan phụ trách"),
    "transferred": _l("Chuyển sang cơ quan khác"),
    "returned": _l("Trả lại bộ phận điều phối"),
    "acknowledged": _l("Cơ quan thụ lý"),
    "information_requested": _l("Cơ quan hỏi thêm người gửi"),
    "information_provided": _l("Người gửi trả lời"),
    "information_added": _l("Người gửi bổ sung"),
    "waiting_ended": _l("Hết thời gian chờ người gửi, cơ quan xử lý tiếp"),
    "extended": _l("Gia hạn thời gian trả lời"),
    "interim_replied": _l("Cơ quan báo tiến độ"),
    "recategorised": _l("Xác định lại loại hồ sơ"),
    "escalated": _l("Báo cáo cấp trên vì vượt thẩm quyền"),
    "commented": _l("Ghi chú nội bộ"),
    "contribution_asked": _l("Đề nghị cơ quan khác phối hợp"),
    "contributed": _l("Cơ quan phối hợp gửi ý kiến"),
    "contribution_released": _l("Không cần phối hợp nữa"),
    "partner_named": _l("Nêu tên bên tham gia"),
    "merged": _l("Giải quyết chung với hồ sơ cùng nội dung"),
    "unmerged": _l("Tách ra, giải quyết riêng"),
    "corrected": _l("Đính chính câu trả lời"),
    "reminded": _l("Phần mềm nhắc hạn"),
    "drafted": _l("Soạn dự thảo trả lời"),
    "draft_submitted": _l("Trình dự thảo trả lời"),
    "draft_returned": _l("Dự thảo bị trả lại"),
    "approved": _l("Duyệt dự thảo trả lời"),
    "published": _l("Trả lời người gửi"),
    "reopened": _l("Người gửi chưa đồng ý, đề nghị xử lý tiếp"),
    "rated": _l("Người gửi đánh giá"),
    "closed": _l("Kết thúc"),
    "declined": _l("Hồ sơ không được thụ lý"),
    "referred": _l("Đã hướng dẫn gửi nơi có thẩm quyền"),
    "withdrawn": _l("Người gửi rút hồ sơ"),
    "contact_read": _l("Xem thông tin liên hệ của người gửi"),
}

PARTNERS = {
    "solver": _l("Bên giải bài toán"),
    "first_buyer": _l("Bên mua, dùng đầu tiên"),
}

EFFECTS = {
    "counted": _l("Tính"),
    "paused": _l("Tạm dừng, không tính"),
    "weekend": _l("Cuối tuần, không tính"),
    "holiday": _l("Nghỉ, không tính"),
    "make_up": _l("Làm bù, có tính"),
}

WEEKDAYS = (
    _l("Thứ Hai"),
    _l("Thứ Ba"),
    _l("Thứ Tư"),
    _l("Thứ Năm"),
    _l("Thứ Sáu"),
    _l("Thứ Bảy"),
    _l("Chủ nhật"),
)

RATINGS = {
    1: _l("Rất không hài lòng"),
    2: _l("Không hài lòng"),
    3: _l("Bình thường"),
    4: _l("Hài lòng"),
    5: _l("Rất hài lòng"),
}

ERRORS = {
    "required": _l("Bạn chưa điền mục này."),
    "choose": _l("Xin chọn một mục trong danh sách."),
    "too_short": _l("Nội dung còn ngắn quá, xin viết rõ hơn."),
    "too_long": _l("Nội dung dài quá mức cho phép, xin rút gọn."),
    "broken": _l("Có ký tự bị hỏng (�) do lỗi mã hóa. Xin xem lại và gõ lại chỗ đó."),
    "malformed": _l("Mục này viết chưa đúng mẫu, xin kiểm tra lại."),
    "needed_for_contact": _l("Để nhận thông báo, xin điền e-mail hoặc số điện thoại."),
    "used_for_another": _l("Mã chống gửi trùng này đã dùng cho một nội dung khác."),
    "same_agency": _l("Hồ sơ đang ở chính cơ quan này."),
    "ended": _l("Cơ quan này không còn hoạt động, xin chọn cơ quan khác."),
    "involved_already": _l("Cơ quan này đang được đề nghị phối hợp rồi."),
    "unchanged": _l("Hồ sơ đang thuộc đúng loại và mức này."),
    "no_policy": _l("Chưa có quy định thời hạn cho loại và mức này."),
    "not_a_lead": _l("Không gộp được vào hồ sơ này: không có, đã kết thúc, hoặc là chính hồ sơ đang xem."),
    "after_today": _l("Ngày dự kiến phải sau hôm nay."),
    "between_today_and_respond_by": _l("Hạn hoàn thành phải từ hôm nay đến hạn trả lời người gửi."),
    "taken": _l("Tên đăng nhập này đã có người dùng."),
    "agency_roles_need_one": _l("Vai trò và cơ quan không khớp nhau."),
}

REFUSALS = {
    "role": _l("Vai trò của bạn không được làm việc này."),
    "state": _l("Hồ sơ đang ở bước không thực hiện được việc này."),
    "reason": _l("Xin chọn một lý do trong danh sách."),
    "not_holder": _l("Cơ quan của bạn hiện không giữ hồ sơ này."),
    "not_involved": _l("Cơ quan của bạn hiện không tham gia xử lý hồ sơ này."),
    "no_superior": _l("Cơ quan này không có cấp trên nào trong danh mục để báo cáo."),
    "no_partners": _l("Loại hồ sơ này không có bên tham gia."),
    "still_waiting": _l("Chưa hết thời gian chờ người gửi."),
    "lead_is_busy": _l("Có người đang xử lý hồ sơ kia. Xin thử lại sau ít phút."),
    "not_shared": _l("Người gửi không đồng ý chuyển thông tin liên hệ cho cơ quan."),
    "binding": _l("Bộ phận điều phối đã quyết định cuối cùng, hồ sơ không chuyển hay trả lại được nữa."),
    "desk_decides": _l("Hồ sơ đã qua lại hai lần; xin trả lại bộ phận điều phối để quyết định."),
    "extended_before": _l("Hồ sơ này đã được gia hạn một lần."),
    "extension_too_long": _l("Số ngày gia hạn vượt mức cho phép."),
    "already_overdue": _l("Hồ sơ đã quá hạn, không gia hạn được nữa."),
    "draft_locked": _l("Dự thảo đang trình duyệt, không sửa được."),
    "no_such_draft": _l("Không có dự thảo ở bước này."),
    "own_draft": _l("Người soạn không tự duyệt dự thảo của mình."),
    "too_late": _l("Đã hết thời hạn nêu ý kiến về câu trả lời."),
}


def status(value: Status) -> str:
    """A status as staff read it."""
    state = LIFECYCLE.states[value]
    return state.vi if language.current() == "vi" else state.en


def public_status(value: Status) -> str:
    """A status as the submitter reads it."""
    state = LIFECYCLE.states[value]
    return state.public_vi if language.current() == "vi" else state.public_en


def reason(code: str | None) -> str:
    """A coded reason in words."""
    words = LIFECYCLE.reasons.get(code or "")
    return words[language.current()] if words else (code or "")


def weekday(day: date) -> str:
    """The day of the week."""
    return str(WEEKDAYS[day.weekday()])


def name(thing: object) -> str:
    """The name of an agency or topic in the language of the page."""
    return str(getattr(thing, "name_vi" if language.current() == "vi" else "name_en"))
