"""What can go wrong in a verb, apart from a rule that refuses (``workflows.lifecycle.Refused``)."""


class NotFound(Exception):
    """There is no such thing, or not for this person; the two must look alike."""


class Stale(Exception):
    """The page was shown before somebody else changed the petition."""


class Invalid(Exception):
    """Values that a verb cannot take: field → code of what is wrong, worded at the edge."""

    def __init__(self, **errors: str) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in errors.items()))
        self.errors = errors
