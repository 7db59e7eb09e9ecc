"""What to tell a submitter who is turned away: a text for each coded reason, for staff to adapt."""

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.models import Petition

_TEXTS = {
    "complaint": _l(
        "Nội dung bạn gửi là khiếu nại một quyết định hoặc việc làm của cơ quan nhà nước. Theo Luật Khiếu nại, bạn gửi đơn "
        "khiếu nại lần đầu đến chính người hoặc cơ quan đã ra quyết định, đã làm việc đó; thời hiệu là 90 ngày kể từ ngày "
        "bạn nhận được hoặc biết được. Trong đơn, xin ghi rõ ngày tháng, họ tên, địa chỉ của bạn, nội dung và lý do "
        "khiếu nại, kèm giấy tờ liên quan. Bạn cũng có thể khởi kiện tại Tòa án theo Luật Tố tụng hành chính."
    ),
    "denunciation": _l(
        "Nội dung bạn gửi là tố cáo hành vi vi phạm pháp luật. Theo Luật Tố cáo, bạn gửi đơn đến cơ quan, người có thẩm "
        "quyền quản lý người bị tố cáo, hoặc đến trực tiếp nơi tiếp công dân của cơ quan đó. Trong đơn, xin ghi rõ họ tên, "
        "địa chỉ, cách liên hệ với bạn, hành vi bị tố cáo và người bị tố cáo. Luật bảo đảm giữ bí mật thông tin của "
        "người tố cáo."
    ),
    "crime_report": _l(
        "Nội dung bạn gửi có dấu hiệu tội phạm. Bạn có thể tố giác bằng lời hoặc bằng văn bản với Công an xã, phường nơi gần "
        "nhất, Cơ quan điều tra hoặc Viện kiểm sát. Nếu có người đang gặp nguy hiểm, xin gọi ngay 113. Bạn nên giữ lại tin "
        "nhắn, hình ảnh, chứng từ liên quan để cung cấp khi được hỏi."
    ),
    "out_of_scope": _l(
        "Hệ thống này tiếp nhận phản ánh, kiến nghị về khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số. Nội dung của bạn "
        "thuộc lĩnh vực khác nên chúng tôi không thụ lý được ở đây. Bạn có thể gửi đến cơ quan phụ trách lĩnh vực đó, "
        "hoặc qua Cổng Dịch vụ công quốc gia."
    ),
    "duplicate": _l(
        "Nội dung này trùng với hồ sơ bạn đã gửi trước. Cơ quan phụ trách vẫn đang xử lý hồ sơ đó; bạn theo dõi bằng mã hồ sơ "
        "của lần gửi trước và có thể bổ sung thông tin vào đó."
    ),
    "already_answered": _l(
        "Nội dung này đã được trả lời và chưa có tình tiết mới. Nếu bạn có thêm thông tin, tài liệu chưa nêu lần trước, "
        "xin gửi một hồ sơ mới và nói rõ điểm mới."
    ),
    "no_content": _l(
        "Chúng tôi chưa thấy trong nội dung bạn gửi điều cần phản ánh hoặc kiến nghị. Nếu bạn có việc muốn nêu, xin gửi lại và cho "
        "biết: việc gì, ở đâu, khi nào, và bạn mong muốn điều gì."
    ),
    "unlawful_content": _l(
        "Nội dung bạn gửi có phần vi phạm pháp luật nên chúng tôi không thể thụ lý. Nếu bạn có kiến nghị, xin gửi lại, nêu "
        "sự việc và mong muốn của bạn, không kèm phần đó."
    ),
    "anonymous_denunciation": _l(
        "Theo Luật Tố cáo, đơn tố cáo cần có họ tên và địa chỉ của người tố cáo mới được thụ lý; thông tin đó được giữ bí "
        "mật. Bạn có thể gửi lại đến cơ quan có thẩm quyền quản lý người bị tố cáo, kèm họ tên và cách liên hệ."
    ),
}


def guidance_for(reason: str, petition: Petition) -> str:
    """The text for a reason in the language the petition was sent in; empty for an unknown reason."""
    with force_locale(petition.language):
        return str(_TEXTS.get(reason, ""))
