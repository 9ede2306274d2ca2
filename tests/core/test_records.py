"""A reason survives being stored, and says the same afterwards."""

import json
from datetime import date
from decimal import Decimal as D

import pytest

from caudal.core.records import Reason, ReasonCode


def test_a_stored_reason_comes_back_exactly() -> None:
    reason = Reason(
        "CUT-4",
        ReasonCode.ENOUGH_OVERDUE,
        {"count": 2, "debt": D("600.00"), "oldest_due": date(2026, 6, 1), "name": "Peña"},
    )
    stored = json.loads(json.dumps(reason.to_plain()))
    back = Reason.from_plain(stored)
    assert back == reason
    assert str(back.params["debt"]) == "600.00"
    assert [type(value) for value in back.params.values()] == [int, D, date, str]


def test_reasons_without_values_are_equal_and_can_be_counted() -> None:
    first, second = (Reason("EXM-1", ReasonCode.CUSTOMER_GRATIS) for _ in range(2))
    assert len({first, second}) == 1


def test_what_is_not_a_reason_is_refused() -> None:
    with pytest.raises(TypeError):
        Reason.from_plain({"rule": "CUT-4", "code": "x", "params": "none"})
