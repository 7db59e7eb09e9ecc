"""Which petitions this browser has opened, by sending them or with their secret: kept in the signed session cookie."""

from flask import session

KEPT = 20


def grant(code: str) -> None:
    """Let this browser see the petition of that code; the oldest is forgotten beyond twenty."""
    others = [each for each in session.get("opened", []) if each != code]
    session["opened"] = [*others, code][-KEPT:]


def may_see(code: str) -> bool:
    """Whether this browser has opened the petition of that code."""
    return code in session.get("opened", [])
