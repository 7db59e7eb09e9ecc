"""Vietnamese from before Unicode: text of TCVN3 (".VnTime") and VNI fonts, which arrives as accented gibberish.

Old documents and some keyboards still give it. It is turned into Unicode only where that makes clearly more
words Vietnamese. The tables are those of TCVN 5712:1993 (VN3) and of VNI-Windows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from classifiers.syllables import is_syllable

_TCVN3: Final = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
_TONES: Final = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_CIRCUMFLEX: Final = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE: Final = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE: Final = {
    "ñ": "đ",
    "ô": "ơ",
    "ö": "ư",
    "î": "ỵ",
    "ì": "ì",
    "í": "í",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
}


def _vni_table() -> dict[str, str]:
    """Return every VNI letter or pair of letters with its Unicode letter, small and capital."""
    table = dict(_VNI_SINGLE)
    for base in "aeouyôö":
        plain = _VNI_SINGLE.get(base, base)
        table |= {base + mark: plain + tone for mark, tone in _TONES.items()}
    for base in "aeo":
        table |= {base + mark: base + "\u0302" + tone for mark, tone in _CIRCUMFLEX.items()}
    table |= {"a" + mark: "a\u0306" + tone for mark, tone in _BREVE.items()}
    capitals = {key.upper(): value.upper() for key, value in table.items()}
    capitals |= {key[0].upper() + key[1:]: value.capitalize() for key, value in table.items() if len(key) > 1}
    return table | capitals


_VNI: Final = _vni_table()
_VNI_LETTER: Final = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
# Beside plain letters, unaltered Vietnamese does not have these, and each encoding uses them all the time.
_ODD: Final = "[µ¸¶·¹¨»¾¼½Æ©ÇÈË®ÎÏÑªÖ×ØÜÞßäåæç«\xad÷øñöüûþï]"
_TELLING: Final = re.compile(f"(?<=[A-Za-z]){_ODD}|{_ODD}(?=[A-Za-z])")
_FEWEST_TELLING: Final = 3
_UNICODE_ONLY: Final = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0300-\u0323]")
_WORD: Final = re.compile(r"[^\s\d.,;:!?()\[\]\"'/-]+")
_LEAST_GAIN: Final = 0.25
_READ: Final = 4_000


def to_unicode(text: str) -> str:
    """Return text from a TCVN3 or VNI font in Unicode, decomposed; any other text unchanged.

    It is taken for such a text where the conversion raises the share of Vietnamese words by a quarter or more.
    """
    if text.isascii():
        return text
    telling, unicode = (len(letters.findall(text, 0, _READ)) for letters in (_TELLING, _UNICODE_ONLY))
    if telling < _FEWEST_TELLING or telling <= 10 * unicode:
        return text
    plain = _share_of_syllables(text[:_READ])
    best, gain = text, _LEAST_GAIN
    for convert in (_from_tcvn3, _from_vni):
        more = _share_of_syllables(convert(text[:_READ])) - plain
        if more >= gain:
            best, gain = convert(text), more
    return best


def _from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _from_vni(text: str) -> str:
    return _VNI_LETTER.sub(lambda match: _VNI[match.group()], text)


def _share_of_syllables(text: str) -> float:
    words = _WORD.findall(text)
    return sum(map(_known, words)) / len(words) if words else 0.0


@lru_cache(maxsize=20_000)
def _known(word: str) -> bool:
    return is_syllable(word)
