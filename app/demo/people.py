"""Invented people for the demo. Nobody is meant: names end in "(mẫu)", numbers and addresses reach no one."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from app.demo.wording import without_diacritics

MARK = "(mẫu)"

_FAMILY: Mapping[str, float] = {
    "Nguyễn": 32,
    "Trần": 11,
    "Lê": 9.5,
    "Phạm": 7,
    "Hoàng": 3,
    "Huỳnh": 2.5,
    "Phan": 4.5,
    "Vũ": 2.5,
    "Võ": 2.5,
    "Đặng": 2.5,
    "Bùi": 2.3,
    "Đỗ": 2,
    "Hồ": 1.5,
    "Ngô": 1.5,
    "Dương": 1.3,
    "Lý": 1,
    "Đinh": 1,
    "Trịnh": 0.8,
    "Lò": 0.6,
    "Giàng": 0.5,
    "Y": 0.4,
    "Thạch": 0.4,
}
_WOMEN = (
    ("Thị", "Thu", "Ngọc", "Thanh", "Kim", "Minh", "Bích", "Hồng", "Mỹ", "Diệu"),
    ("Lan", "Hương", "Hoa", "Mai", "Thảo", "Hạnh", "Nga", "Yến", "Trang", "Linh", "Hà", "Phượng", "Nhung", "Dung",
     "Vân", "Tuyết", "Loan", "Ngân", "Quyên", "Thủy"),
)  # fmt: skip
_MEN = (
    ("Văn", "Đức", "Quang", "Minh", "Hữu", "Công", "Xuân", "Thành", "Quốc", "Gia"),
    ("Hùng", "Dũng", "Nam", "Sơn", "Tuấn", "Long", "Hải", "Bình", "Khánh", "Phúc", "Thắng", "Cường", "Đạt", "Lâm",
     "Toàn", "Tiến", "Vinh", "Khoa", "Thịnh", "Kiên"),
)  # fmt: skip
_BRANDS = (
    "Mây Xanh", "Lúa Vàng", "Sao Mới", "Đồng Bằng", "Bến Nước", "Cánh Buồm", "Rừng Thông", "Hạt Giống", "Nhịp Cầu",
    "Gió Lành", "Đường Mới", "Sông Quê", "Ban Mai", "Trăng Non", "Tre Việt", "Núi Xa", "Phù Sa", "Đèn Làng",
)  # fmt: skip
_FIRMS = (
    "Công ty TNHH Công nghệ {}", "Công ty cổ phần {}", "Công ty TNHH Thương mại {}", "Hợp tác xã {}",
    "Công ty TNHH Cơ khí {}", "Công ty cổ phần Phần mềm {}", "Công ty TNHH Nông sản {}", "Hiệp hội doanh nghiệp {}",
)  # fmt: skip
_INSTITUTES = (
    "Viện Nghiên cứu ứng dụng {}",
    "Viện Công nghệ {}",
    "Trung tâm Nghiên cứu {}",
    "Viện Khoa học {}",
)
_UNIVERSITIES = ("Trường Đại học {}", "Trường Đại học Kỹ thuật {}", "Trường Cao đẳng {}", "Học viện {}")
_AGENCIES = ("UBND xã {}", "UBND phường {}", "Văn phòng Đảng ủy xã {}", "Sở {}", "Trung tâm Chuyển đổi số {}")
_GROUPS = ("Hội người Việt {}", "Mạng lưới chuyên gia {}", "Nhóm kiều bào {}")
_ORGANISATIONS: Mapping[str, tuple[str, ...]] = {
    "firm": _FIRMS,
    "institute": _INSTITUTES,
    "university": _UNIVERSITIES,
    "agency": _AGENCIES,
}


@dataclass(frozen=True)
class DemoPerson:
    """A sender that does not exist, with at least one of ``email`` and ``phone``."""

    name: str
    email: str | None
    phone: str | None
    organisation: str | None


def person(rng: random.Random, submitter_kind: str) -> DemoPerson:
    """Somebody of that kind of submitter; the same for the same chance."""
    name = _name(rng)
    email = f"{_address(name)}{rng.randint(1, 999)}@example.org"
    phone = f"0900000{rng.randint(0, 999):03d}"
    reachable = rng.random()
    return DemoPerson(
        name=f"{name} {MARK}",
        email=email if reachable < 0.78 else None,
        phone=phone if reachable > 0.22 else None,
        organisation=_organisation(rng, submitter_kind),
    )


def _name(rng: random.Random) -> str:
    middles, given = rng.choice((_WOMEN, _MEN))
    family = rng.choices(list(_FAMILY), list(_FAMILY.values()))[0]
    return f"{family} {rng.choice(middles)} {rng.choice(given)}"


def _address(name: str) -> str:
    return ".".join(reversed(without_diacritics(name).lower().split()))


def _organisation(rng: random.Random, submitter_kind: str) -> str | None:
    brand = rng.choice(_BRANDS)
    if submitter_kind in _ORGANISATIONS:
        return f"{rng.choice(_ORGANISATIONS[submitter_kind]).format(brand)} {MARK}"
    if submitter_kind == "scientist" and rng.random() < 0.7:
        return f"{rng.choice(_INSTITUTES + _UNIVERSITIES).format(brand)} {MARK}"
    if submitter_kind == "overseas" and rng.random() < 0.4:
        return f"{rng.choice(_GROUPS).format(brand)} {MARK}"
    return None
