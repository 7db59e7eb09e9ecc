"""The kinds of petition and of submitter."""

from enum import StrEnum


class Kind(StrEnum):
    """What a petition is. The last three are recognised only in order to refer them to the legal channel."""

    FEEDBACK = "feedback"
    RECOMMENDATION = "recommendation"
    INITIATIVE = "initiative"
    SOLUTION = "solution"
    COMMISSION = "commission"
    DRAFT_COMMENT = "draft_comment"
    QUESTION = "question"
    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"
    CRIME_REPORT = "crime_report"


LEGAL_KINDS = frozenset({Kind.COMPLAINT, Kind.DENUNCIATION, Kind.CRIME_REPORT})
OFFERED_KINDS = tuple(kind for kind in Kind if kind not in LEGAL_KINDS)


class SubmitterKind(StrEnum):
    """Who sends it."""

    CITIZEN = "citizen"
    FIRM = "firm"
    INSTITUTE = "institute"
    UNIVERSITY = "university"
    SCIENTIST = "scientist"
    INVENTOR = "inventor"
    AGENCY = "agency"
    OVERSEAS = "overseas"
