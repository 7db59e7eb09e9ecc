"""Which words are Vietnamese: the syllables the language can form, with or without their marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_ONSETS: Final = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x"
_RHYMES: Final = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|ech|em|en|eng|enh|eo|ep|et|eu|i|ia|ich|iec|iem|ien|ieng|iep|iet|ieu|im|in|"
    "inh|ip|it|iu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oc|oe|oen|oeo|oet|oi|om|on|ong|oong|op|ot|u|"
    "ua|uan|uang|uat|uay|uc|ue|uech|uenh|ui|um|un|ung|uoc|uoi|uom|uon|uong|uop|uot|uou|up|ut|uu|uy|uya|uych|uyen|"
    "uyet|uynh|uyt|uyu|y|yem|yen|yeng|yet|yeu"
)
_SYLLABLE: Final = re.compile(f"(?:{_ONSETS})?(?:{_RHYMES})")
_MISSPELT: Final = re.compile("k[aou]|c[iey]|ngh[^ei]|gh[^ei]|ng[ei]")
_LETTERS: Final = frozenset("aăâbcdđeêghiklmnoôơpqrstuưvxy")
_TONE_MARKS: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_BARE: Final = str.maketrans("ăâđêôơư", "aadeoou")


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether a word is a possible Vietnamese syllable: right letters, at most one tone, a known rhyme."""
    if len(word) > 12:
        return False
    apart = unicodedata.normalize("NFD", word.lower())
    tones = sum(mark in _TONE_MARKS for mark in apart)
    toneless = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in _TONE_MARKS))
    if tones > 1 or not toneless or not _LETTERS.issuperset(toneless):
        return False
    bare = toneless.translate(_BARE)
    return _SYLLABLE.fullmatch(bare) is not None and _MISSPELT.match(bare) is None
