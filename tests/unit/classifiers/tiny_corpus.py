"""A corpus small enough to train on in seconds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifiers import Classifier
from classifiers.training import TrainingReport

SUBJECTS: dict[str, tuple[str, list[str]]] = {
    "quantum": (
        "BKHCN",
        [
            "phòng thí nghiệm lượng tử thiếu máy làm lạnh",
            "nhóm nghiên cứu qubit siêu dẫn cần kinh phí",
            "truyền thông lượng tử giữa hai thành phố",
            "cảm biến lượng tử đo từ trường",
        ],
    ),
    "digital_identity": (
        "BCA",
        [
            "tài khoản định danh bị khoá không mở được",
            "căn cước gắn chip quét không nhận",
            "ứng dụng VNeID báo sai khuôn mặt",
            "kích hoạt định danh mức độ hai chờ lâu",
        ],
    ),
    "human_resources_training": (
        "BGDDT",
        [
            "học bổng cho sinh viên kỹ sư",
            "giảng viên thiếu chương trình đào tạo",
            "nghiên cứu sinh chậm nhận trợ cấp",
            "trường đại học mở ngành đào tạo mới",
        ],
    ),
    "grassroots_digital": (
        "UBNDT",
        [
            "cán bộ xã thiếu máy tính làm việc",
            "tổ công nghệ số cộng đồng ở thôn bản",
            "máy scan của xã hỏng chưa sửa",
            "người cao tuổi ở bản cần lớp kỹ năng số",
        ],
    ),
}
OPENINGS = ("Tôi xin phản ánh", "Chúng tôi kiến nghị việc", "Cho em hỏi về", "Đơn vị báo cáo")
ENDINGS = ("mong sớm được giải quyết", "đề nghị trả lời bằng văn bản", "đã ba tháng nay", "xin cảm ơn")
LEGAL_KINDS = ("complaint", "denunciation", "crime_report")
LEGAL_TEXTS = (
    "Tôi khiếu nại quyết định xử phạt số {} vì trái luật, đề nghị huỷ quyết định xử phạt",
    "Tôi tố cáo trưởng phòng nhận hối lộ trong gói thầu số {}, đề nghị xác minh hành vi nhận hối lộ",
    "Tôi tố giác tội phạm lừa đảo chiếm đoạt tài sản {} triệu đồng, đề nghị điều tra tội phạm",
)


@dataclass(frozen=True)
class Tiny:
    """The tiny corpus, the model made of it and the report of its training."""

    corpus: Path
    model: Path
    report: TrainingReport
    classifier: Classifier


def a_row(**changes: Any) -> dict[str, Any]:
    """Return a valid corpus row."""
    row = {
        "text": "Máy làm lạnh của phòng thí nghiệm lượng tử hỏng từ tháng ba.",
        "kind": "feedback",
        "topics": ["quantum"],
        "lead": "BKHCN",
        "also": [],
        "flags": [],
        "submitter_kind": "scientist",
        "register": "plain",
        "group": "p01",
    }
    return row | changes


def tiny_rows() -> list[dict[str, Any]]:
    """Return rows of eight authors on four subjects, and some for the legal channel."""
    rows = [
        a_row(
            text=f"{OPENINGS[author % 4]} {phrase}, {ENDINGS[(author + number) % 4]}.",
            kind="question" if author % 4 == 2 else "feedback",
            topics=[topic],
            lead=lead,
            group=f"p{author:02}",
        )
        for topic, (lead, phrases) in SUBJECTS.items()
        for author in range(8)
        for number, phrase in enumerate(phrases)
    ]
    rows += [
        a_row(
            text=text.format(author * 10 + 11),
            kind=kind,
            topics=["other"],
            lead="TTCP",
            group=f"p{author:02}",
        )
        for author in range(8)
        for kind, text in zip(LEGAL_KINDS, LEGAL_TEXTS, strict=True)
    ]
    return rows


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as JSONL and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path
