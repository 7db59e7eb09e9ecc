"""What the API says to people, in Vietnamese and English: the caller chooses by ``Accept-Language``."""

from flask import request

LANGUAGES = ("vi", "en")

FIELDS = {
    "required": ("Thiếu mục này.", "This is required."),
    "choose": ("Giá trị không có trong danh sách cho phép.", "Not one of the values allowed."),
    "too_short": ("Nội dung quá ngắn.", "This is too short."),
    "too_long": ("Nội dung quá dài.", "This is too long."),
    "broken": (
        "Có ký tự bị hỏng (�) do lỗi mã hóa.",
        "It contains broken characters (�): the encoding went wrong.",
    ),
    "malformed": ("Viết chưa đúng mẫu.", "It is not written as it should be."),
    "needed_for_contact": (
        "Để nhận thông báo cần có e-mail hoặc số điện thoại.",
        "To be notified, give an e-mail address or a phone number.",
    ),
    "used_for_another": (
        "Khóa chống gửi trùng này đã dùng cho một nội dung khác.",
        "This key was used for another text before.",
    ),
    "unknown_field": ("Không có mục này.", "There is no such field."),
    "wrong_type": ("Sai kiểu dữ liệu.", "This has the wrong type."),
}

ERRORS = {
    "bad_json": ("Nội dung gửi lên không phải là JSON hợp lệ.", "The body is not valid JSON."),
    "not_an_object": ("Nội dung JSON phải là một đối tượng.", "The body must be a JSON object."),
    "bad_encoding": ("Nội dung gửi lên không phải là UTF-8.", "The body is not UTF-8."),
    "invalid": ("Có mục cần sửa; xem `fields`.", "Some values cannot be taken; see `fields`."),
    "secret_needed": (
        "Cần mã bí mật của hồ sơ trong header X-Petition-Secret hoặc Authorization: Bearer.",
        "The petition's secret is needed, in the header X-Petition-Secret or Authorization: Bearer.",
    ),
    "not_found": (
        "Không có hồ sơ nào ứng với mã và mã bí mật này.",
        "No petition has this code and this secret.",
    ),
    "too_large": ("Nội dung gửi lên quá lớn.", "The body is too large."),
    "wrong_content_type": (
        "Cần gửi JSON với Content-Type: application/json.",
        "Send JSON with Content-Type: application/json.",
    ),
    "too_many_requests": (
        "Gửi quá nhiều lần. Xin đợi rồi thử lại; xem header Retry-After.",
        "Too many requests. Wait and try again; see the header Retry-After.",
    ),
    "no_promise": (
        "Tạm thời chưa nhận được: chưa có lịch làm việc để hẹn ngày trả lời.",
        "Petitions cannot be taken for now: there is no working calendar to promise a date by.",
    ),
    "unavailable": (
        "Hệ thống đang bận. Xin thử lại sau với cùng Idempotency-Key.",
        "The system is busy. Try again later with the same Idempotency-Key.",
    ),
    "failed": ("Yêu cầu không thực hiện được.", "The request failed."),
}


def language() -> str:
    """The language the caller asked for: Vietnamese unless English is preferred."""
    return request.accept_languages.best_match(LANGUAGES, default="vi") or "vi"


def said(words: tuple[str, str]) -> str:
    """The Vietnamese or the English of a pair."""
    return words[LANGUAGES.index(language())]
