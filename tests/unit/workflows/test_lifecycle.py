"""Every state × action × role, against a table written from the rules, not from the file that is tested."""

from itertools import product

import pytest

from workflows.lifecycle import LIFECYCLE, OPEN, STAFF_ROLES, Action, Refused, Role, Status

S, A, R = Status, Action, Role

# What may be done to a petition in a state, by whom, and where it leads. All that is not named is refused.
WORKERS = (R.OFFICER, R.APPROVER, R.AGENCY_ADMIN)
DRAFTERS = (R.OFFICER, R.APPROVER)
EXPECTED: dict[Status, list[tuple[Action, tuple[Role, ...], Status]]] = {
    S.RECEIVED: [
        (A.RECATEGORISE, (R.DESK,), S.RECEIVED),
        (A.COMMENT, (R.DESK,), S.RECEIVED),
        (A.MERGE, (R.DESK,), S.MERGED),
        (A.TRIAGE, (R.SYSTEM,), S.TRIAGE),
        (A.ROUTE, (R.SYSTEM,), S.ASSIGNED),
        (A.ASSIGN, (R.DESK,), S.ASSIGNED),
        (A.ADD_INFORMATION, (R.SUBMITTER,), S.RECEIVED),
        (A.DECLINE, (R.DESK,), S.DECLINED),
        (A.REFER, (R.DESK,), S.REFERRED),
        (A.WITHDRAW, (R.SUBMITTER,), S.WITHDRAWN),
    ],
    S.TRIAGE: [
        (A.RECATEGORISE, (R.DESK,), S.TRIAGE),
        (A.COMMENT, (R.DESK,), S.TRIAGE),
        (A.MERGE, (R.DESK,), S.MERGED),
        (A.ASSIGN, (R.DESK,), S.ASSIGNED),
        (A.ADD_INFORMATION, (R.SUBMITTER,), S.TRIAGE),
        (A.DECLINE, (R.DESK,), S.DECLINED),
        (A.REFER, (R.DESK,), S.REFERRED),
        (A.WITHDRAW, (R.SUBMITTER,), S.WITHDRAWN),
    ],
    S.ASSIGNED: [
        (A.ESCALATE, (R.APPROVER,), S.ASSIGNED),
        (A.RECATEGORISE, DRAFTERS, S.ASSIGNED),
        (A.COMMENT, (R.DESK, *WORKERS), S.ASSIGNED),
        (A.REPLY_INTERIM, DRAFTERS, S.ASSIGNED),
        (A.MERGE, (R.DESK,), S.MERGED),
        (A.TRANSFER, WORKERS, S.ASSIGNED),
        (A.RETURN, WORKERS, S.TRIAGE),
        (A.ACKNOWLEDGE, WORKERS, S.ACCEPTED),
        (A.ADD_INFORMATION, (R.SUBMITTER,), S.ASSIGNED),
        (A.DECLINE, (R.APPROVER,), S.DECLINED),
        (A.REFER, (R.APPROVER,), S.REFERRED),
        (A.WITHDRAW, (R.SUBMITTER,), S.WITHDRAWN),
    ],
    S.ACCEPTED: [
        (A.ESCALATE, (R.APPROVER,), S.ASSIGNED),
        (A.RECATEGORISE, DRAFTERS, S.ACCEPTED),
        (A.COMMENT, (R.DESK, *WORKERS), S.ACCEPTED),
        (A.INVOLVE, DRAFTERS, S.ACCEPTED),
        (A.CONTRIBUTE, DRAFTERS, S.ACCEPTED),
        (A.RELEASE, DRAFTERS, S.ACCEPTED),
        (A.REPLY_INTERIM, DRAFTERS, S.ACCEPTED),
        (A.NAME_PARTNER, DRAFTERS, S.ACCEPTED),
        (A.MERGE, (R.DESK,), S.MERGED),
        (A.TRANSFER, WORKERS, S.ASSIGNED),
        (A.RETURN, WORKERS, S.TRIAGE),
        (A.ASK_SUBMITTER, (R.OFFICER, R.APPROVER), S.AWAITING_SUBMITTER),
        (A.ADD_INFORMATION, (R.SUBMITTER,), S.ACCEPTED),
        (A.EXTEND, (R.APPROVER,), S.ACCEPTED),
        (A.DRAFT, (R.OFFICER, R.APPROVER), S.ACCEPTED),
        (A.SUBMIT_DRAFT, (R.OFFICER, R.APPROVER), S.ACCEPTED),
        (A.RETURN_DRAFT, (R.APPROVER,), S.ACCEPTED),
        (A.APPROVE, (R.APPROVER,), S.ACCEPTED),
        (A.PUBLISH, (R.APPROVER,), S.ANSWERED),
        (A.DECLINE, (R.APPROVER,), S.DECLINED),
        (A.REFER, (R.APPROVER,), S.REFERRED),
        (A.WITHDRAW, (R.SUBMITTER,), S.WITHDRAWN),
    ],
    S.AWAITING_SUBMITTER: [
        (A.END_WAITING, (R.SYSTEM,), S.ACCEPTED),
        (A.COMMENT, (R.DESK, *WORKERS), S.AWAITING_SUBMITTER),
        (A.CONTRIBUTE, DRAFTERS, S.AWAITING_SUBMITTER),
        (A.PROVIDE_INFORMATION, (R.SUBMITTER,), S.ACCEPTED),
        (A.WITHDRAW, (R.SUBMITTER,), S.WITHDRAWN),
    ],
    S.ANSWERED: [
        (A.DRAFT, DRAFTERS, S.ANSWERED),
        (A.SUBMIT_DRAFT, DRAFTERS, S.ANSWERED),
        (A.RETURN_DRAFT, (R.APPROVER,), S.ANSWERED),
        (A.APPROVE, (R.APPROVER,), S.ANSWERED),
        (A.CORRECT, (R.APPROVER,), S.ANSWERED),
        (A.COMMENT, (R.DESK, *WORKERS), S.ANSWERED),
        (A.REOPEN, (R.SUBMITTER,), S.ACCEPTED),
        (A.RATE, (R.SUBMITTER,), S.ANSWERED),
        (A.CLOSE, (R.SYSTEM, R.SUBMITTER), S.CLOSED),
    ],
    S.CLOSED: [
        (A.RATE, (R.SUBMITTER,), S.CLOSED),
        (A.DRAFT, DRAFTERS, S.CLOSED),
        (A.SUBMIT_DRAFT, DRAFTERS, S.CLOSED),
        (A.RETURN_DRAFT, (R.APPROVER,), S.CLOSED),
        (A.APPROVE, (R.APPROVER,), S.CLOSED),
        (A.CORRECT, (R.APPROVER,), S.CLOSED),
    ],
    S.DECLINED: [],
    S.REFERRED: [],
    S.WITHDRAWN: [],
    S.MERGED: [
        (A.ANSWER_MEMBER, (R.SYSTEM,), S.ANSWERED),
        (A.UNMERGE, (R.DESK,), S.TRIAGE),
        (A.WITHDRAW, (R.SUBMITTER,), S.WITHDRAWN),
    ],
}

