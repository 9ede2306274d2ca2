"""Lines and customers brought together: proposals, doubts, splitting, undoing, never twice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.payments.actions import delete_payment
from caudal.apps.payments.models import Payment
from caudal.apps.treasury import actions
from caudal.apps.treasury.actions import Share
from caudal.apps.treasury.models import Assignment, BankLine
from caudal.apps.treasury.proposals import proposals
from caudal.apps.treasury.reads import bank_money_waiting
from caudal.apps.treasury.tests.counter import Counter
from caudal.core.errors import RuleError

NOW = {"actor": CLERK, "now": at(d(7, 20))}


def best(line: BankLine) -> tuple[str, int, set[str]]:
    found = proposals([line])[line.pk][0]
    name = Customer.objects.get(pk=found.person).name
    return name, found.score, {str(clue) for clue, _ in found.reasons}


def accept(line: BankLine) -> None:
    actions.accept(**NOW, line=line, proposal=proposals([line])[line.pk][0], batch=None)


def refuses(code: str, act: Any, **about: Any) -> None:
    with pytest.raises(RuleError, match=code):
        act(**NOW, **about)


@pytest.fixture
def people(counter: Counter) -> list[Customer]:
    names = ("Ana María Ruiz Peña", "Eva Luna Soto", "José Paz Ortiz", "Rosa Díaz Vega")
    rows = [counter.customer(name=name, search_text=name.lower()) for name in names]
    rows[0].search_text = "ana maria ruiz pena"
    rows[1].electronic_payment_code = "77881122"
    rows[2].document_number, rows[2].document_key = "PAOJ-800101", "PAOJ800101"
    for row in rows:
        row.save()
    Contact.objects.create(customer=rows[3], kind="phone", value="+525512345678")
    counter.run(d(6, 28))
    return rows


@pytest.mark.parametrize(
    ("said", "name", "clue"),
    [
        ({"text": "pago A-102 servicio"}, "Eva Luna Soto", "invoice-number"),
        ({"reference": "77881122"}, "Eva Luna Soto", "electronic-code"),
        ({"text": "SPEI paoj 800101"}, "José Paz Ortiz", "document"),
        ({"reference": "000003"}, "José Paz Ortiz", "customer-code"),
        ({"text": "5512345678"}, "Rosa Díaz Vega", "phone"),
        ({"payer": "RUIZ PENA ANA MARIA"}, "Ana María Ruiz Peña", "same-name"),
    ],
)
def test_a_line_finds_its_customer(
    counter: Counter, people: list[Customer], said: dict[str, str], name: str, clue: str
) -> None:
    if clue == "invoice-number":
        counter.rename_invoices("A")
    found, score, clues = best(counter.line("300.00", **said))
    assert found == name and clue in clues and "debt-amount" in clues
    assert score >= 75


def test_an_amount_that_all_owe_makes_nobody_sure(counter: Counter, people: list[Customer]) -> None:
    line = counter.line("300.00", text="transferencia")
    assert all(each.score <= 60 for each in proposals([line])[line.pk])


def test_the_payment_has_the_day_of_the_line_and_pays_once(
    counter: Counter, people: list[Customer]
) -> None:
    line = counter.line("300.00", reference="000001", on=d(7, 3))
    accept(line)
    payment = Payment.objects.get()
    assert payment.paid_at == at(d(7, 3)) and payment.gateway == "bank"
    assert counter.balance(people[0]) == 0
    refuses("already-settled", actions.assign, line=line, shares=[Share(people[0], line.amount)])
    assert Payment.objects.count() == 1
    assert not bank_money_waiting().exists()


def test_a_payment_that_was_written_down_before_is_linked(
    counter: Counter, people: list[Customer]
) -> None:
    counter.pay(
        people[2], "300.00", d(7, 2), method="transfer", cash_box=counter.bank, reference="SPEI991"
    )
    line = counter.line("300.00", text="abono SPEI991", on=d(7, 3))
    found = proposals([line])[line.pk][0]
    assert found.payment == Payment.objects.get().pk and found.score >= 85
    accept(line)
    assert Payment.objects.count() == 1
    other = counter.line("300.00", text="abono SPEI991", on=d(7, 4))
    assert all(each.payment is None for each in proposals([other])[other.pk])
    payment = Payment.objects.get()
    refuses("payment-does-not-fit", actions.link_payment, line=other, payment=payment)
    actions.reopen(**NOW, line=line)
    assert Payment.objects.get().deleted_at is None
    assert counter.balance(people[2]) == 0


def test_a_line_is_shared_by_several_customers(counter: Counter, people: list[Customer]) -> None:
    line = counter.line("500.00")
    shares = [Share(people[0], Decimal(300)), Share(people[1], Decimal(150))]
    refuses("parts-differ", actions.assign, line=line, shares=shares)
    actions.assign(**NOW, line=line, shares=[*shares, Share(people[2], Decimal(50))])
    assert [counter.balance(row) for row in people[:3]] == [0, 150, 250]
    assert Payment.objects.count() == Assignment.objects.count() == 3
    actions.reopen(**NOW, line=line)
    assert [counter.balance(row) for row in people[:3]] == [300, 300, 300]
    actions.assign(**NOW, line=line, shares=[Share(people[3], Decimal(500))])
    assert counter.balance(people[3]) == -200
    verify()


def test_money_out_and_lines_without_reason_are_refused(
    counter: Counter, people: list[Customer]
) -> None:
    out = counter.line("-12.00", state="outgoing")
    refuses("not-money-in", actions.assign, line=out, shares=[Share(people[0], Decimal(-12))])
    line = counter.line("300.00")
    refuses("reason-missing", actions.ignore, line=line, reason=" ")
    refuses("not-matched", actions.reopen, line=line)
    actions.ignore(**NOW, line=line, reason="our own transfer")
    refuses("already-settled", actions.ignore, line=line, reason="again")
    actions.reopen(**NOW, line=line)
    assert bank_money_waiting().get() == line


def test_lines_accepted_together_are_undone_together(
    counter: Counter, people: list[Customer]
) -> None:
    lines = [counter.line("300.00", reference=row.code) for row in people]
    found = proposals(lines)
    pairs = [(line, found[line.pk][0]) for line in lines]
    refuses("changed-meanwhile", actions.accept_many, pairs=pairs, lowest_score=85, seen="x")
    seen = actions.fingerprint(pairs)
    batch = actions.accept_many(**NOW, pairs=pairs, lowest_score=85, seen=seen)
    assert [counter.balance(row) for row in people] == [0, 0, 0, 0]
    refuses("already-settled", actions.accept_many, pairs=pairs, lowest_score=85, seen=seen)
    actions.reopen(**NOW, line=lines[0])
    for _ in range(2):
        actions.undo_batch(**NOW, batch=batch)
    assert [counter.balance(row) for row in people] == [300, 300, 300, 300]
    assert bank_money_waiting().count() == 4
    verify()


def test_one_refusal_leaves_all_as_they_were(counter: Counter, people: list[Customer]) -> None:
    lines = [counter.line("300.00", reference=row.code) for row in people[:2]]
    found = proposals(lines)
    pairs = [(line, found[line.pk][0]) for line in lines]
    actions.ignore(**NOW, line=lines[1], reason="somebody was quicker")
    seen = actions.fingerprint(pairs)
    refuses("already-settled", actions.accept_many, pairs=pairs, lowest_score=85, seen=seen)
    assert not Payment.objects.exists()


def test_a_line_whose_payment_was_deleted_is_money_that_waits_again(
    counter: Counter, people: list[Customer]
) -> None:
    line = counter.line("300.00", reference="000001")
    accept(line)
    payment = Payment.objects.get()
    delete_payment(**NOW, today=d(7, 20), payment=payment, reason="wrong person")
    assert bank_money_waiting().get() == line
    actions.reopen(**NOW, line=line)
    actions.assign(**NOW, line=line, shares=[Share(people[1], line.amount)])
    assert (counter.balance(people[0]), counter.balance(people[1])) == (300, 0)


def test_a_customer_of_another_company_gets_no_money(
    counter: Counter, people: list[Customer]
) -> None:
    line = counter.line("300.00", reference="000001")
    other = counter.company_named("Otra Red")
    people[0].company = other
    people[0].save()
    assert all(each.person != people[0].pk for each in proposals([line])[line.pk])
    refuses("other-company", actions.assign, line=line, shares=[Share(people[0], line.amount)])
    assert line.on == date(2026, 7, 1)


def test_forty_lines_take_as_many_questions_as_four(
    counter: Counter, people: list[Customer], django_assert_max_num_queries: Any
) -> None:
    lines = [counter.line("300.00", reference=f"{n % 4 + 1:06d}") for n in range(40)]
    with django_assert_max_num_queries(20):
        found = proposals(lines)
    assert len(found) == 40
