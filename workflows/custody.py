"""Custody: how often a petition may change hands."""

from workflows.lifecycle import Action, Refused

HANDOVERS_BEFORE_DESK_DECIDES = 2


def check_handover(action: Action, handovers: int, *, binding: bool) -> None:
    """Refuse a transfer or return that would start a game of ping-pong.

    ``handovers`` counts transfers and returns so far; after two the petition can only go back to the desk, whose next
    decision is ``binding``: it can then be neither passed on nor sent back.
    Raises :class:`Refused` with ``binding`` or ``desk_decides``.
    """
    if binding:
        raise Refused("binding")
    if action is Action.TRANSFER and handovers >= HANDOVERS_BEFORE_DESK_DECIDES:
        raise Refused("desk_decides")


def decision_is_binding(handovers: int) -> bool:
    """Whether the desk's next assignment binds the agency."""
    return handovers >= HANDOVERS_BEFORE_DESK_DECIDES
