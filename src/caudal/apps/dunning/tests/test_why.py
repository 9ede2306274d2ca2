"""The sentence on each service, word by word, in Spanish and in English."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from caudal.apps.billing.tests.world import CLERK, at, calendar_numbers, d
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Suspension
from caudal.apps.dunning.tests.street import Street
from caudal.apps.dunning.why import why_of, why_suspended
from caudal.apps.payments.models import Payment

PLEASE = ["es", "en"]


@pytest.fixture(params=PLEASE)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


def said(customer: Customer, on: date) -> str:
    (found,) = why_of(customer, on)
    return found.sentence


@pytest.fixture
def numbered(street: Street) -> Street:
    street.series(102)
    return street


def test_why_he_was_cut(numbered: Street, language: str) -> None:
    customer = numbered.owing()
    numbered.cut(d(7, 5))
    assert (
        said(customer, d(7, 6))
        == {
            "es": "Suspendido el 5 de julio: la factura A-102 vencía el 1 de julio, debe 300.00,"
            " el umbral es 0.00, sin promesa vigente.",
            "en": "Suspended on 5 July: invoice A-102 was due on 1 July, he owes 300.00,"
            " the threshold is 0.00, without a live promise.",
        }[language]
    )
    assert said(customer, date(2027, 1, 2)).startswith(
        {"es": "Suspendido el 5 de julio de 2026:", "en": "Suspended on 5 July 2026:"}[language]
    )


def test_what_he_owes_today_is_told_where_it_is_not_what_he_was_cut_for(
    numbered: Street, language: str
) -> None:
    customer = numbered.owing()
    numbered.cut(d(7, 5))
    today = {"es": "Hoy su deuda vencida es de {}.", "en": "Today his overdue debt is {}."}
    assert today[language].split(" {")[0] not in said(customer, d(7, 6))
    numbered.pay(customer, "100.00", d(7, 6))
    assert said(customer, d(7, 6)).endswith(today[language].format("200.00"))
    numbered.pay(customer, "200.00", d(7, 7), restore=False)
    assert said(customer, d(7, 7)).endswith(today[language].format("0.00"))


def test_until_it_is_overdue_an_invoice_is_due_on_its_day(numbered: Street, language: str) -> None:
    customer = numbered.owing()
    told = {"es": "la factura A-102 vence el 1 de julio", "en": "invoice A-102 is due on 1 July"}
    for day in (d(6, 28), d(7, 1)):
        assert told[language] in said(customer, day)
    assert told[language] not in said(customer, d(7, 2))


def test_why_he_was_cut_after_a_promise(numbered: Street, language: str) -> None:
    customer = numbered.owing()
    numbered.promise(customer, d(7, 4), d(7, 10))
    numbered.cut(d(7, 5), d(7, 10))
    assert (
        said(customer, d(7, 11))
        == {
            "es": "Suspendido el 10 de julio: la factura A-102 vencía el 1 de julio, debe 300.00,"
            " el umbral es 0.00, no cumplió su promesa del 10 de julio.",
            "en": "Suspended on 10 July: invoice A-102 was due on 1 July, he owes 300.00,"
            " the threshold is 0.00, he did not keep his promise of 10 July.",
        }[language]
    )


def test_why_he_was_cut_for_several_invoices(street: Street, language: str) -> None:
    customer = street.owing(own=calendar_numbers(28, 1, 5) | {"cut_after": 2})
    street.create(d(7, 28))
    street.cut(d(8, 5))
    assert (
        said(customer, d(8, 5))
        == {
            "es": "Suspendido el 5 de agosto: 2 facturas vencidas de 2 que cortan, la más antigua"
            " desde el 1 de julio, debe 600.00, el umbral es 0.00, sin promesa vigente.",
            "en": "Suspended on 5 August: 2 invoices are overdue, of 2 that cut, the oldest"
            " since 1 July, he owes 600.00, the threshold is 0.00, without a live promise.",
        }[language]
    )


def test_a_trace_of_old_without_numbers_still_reads(street: Street, language: str) -> None:
    street.owing()
    street.cut(d(7, 5))
    row = Suspension.objects.get()
    del row.trace[0]["params"]["oldest"]
    assert {
        "es": "Suspendido el 5 de julio: una factura vencía el 1 de julio, debe 300.00,",
        "en": "Suspended on 5 July: an invoice was due on 1 July, he owes 300.00,",
    }[language] in why_suspended(row, "MXN", d(7, 6))
    row.trace = []
    assert why_suspended(row, "MXN", d(7, 6))


@pytest.mark.parametrize(
    ("fields", "es", "en"),
    [
        (
            {},
            "Se corta el 5 de julio si no paga: la factura A-102 vencía el 1 de julio,"
            " debe 300.00.",
            "He is cut on 5 July if he does not pay: invoice A-102 was due on 1 July,"
            " he owes 300.00.",
        ),
        (
            {"may_be_cut": False},
            "No se corta porque está marcado para no cortarse nunca.",
            "He is not cut because he is marked as never to be cut.",
        ),
        (
            {"own": calendar_numbers(28, 1, 5) | {"cut_after": 3}},
            "No se corta porque debe menos facturas vencidas (1) de las que cortan (3).",
            "He is not cut because 3 overdue invoices cut and he owes 1.",
        ),
    ],
)
def test_why_he_is_not_cut(
    numbered: Street, language: str, fields: dict[str, Any], es: str, en: str
) -> None:
    on = d(7, 6) if fields else d(7, 2)
    assert said(numbered.owing(**fields), on) == {"es": es, "en": en}[language]


def test_why_he_is_not_cut_although_he_owes(numbered: Street, language: str) -> None:
    promised, small, helped = (numbered.owing() for _ in range(3))
    numbered.promise(promised, d(7, 4), d(7, 10))
    numbered.company.unlock_value = 50
    numbered.company.save()
    numbered.pay(small, "250.00", d(7, 4))
    numbered.cut(d(7, 5))
    numbered.enable(helped, d(7, 6))
    texts = {
        "es": (
            "No se corta porque promete pagar el 10 de julio. Se corta el 10 de julio si no paga.",
            "No se corta porque debe 50.00 y hasta 50.00 no se corta a nadie.",
            "No se corta porque se activó a mano el 6 de julio: lo que ya había vencido no corta.",
        ),
        "en": (
            "He is not cut because he promises to pay by 10 July."
            " He is cut on 10 July if he does not pay.",
            "He is not cut because he owes 50.00 and up to 50.00 nobody is cut.",
            "He is not cut because he was enabled by hand on 6 July: what was overdue by then"
            " does not cut.",
        ),
    }
    assert tuple(said(each, d(7, 7)) for each in (promised, small, helped)) == texts[language]
    assert said(promised, d(7, 4)).startswith(
        {"es": "No se corta antes del 10 de julio", "en": "He is not cut before 10 July"}[language]
    )


def test_a_day_without_cuts_says_so_and_when_he_is_cut(numbered: Street, language: str) -> None:
    numbered.rules(no_cut_weekdays=[6])
    customer = numbered.owing()
    assert (
        said(customer, d(7, 5))
        == {
            "es": "Hoy no se corta porque el 5 de julio es un día sin cortes."
            " Se corta el 6 de julio si no paga.",
            "en": "He is not cut today because nobody is cut on 5 July."
            " He is cut on 6 July if he does not pay.",
        }[language]
    )


def test_who_owes_nothing_has_no_sentence_and_a_hand_has_its_name(
    street: Street, language: str
) -> None:
    customer = street.customer()
    assert said(customer, d(7, 5)) == ""
    customers.suspend(
        actor=CLERK,
        now=at(d(7, 5)),
        today=d(7, 5),
        service=street.service(customer),
        reason="manual",
        note="Cambio de domicilio",
    )
    assert said(customer, d(7, 6)).startswith(
        {"es": "Suspendido a mano el 5 de julio por", "en": "Suspended by hand on 5 July by"}[
            language
        ]
    )
    assert said(customer, d(7, 6)).endswith(": Cambio de domicilio.")


def test_a_limit_from_which_on_is_cut_is_said_as_such(numbered: Street) -> None:
    numbered.rules(debt_limit="at-least")
    numbered.company.unlock_value = Decimal("50.00")
    numbered.company.save()
    customer = numbered.owing()
    numbered.pay(customer, "250.01", d(7, 2))
    with translation.override("en"):
        assert said(customer, d(7, 6)) == (
            "He is not cut because he owes 49.99: who owes 50.00 or more is cut."
        )
        numbered.delete(Payment.objects.get(), d(7, 6))
        numbered.cut(d(7, 6))
        assert said(customer, d(7, 6)) == (
            "Suspended on 6 July: invoice A-102 was due on 1 July, he owes 300.00,"
            " who owes 50.00 or more is cut, without a live promise."
        )
