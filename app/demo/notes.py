"""The short texts that officers and submitters write in the demo."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

TASKS = (
    "Rà soát nội dung, làm việc với đơn vị liên quan và soạn văn bản trả lời",
    "Kiểm tra tình hình thực tế tại địa bàn và đề xuất hướng giải quyết",
    "Đối chiếu quy định hiện hành, trả lời từng đề nghị của người gửi",
    "Phối hợp bộ phận kỹ thuật kiểm tra hệ thống và báo cáo kết quả",
    "Đánh giá tính khả thi của đề xuất và mời người gửi trao đổi nếu cần",
)
RESULTS = (
    "Văn bản trả lời người gửi",
    "Văn bản trả lời kèm kế hoạch khắc phục",
    "Kết quả kiểm tra và văn bản trả lời",
    "Ý kiến tiếp thu, giải trình bằng văn bản",
)


@dataclass(frozen=True)
class CaseNotes:
    """All of them, by occasion. ``questions`` pairs a question of the agency with a reply to it."""

    transfer: list[str]
    returned: list[str]
    questions: list[tuple[str, str]]
    draft_returned: list[str]
    decline: list[str]
    objections: list[str]
    comments: dict[int, list[str]]
    tasks: tuple[str, ...] = TASKS
    results: tuple[str, ...] = RESULTS


def load_notes() -> CaseNotes:
    """Read them from ``scenes``."""
    case, comments = _read("case_notes.toml"), _read("survey_comments.toml")
    return CaseNotes(
        transfer=case["transfer_reasons"],
        returned=case["return_reasons"],
        questions=list(zip(case["clarification_questions"], case["clarification_replies"], strict=True)),
        draft_returned=case["draft_returned_comments"],
        decline=case["decline_guidance"],
        objections=case["objections"],
        comments={int(rating): texts for rating, texts in comments.items()},
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("app.demo").joinpath("scenes", name).read_text("utf-8"))
