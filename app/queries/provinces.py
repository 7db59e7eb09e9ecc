"""The provinces that people choose from."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Agency

_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
_BASES = {
    tone: (base, number)
    for base, tones in {
        "a": "àảãáạ", "ă": "ằẳẵắặ", "â": "ầẩẫấậ", "e": "èẻẽéẹ", "ê": "ềểễếệ", "i": "ìỉĩíị",
        "o": "òỏõóọ", "ô": "ồổỗốộ", "ơ": "ờởỡớợ", "u": "ùủũúụ", "ư": "ừửữứự", "y": "ỳỷỹýỵ",
    }.items()
    for number, tone in enumerate(tones, start=1)
}  # fmt: skip


@dataclass(frozen=True)
class Province:
    """A province or centrally run city, by the name that people call it."""

    code: str
    name: str


def all_provinces(session: Session, language: str = "vi") -> list[Province]:
    """The provinces of the directory in Vietnamese alphabetical order, named in Vietnamese or English."""
    rows = session.execute(
        select(Agency.province_code, Agency.name_vi, Agency.name_en).where(
            Agency.province_code.is_not(None), Agency.branch == "government", Agency.tier == "province"
        )
    ).all()
    found = sorted((alphabetical(vietnamese(vi)), code, vi, en) for code, vi, en in rows if code)
    return [
        Province(code, vietnamese(vi) if language == "vi" else english(en)) for _key, code, vi, en in found
    ]


def vietnamese(name: str) -> str:
    """The province in the Vietnamese name of its people's committee."""
    place = name.removeprefix("Ủy ban nhân dân ")
    for word in ("tỉnh ", "thành phố ", "Thành phố "):
        place = place.removeprefix(word)
    return place


def english(name: str) -> str:
    """The province in the English name of its people's committee."""
    return name.removeprefix("People's Committee of ").removesuffix(" Province").removesuffix(" City")


def alphabetical(word: str) -> tuple[list[int], list[int]]:
    """The key that sorts as a Vietnamese dictionary does: by letters (đ after d, ơ after ô), then by tones."""
    apart = [_BASES.get(letter, (letter, 0)) for letter in word.lower()]
    return [_LETTERS.find(letter) for letter, _tone in apart], [tone for _letter, tone in apart]
