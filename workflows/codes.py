"""Public codes and secrets of petitions.

A code reads ``PAKN-YYYYMMDD-NNNNNN-C``: the day of submission in Vietnam, six random digits (a counter would tell the
world how many were sent) and a check character by ISO 7064 MOD 37,36, which catches every single slip and nearly
every swap.
"""

import hashlib
import hmac
import random
import re
from datetime import date

from stdnum.iso7064 import mod_37_36

_SECRET_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_GROUPS, SECRET_GROUP_LENGTH = 4, 4


def new_code(day: date, chance: random.Random) -> str:
    """A code for a petition sent on ``day``; the caller makes sure that it is not yet taken."""
    stamp, number = day.strftime("%Y%m%d"), f"{chance.randrange(1_000_000):06d}"
    return f"PAKN-{stamp}-{number}-{mod_37_36.calc_check_digit(stamp + number)}"


def read_code(typed: str) -> str | None:
    """The code as it should be written, however it was typed (spaces, lower case, any dash), or None if it is none."""
    compact = re.sub(r"[\s\-_.‐-―−]", "", typed.strip().upper())
    match = re.fullmatch(r"(?:PAKN)?([0-9]{8})([0-9]{6})([0-9A-Z])", compact)
    if match is None or not mod_37_36.is_valid("".join(match.groups())):
        return None
    return f"PAKN-{match[1]}-{match[2]}-{match[3]}"


def new_secret(chance: random.Random) -> str:
    """A secret of 16 characters in four groups (78 bits), without characters that are easily confused."""
    groups = (
        "".join(chance.choice(_SECRET_ALPHABET) for _ in range(SECRET_GROUP_LENGTH))
        for _ in range(SECRET_GROUPS)
    )
    return "-".join(groups)


def hash_secret(secret: str) -> str:
    """What is stored of a secret: SHA-256 of it as it should be written. It is random, so it needs no slow hash."""
    compact = re.sub(r"[^0-9A-Z]", "", secret.upper())
    return hashlib.sha256(compact.encode()).hexdigest()


def secret_matches(typed: str, stored_hash: str) -> bool:
    """Whether ``typed`` is the secret whose hash is stored; the time taken tells nothing."""
    return hmac.compare_digest(hash_secret(typed), stored_hash)
