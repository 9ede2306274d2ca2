"""Every reason that a rule can give has its sentence, in both languages."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from caudal.apps.billing.why import SENTENCES, tell, tell_all
from caudal.core.records import Reason, ReasonCode

SAMPLES = {
    "percent": Decimal("10.00"), "count": 2, "needed": 2, "number": "A-102", "days": 8,
    "cycle_days": 30, "of": 3,
}  # fmt: skip
AMOUNTS = ["amount", "base", "debt", "left", "price", "remaining", "taken", "threshold"]


class _Any(dict[str, object]):
    """Every name that a sentence asks for, as a rule would give it."""

    def __missing__(self, name: str) -> object:
        if name in SAMPLES:
            return SAMPLES[name]
        return Decimal("300.00") if name in AMOUNTS else date(2026, 7, 5)


@pytest.mark.parametrize("code", list(ReasonCode))
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_reason_has_a_sentence(code: ReasonCode, language: str) -> None:
    with translation.override(language):
        sentence = str(SENTENCES[code])
        assert sentence
        said = sentence.format_map(_Any())
    assert "{" not in said


def test_percentages_are_not_money() -> None:
    values = {"percent": Decimal("10.00"), "amount": Decimal(30), "base": Decimal(300), "number": 1}
    with translation.override("en"):
        told = tell(Reason("PRD-7", ReasonCode.DISCOUNT_PERCENT, values), "MXN")
    assert "10 percent" in told and "$30.00" in told


def test_an_old_trace_that_lacks_a_value_still_reads() -> None:
    plain = Reason("CUT-4", ReasonCode.ENOUGH_OVERDUE, {"count": 1}).to_plain()
    with translation.override("en"):
        assert tell_all([plain], "MXN")[0].startswith("Overdue invoices: 1, of ?")