LEGAL = ("complaint", "denunciation", "crime_report")
REASONS: dict[tuple[Action, Role], tuple[str, ...]] = {
    **{
        (A.TRANSFER, role): ("not_our_competence", "shared_competence", "subordinate_handles", "reorganised")
        for role in WORKERS
    },
    **{
        (A.RETURN, role): ("not_our_competence", "shared_competence", "unclear", "reorganised")
        for role in WORKERS
    },
    (A.ESCALATE, R.APPROVER): ("beyond_authority", "policy_gap", "agencies_disagree"),
    (A.EXTEND, R.APPROVER): ("complex", "needs_verification", "other_agencies_consulted"),
    (A.DECLINE, R.DESK): (
        "out_of_scope",
        "duplicate",
        "no_content",
        "unlawful_content",
        "anonymous_denunciation",
    ),
    (A.DECLINE, R.APPROVER): ("out_of_scope", "already_answered", "no_content", "unlawful_content"),
    (A.REFER, R.DESK): LEGAL,
    (A.REFER, R.APPROVER): LEGAL,
}

EVENTS = {
    A.TRIAGE: "triaged",
    A.ROUTE: "routed",
    A.ASSIGN: "assigned",
    A.TRANSFER: "transferred",
    A.RETURN: "returned",
    A.ACKNOWLEDGE: "acknowledged",
    A.ASK_SUBMITTER: "information_requested",
    A.PROVIDE_INFORMATION: "information_provided",
    A.ADD_INFORMATION: "information_added",
    A.EXTEND: "extended",
    A.DRAFT: "drafted",
    A.SUBMIT_DRAFT: "draft_submitted",
    A.RETURN_DRAFT: "draft_returned",
    A.APPROVE: "approved",
    A.PUBLISH: "published",
    A.REOPEN: "reopened",
    A.RATE: "rated",
    A.CLOSE: "closed",
    A.DECLINE: "declined",
    A.REFER: "referred",
    A.WITHDRAW: "withdrawn",
    A.ESCALATE: "escalated",
    A.RECATEGORISE: "recategorised",
    A.COMMENT: "commented",
    A.END_WAITING: "waiting_ended",
    A.INVOLVE: "contribution_asked",
    A.CONTRIBUTE: "contributed",
    A.RELEASE: "contribution_released",
    A.REPLY_INTERIM: "interim_replied",
    A.NAME_PARTNER: "partner_named",
    A.ANSWER_MEMBER: "published",
    A.CORRECT: "corrected",
    A.MERGE: "merged",
    A.UNMERGE: "unmerged",
}


