"""A payment at a gateway only moves forward, and an error says what it is (PAY-6)."""

import pytest

from caudal.core.ports.gateway import GatewayError, GatewayFault, PaymentStatus, moves_forward

PENDING, APPROVED, REFUNDED = (
    PaymentStatus.PENDING,
    PaymentStatus.APPROVED,
    PaymentStatus.REFUNDED,
)


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        ("", PENDING, True),
        (PENDING, APPROVED, True),
        (APPROVED, PENDING, False),
        (APPROVED, APPROVED, False),
        (APPROVED, REFUNDED, True),
        (REFUNDED, APPROVED, False),
    ],
)
def test_a_payment_never_goes_back(before: str, after: str, moves: bool) -> None:
    assert moves_forward(before, after) is moves


def test_a_fault_says_which_and_whether_to_try_again() -> None:
    error = GatewayError(GatewayFault.REFUSED, permanent=True, detail="no such account")
    assert (str(error), error.permanent) == ("refused: no such account", True)
    assert str(GatewayError(GatewayFault.UNREACHABLE)) == "unreachable"
