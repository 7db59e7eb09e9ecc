"""How often a petition may change hands."""

import pytest

from workflows.custody import check_handover, decision_is_binding
from workflows.lifecycle import Action, Refused


@pytest.mark.parametrize("handovers", range(5))
def test_after_two_handovers_only_the_desk_decides(handovers: int) -> None:
    check_handover(Action.RETURN, handovers, binding=False)
    if handovers < 2:
        check_handover(Action.TRANSFER, handovers, binding=False)
    else:
        with pytest.raises(Refused, match="^desk_decides$"):
            check_handover(Action.TRANSFER, handovers, binding=False)
    assert decision_is_binding(handovers) is (handovers >= 2)


@pytest.mark.parametrize("action", [Action.TRANSFER, Action.RETURN])
@pytest.mark.parametrize("handovers", range(4))
def test_a_binding_decision_is_neither_passed_on_nor_sent_back(action: Action, handovers: int) -> None:
    with pytest.raises(Refused, match="^binding$"):
        check_handover(action, handovers, binding=True)