def expected(status: Status, action: Action, role: Role) -> Status | None:
    """Where the cell leads, or None where it is refused."""
    return next((to for act, roles, to in EXPECTED[status] if act is action and role in roles), None)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", Status)
def test_every_cell(status: Status, action: Action) -> None:
    for role in Role:
        to = expected(status, action, role)
        reasons = REASONS.get((action, role), ())
        for reason in reasons or (None,):
            if to is not None:
                assert LIFECYCLE.decide(status, action, role, reason) == (to, EVENTS[action]), (role, reason)
                continue
            with pytest.raises(Refused) as refused:
                LIFECYCLE.decide(status, action, role, reason)
            ever = any(expected(other, action, role) for other in Status)
            assert refused.value.code == ("state" if ever else "role"), role


@pytest.mark.parametrize(("status", "role"), list(product(Status, Role)))
def test_what_may_be_done_is_what_is_offered(status: Status, role: Role) -> None:
    assert LIFECYCLE.actions(status, role) == {a for a in Action if expected(status, a, role)}
    for action in Action:
        wanted = REASONS.get((action, role), ()) if expected(status, action, role) else ()
        assert LIFECYCLE.reasons_for(status, action, role) == wanted


@pytest.mark.parametrize(("action", "role"), REASONS)
@pytest.mark.parametrize("reason", [None, "", "no_such_reason", "NOT_OUR_COMPETENCE"])
def test_a_coded_reason_is_asked_for(action: Action, role: Role, reason: str | None) -> None:
    status = next(status for status in Status if expected(status, action, role))
    with pytest.raises(Refused, match="^reason$"):
        LIFECYCLE.decide(status, action, role, reason)


def test_the_desk_and_the_approver_decline_for_different_reasons() -> None:
    with pytest.raises(Refused, match="reason"):
        LIFECYCLE.decide(S.ASSIGNED, A.DECLINE, R.APPROVER, "duplicate")
    with pytest.raises(Refused, match="reason"):
        LIFECYCLE.decide(S.TRIAGE, A.DECLINE, R.DESK, "already_answered")


def test_supervisor_and_administrator_change_no_petition() -> None:
    for status in Status:
        for role in (R.SUPERVISOR, R.SYSTEM_ADMIN):
            assert not LIFECYCLE.actions(status, role)


def test_who_owes_something() -> None:
    assert {S.RECEIVED, S.TRIAGE, S.ASSIGNED, S.ACCEPTED, S.AWAITING_SUBMITTER} == OPEN
    assert R.SUBMITTER not in STAFF_ROLES
    assert R.SYSTEM not in STAFF_ROLES


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    reached, frontier = {S.RECEIVED}, [S.RECEIVED]
    while frontier:
        for _action, _roles, to in EXPECTED[frontier.pop()]:
            if to not in reached:
                reached.add(to)
                frontier.append(to)
    assert reached == set(Status)
    for status in OPEN:
        assert any(to is not status for _action, _roles, to in EXPECTED[status])


def test_every_state_and_reason_has_its_words() -> None:
    for state in LIFECYCLE.states.values():
        assert all((state.vi, state.en, state.public_vi, state.public_en))
    used = {reason for row in LIFECYCLE.transitions for reason in row.reasons}
    assert used == set(LIFECYCLE.reasons)
    assert all(words["vi"] and words["en"] for words in LIFECYCLE.reasons.values())


def test_what_the_submitter_sees_on_the_timeline() -> None:
    drafts = {"drafted", "draft_submitted", "draft_returned", "approved"}
    internal = drafts | {"commented", "contribution_asked", "contributed", "contribution_released"}
    assert LIFECYCLE.public_events == {"submitted", *EVENTS.values()} - internal
