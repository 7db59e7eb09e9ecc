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
