"""How each action stands on the page: its title, its button and what happens when that is pressed."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from workflows.lifecycle import Action


@dataclass(frozen=True)
class Block:
    """An action on the page. ``leads`` says that it is what is usually done next, so it stands open."""

    action: Action
    endpoint: str
    title: LazyString
    button: LazyString
    follows: LazyString
    leads: bool = False
    once_answered: LazyString | None = None

    def title_when(self, answered: bool) -> LazyString:
        """The title, which for some is another once the petition has its answer."""
        return self.once_answered if answered and self.once_answered else self.title


# In the order of the page; only those offered are drawn.
BLOCKS = (
    Block(
        Action.ASSIGN,
        "cases.assign",
        _l("Chuyển đến cơ quan phụ trách"),
        _l("Chuyển hồ sơ"),
        _l("Cơ quan nhận hồ sơ ngay; người gửi được báo."),
        leads=True,
    ),
    Block(
        Action.ACKNOWLEDGE,
        "cases.acknowledge",
        _l("Thụ lý hồ sơ"),
        _l("Thụ lý hồ sơ"),
        _l("Ghi rõ người, rõ việc, rõ thời hạn, rõ kết quả. Người gửi được báo là cơ quan đã thụ lý."),
        leads=True,
    ),
    Block(
        Action.PUBLISH,
        "cases.publish",
        _l("Gửi văn bản trả lời"),
        _l("Gửi văn bản trả lời"),
        _l("Người gửi nhận văn bản và được mời đánh giá. Không sửa lại được sau khi gửi."),
        leads=True,
    ),
    Block(
        Action.APPROVE,
        "cases.approve",
        _l("Duyệt dự thảo"),
        _l("Duyệt"),
        _l("Duyệt xong, văn bản chờ bạn gửi đi."),
        leads=True,
    ),
    Block(
        Action.DRAFT,
        "cases.draft",
        _l("Soạn văn bản trả lời"),
        _l("Lưu dự thảo"),
        _l("Chỉ người trong cơ quan thấy dự thảo."),
        leads=True,
        once_answered=_l("Soạn văn bản đính chính"),
    ),
    Block(
        Action.SUBMIT_DRAFT,
        "cases.submit_draft",
        _l("Trình lãnh đạo duyệt"),
        _l("Trình duyệt"),
        _l("Trình bản đã lưu gần nhất. Trong lúc chờ duyệt, dự thảo không sửa được."),
        leads=True,
    ),
    Block(
        Action.CORRECT,
        "cases.correct",
        _l("Gửi văn bản đính chính"),
        _l("Gửi văn bản đính chính"),
        _l("Văn bản mới thay cho văn bản đã gửi; cả hai đều còn để đối chiếu. Người gửi được báo lý do."),
        leads=True,
    ),
    Block(
        Action.CONTRIBUTE,
        "cases.contribute",
        _l("Gửi ý kiến phối hợp"),
        _l("Gửi ý kiến"),
        _l("Cơ quan chủ trì đọc ý kiến này; người gửi không thấy."),
        leads=True,
    ),
    Block(
        Action.RETURN_DRAFT,
        "cases.return_draft",
        _l("Trả lại dự thảo"),
        _l("Trả lại"),
        _l("Người soạn đọc ý kiến này rồi sửa; người gửi không thấy."),
    ),
    Block(
        Action.ASK_SUBMITTER,
        "cases.ask",
        _l("Hỏi thêm người gửi"),
        _l("Gửi câu hỏi"),
        _l("Thời hạn tạm dừng đến khi người gửi trả lời."),
    ),
    Block(
        Action.INVOLVE,
        "cases.involve",
        _l("Đề nghị cơ quan khác phối hợp"),
        _l("Gửi đề nghị phối hợp"),
        _l("Cơ quan của bạn vẫn chủ trì và chịu trách nhiệm về hạn trả lời."),
    ),
    Block(
        Action.RELEASE,
        "cases.release",
        _l("Thôi đề nghị phối hợp"),
        _l("Thôi đề nghị"),
        _l("Cơ quan phối hợp được báo là không cần gửi ý kiến nữa."),
    ),
    Block(
        Action.COMMENT,
        "cases.comment",
        _l("Ghi chú nội bộ"),
        _l("Lưu ghi chú"),
        _l("Cơ quan chủ trì, cơ quan phối hợp và bộ phận điều phối đọc được; người gửi không thấy."),
    ),
    Block(
        Action.REPLY_INTERIM,
        "cases.reply_interim",
        _l("Báo tiến độ cho người gửi"),
        _l("Gửi lời báo tiến độ"),
        _l("Dùng khi trả lời chậm. Hạn trả lời không đổi."),
    ),
    Block(
        Action.NAME_PARTNER,
        "cases.name_partner",
        _l("Nêu bên giải bài toán hoặc bên mua đầu tiên"),
        _l("Lưu"),
        _l("Người gửi được báo tên đơn vị."),
    ),
    Block(
        Action.EXTEND,
        "cases.extend",
        _l("Gia hạn trả lời"),
        _l("Gia hạn"),
        _l("Chỉ gia hạn được một lần. Người gửi được báo lý do và ngày mới."),
    ),
    Block(
        Action.TRANSFER,
        "cases.transfer",
        _l("Chuyển sang cơ quan khác"),
        _l("Chuyển cơ quan khác"),
        _l("Dùng khi biết chắc cơ quan phụ trách. Hạn trả lời người gửi không đổi."),
    ),
    Block(
        Action.ESCALATE,
        "cases.escalate",
        _l("Báo cáo cấp trên vì vượt thẩm quyền"),
        _l("Báo cáo cấp trên"),
        _l("Hồ sơ chuyển lên cơ quan cấp trên kèm những việc đã làm. Hạn trả lời người gửi không đổi."),
    ),
    Block(
        Action.RECATEGORISE,
        "cases.recategorise",
        _l("Xác định lại loại hồ sơ"),
        _l("Lưu loại mới"),
        _l("Hạn trả lời có thể sớm hơn, không bao giờ muộn hơn."),
    ),
    Block(
        Action.MERGE,
        "cases.merge",
        _l("Gộp vào hồ sơ cùng nội dung"),
        _l("Gộp hồ sơ"),
        _l("Một câu trả lời cho tất cả; hồ sơ này vẫn giữ mã, hạn trả lời và phiếu đánh giá của mình."),
    ),
    Block(
        Action.UNMERGE,
        "cases.unmerge",
        _l("Tách ra để giải quyết riêng"),
        _l("Tách hồ sơ"),
        _l("Hồ sơ về lại bộ phận điều phối. Hạn trả lời không đổi."),
    ),
    Block(
        Action.RETURN,
        "cases.return_to_desk",
        _l("Trả lại bộ phận điều phối"),
        _l("Trả lại"),
        _l("Dùng khi không thuộc thẩm quyền và chưa rõ thuộc cơ quan nào. Hạn trả lời người gửi không đổi."),
    ),
    Block(
        Action.REFER,
        "cases.refer",
        _l("Hướng dẫn gửi nơi có thẩm quyền"),
        _l("Gửi hướng dẫn và kết thúc"),
        _l("Dành cho khiếu nại, tố cáo, tố giác. Hồ sơ kết thúc tại đây."),
    ),
    Block(
        Action.DECLINE,
        "cases.decline",
        _l("Không thụ lý"),
        _l("Gửi hướng dẫn và kết thúc"),
        _l("Hồ sơ kết thúc tại đây; người gửi nhận lý do và lời hướng dẫn."),
    ),
)
