"""Whose money it is: clues, their weight, and doubt where two customers fit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.core.matching import (
    AMBIGUOUS,
    SURE,
    Arrival,
    Clue,
    OpenInvoice,
    Person,
    Proposal,
    Registered,
    judge,
    link,
    rank,
    tokens,
)

ANA = Person(
    id=1,
    name="Ana María Ruiz Peña",
    code="000123",
    electronic_code="PC-77881",
    document="RUPA800101AB1",
    phones=("+525512345678",),
    payer_accounts=("012 180 0000",),
    debt=Decimal(600),
    invoices=(OpenInvoice(7, "A-102", Decimal(300)), OpenInvoice(8, "A-103", Decimal(300))),
)


def clues(**said: object) -> dict[str, str]:
    amount = Decimal(str(said.pop("amount", "1")))
    found = judge(Arrival(amount, **said), ANA)  # type: ignore[arg-type]
    return {} if found is None else {str(clue): text for clue, text in found.reasons}


@pytest.mark.parametrize(
    ("said", "clue"),
    [
        ({"reference": "pc 77881"}, Clue.ELECTRONIC_CODE),
        ({"text": "pago factura a102 gracias"}, Clue.INVOICE_NUMBER),
        ({"text": "SPEI RUPA 800101 AB1"}, Clue.DOCUMENT),
        ({"reference": "000123"}, Clue.CUSTOMER_CODE),
        ({"payer_account": "0121800000"}, Clue.KNOWN_PAYER),
        ({"text": "tel 55 1234 5678"}, Clue.PHONE),
        ({"payer": "RUIZ PENA ANA MARIA"}, Clue.SAME_NAME),
        ({"payer": "Ana Ruiz Pena"}, Clue.SAME_NAME),
        ({"payer": "Ana Ruiz de Gómez"}, Clue.LIKE_NAME),
        ({"amount": "600.00"}, Clue.DEBT_AMOUNT),
        ({"amount": "300"}, Clue.INVOICE_AMOUNT),
    ],
)
def test_each_clue_is_found_however_it_is_written(said: dict[str, str], clue: Clue) -> None:
    assert clue in clues(**said)


def test_what_only_looks_like_a_code_is_none() -> None:
    for said in ({"text": "0001234"}, {"text": "ana"}, {"reference": "10"}, {"text": "5678"}):
        assert clues(**said) == {}


@pytest.mark.parametrize("text", ["Pago factura 33", "FACT. 33", "pago recibo 33 ana", "folio #33"])
def test_a_short_number_after_the_word_for_an_invoice_names_it(text: str) -> None:
    person = Person(id=2, name="Eva Luna", code="9", invoices=(OpenInvoice(5, "33", Decimal(920)),))
    found = judge(Arrival(Decimal(920), text=text), person)
    assert found is not None and (Clue.INVOICE_NUMBER, "33") in found.reasons
    assert found.score >= SURE
    other = judge(Arrival(Decimal(920), text="Pago 33 meses"), person)
    assert other is not None and other.score < SURE


def test_the_invoice_that_is_named_is_the_one_to_pay() -> None:
    found = judge(Arrival(Decimal(300), reference="A103"), ANA)
    assert found is not None and found.invoice == 8
    assert found.score >= SURE


def test_the_amount_alone_is_never_sure_and_a_code_with_it_is() -> None:
    amount = judge(Arrival(Decimal(600)), ANA)
    both = judge(Arrival(Decimal(600), reference="000123"), ANA)
    assert amount is not None and amount.score < 50
    assert both is not None and both.score >= SURE


def test_two_who_fit_alike_make_nobody_sure() -> None:
    one, other = Proposal(1, 90, ()), Proposal(2, 85, ())
    best = rank([other, one])
    assert [each.score for each in best] == [AMBIGUOUS, AMBIGUOUS]
    assert best[0].reasons[-1][0] is Clue.OTHERS_TOO
    assert [each.score for each in rank([one, Proposal(2, 60, ())])] == [90, 60]


def test_money_already_written_down_comes_first_and_fades_with_the_days() -> None:
    line = Arrival(Decimal(600), reference="SPEI 889911")
    same = Registered(5, 1, "R-9", "889911")
    found = link(line, same, judge(line, ANA))
    assert (found.payment, found.score) == (5, 95)
    later = link(line, Registered(5, 1, "R-9", "889911", days_apart=3), None)
    assert later.score == 86
    assert rank([found, Proposal(1, 30, ())])[0].payment == 5


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_line_says_scores_stay_in_their_range(text: str, payer: str) -> None:
    arrival = Arrival(Decimal(300), text=text, payer=payer)
    found = judge(arrival, ANA)
    assert found is not None and 1 <= found.score <= 100
    assert all(3 <= len(token) <= 40 for token in tokens(arrival))


def test_a_payment_registered_with_another_reference_still_is_the_same_money() -> None:
    arrival = Arrival(Decimal(300), reference="SPEI 998877")
    found = link(arrival, Registered(5, 1, "R-9", reference="112233", days_apart=2), None)
    assert [clue for clue, _ in found.reasons] == [Clue.ALREADY_REGISTERED]
    assert found.payment == 5
