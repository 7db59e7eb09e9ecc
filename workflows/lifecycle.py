"""States, actions and who may do what: the typed reading of ``lifecycle.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType


class Status(StrEnum):
    """Where a petition stands."""

    RECEIVED = "received"
    TRIAGE = "triage"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    AWAITING_SUBMITTER = "awaiting_submitter"
    ANSWERED = "answered"
    CLOSED = "closed"
    DECLINED = "declined"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Action(StrEnum):
    """What can be done to a petition."""

    TRIAGE = "triage"
    ROUTE = "route"
    ASSIGN = "assign"
    TRANSFER = "transfer"
    RETURN = "return"
    ESCALATE = "escalate"
    RECATEGORISE = "recategorise"
    COMMENT = "comment"
    ACKNOWLEDGE = "acknowledge"
    ASK_SUBMITTER = "ask_submitter"
    PROVIDE_INFORMATION = "provide_information"
    END_WAITING = "end_waiting"
    ADD_INFORMATION = "add_information"
    INVOLVE = "involve"
    CONTRIBUTE = "contribute"
    RELEASE = "release"
    REPLY_INTERIM = "reply_interim"
    NAME_PARTNER = "name_partner"
    EXTEND = "extend"
    DRAFT = "draft"
    SUBMIT_DRAFT = "submit_draft"
    RETURN_DRAFT = "return_draft"
    APPROVE = "approve"
    PUBLISH = "publish"
    ANSWER_MEMBER = "answer_member"
    CORRECT = "correct"
    REOPEN = "reopen"
    RATE = "rate"
    CLOSE = "close"
    DECLINE = "decline"
    REFER = "refer"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"


class Role(StrEnum):
    """Who acts: the submitter, the software itself, or a member of staff in one of six roles."""

    SUBMITTER = "submitter"
    SYSTEM = "system"
    DESK = "desk"
    OFFICER = "officer"
    APPROVER = "approver"
    AGENCY_ADMIN = "agency_admin"
    SUPERVISOR = "supervisor"
    SYSTEM_ADMIN = "system_admin"


STAFF_ROLES = frozenset(Role) - {Role.SUBMITTER, Role.SYSTEM}
AGENCY_ROLES = frozenset({Role.OFFICER, Role.APPROVER, Role.AGENCY_ADMIN})


class Hands(StrEnum):
    """Which agency's staff may act: those of the holder, of a co-handler, or of either."""

    HOLDER = "holder"
    COHANDLER = "cohandler"
    EITHER = "either"


class Refused(Exception):
    """An action that the rules do not allow; ``code`` names the rule, for wording in any language."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class State:
    """A state and the words for it; ``open`` says whether the agency still owes something."""

    status: Status
    vi: str
    en: str
    public_vi: str
    public_en: str
    open: bool


@dataclass(frozen=True)
class Transition:
    """One row of the table. ``to`` is None where the action changes no state."""

    action: Action
    event: str
    sources: frozenset[Status]
    to: Status | None
    who: frozenset[Role]
    reasons: tuple[str, ...]
    hands: Hands = Hands.HOLDER


@dataclass(frozen=True)
class Lifecycle:
    """The whole table."""

    public_events: frozenset[str]
    states: Mapping[Status, State]
    transitions: tuple[Transition, ...]
    reasons: Mapping[str, Mapping[str, str]]

    def row(self, status: Status, action: Action, role: Role, reason: str | None = None) -> Transition:
        """The row by which ``role`` does ``action`` to a petition in ``status``.

        Raises :class:`Refused` with the code ``role``, ``state`` or ``reason``: nobody in this role ever may,
        not from this state, or a coded reason is missing or not one of those allowed.
        """
        rows = [row for row in self.transitions if row.action is action and role in row.who]
        if not rows:
            raise Refused("role")
        row = next((row for row in rows if status in row.sources), None)
        if row is None:
            raise Refused("state")
        if row.reasons and reason not in row.reasons:
            raise Refused("reason")
        return row

    def decide(
        self, status: Status, action: Action, role: Role, reason: str | None = None
    ) -> tuple[Status, str]:
        """The state that ``action`` leads to from ``status`` when ``role`` does it, and the event it leaves.

        Raises :class:`Refused` as :meth:`row` does.
        """
        row = self.row(status, action, role, reason)
        return row.to or status, row.event

    def hands(self, status: Status, action: Action, role: Role) -> Hands:
        """Which agency's staff may do ``action``; those of the holder where it cannot be done at all."""
        for row in self.transitions:
            if row.action is action and role in row.who and status in row.sources:
                return row.hands
        return Hands.HOLDER

    def actions(self, status: Status, role: Role) -> frozenset[Action]:
        """What ``role`` may do to a petition in ``status``."""
        return frozenset(row.action for row in self.transitions if role in row.who and status in row.sources)

    def reasons_for(self, status: Status, action: Action, role: Role) -> tuple[str, ...]:
        """The coded reasons to choose from, in the order of the table; empty where none is asked."""
        for row in self.transitions:
            if row.action is action and role in row.who and status in row.sources:
                return row.reasons
        return ()

    @property
    def open_statuses(self) -> frozenset[Status]:
        """States in which an agency or the desk still owes something."""
        return frozenset(status for status, state in self.states.items() if state.open)


def _read() -> Lifecycle:
    table = tomllib.loads(files("workflows").joinpath("lifecycle.toml").read_text("utf-8"))
    states = {Status(name): State(status=Status(name), **words) for name, words in table["states"].items()}
    transitions = tuple(
        Transition(
            action=Action(row["action"]),
            event=row["event"],
            sources=frozenset(Status(name) for name in row["from"]),
            to=None if row["to"] == "same" else Status(row["to"]),
            who=frozenset(Role(name) for name in row["who"]),
            reasons=tuple(row.get("reasons", ())),
            hands=Hands(row.get("hands", "holder")),
        )
        for row in table["transition"]
    )
    return Lifecycle(
        public_events=frozenset(table["public_events"]),
        states=MappingProxyType(states),
        transitions=transitions,
        reasons=MappingProxyType(table["reasons"]),
    )


LIFECYCLE = _read()
OPEN = LIFECYCLE.open_statuses
