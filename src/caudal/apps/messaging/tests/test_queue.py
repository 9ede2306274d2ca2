"""Leaving messages: once per key, in the words of the templates, whatever the templates hold."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from caudal.apps.messaging import actions
from caudal.apps.messaging.defaults import DEFAULTS
from caudal.apps.messaging.models import Delivery, Template
from caudal.apps.messaging.occasions import Occasion, sample
from caudal.apps.messaging.render import TemplateError, check, render
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import JournalEntry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 28, 12, tzinfo=UTC)


def leave(key: str = "invoice:1:issued", **changes: object) -> None:
    values: dict = {
        "to": "maria@correo.example",
        "occasion": Occasion.INVOICE_ISSUED,
        "context": sample(Occasion.INVOICE_ISSUED),
        "customer_id": 7,
        "now": NOW,
    }
    actions.queue(key=key, **(values | changes))


def template(occasion: str = "invoice_issued", language: str = "es") -> Template:
    return Template.objects.get(occasion=occasion, language=language)


def test_a_message_is_left_once_per_key() -> None:
    leave()
    leave(to="other@correo.example")
    assert Delivery.objects.get().to == "maria@correo.example"


def test_amounts_and_dates_are_written_as_people_read_them() -> None:
    leave(context=sample("invoice_issued") | {"currency": "MXN"})
    body = Delivery.objects.get().body
    assert "$250.00" in body
    assert "1 de agosto de 2026" in body


def test_without_an_address_nothing_is_left() -> None:
    leave(to="")
    assert not Delivery.objects.exists()


def test_a_template_switched_off_silences_its_occasion() -> None:
    Template.objects.filter(occasion="invoice_issued").update(is_active=False)
    leave()
    assert not Delivery.objects.exists()


def test_many_are_left_with_two_queries(django_assert_num_queries) -> None:
    notices = [
        actions.Notice(f"k{n}", "a@b.example", "welcome", sample("welcome"), n) for n in range(50)
    ]
    with django_assert_num_queries(2):
        actions.queue_all(notices, now=NOW)
    assert Delivery.objects.count() == 50


@pytest.mark.parametrize("occasion", Occasion.values)
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_occasion_has_a_text_that_uses_its_variables(occasion: str, language: str) -> None:
    row = template(occasion, language)
    text = render(row.subject, row.body, sample(occasion), language)
    assert "{" not in text.subject + text.body
    apart = {"device": "sector 1", "router": "Torre Norte"}
    assert apart.get(occasion.partition("_")[0], "María Peña Núñez") in text.body
    assert (row.subject, row.body) == DEFAULTS[occasion, language]


def test_unknown_variables_leave_nothing() -> None:
    assert render("a{{ nobody.knows.this }}b", "{{ x }}", {}).subject == "ab"


def test_a_subject_cannot_smuggle_headers() -> None:
    text = render("{{ name }}", "-", {"name": "Eva\r\nBcc: all@example.org"})
    assert text.subject == "Eva Bcc: all@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in (1..999999999) %}x{% endfor %}",
        "{% for i in (1..2000) %}" + "x" * 100 + "{% endfor %}",
        "{{ 'a'" + " | replace: 'a', 'aaaaaaaaaa'" * 12 + " }}",
        "{% assign x = 'a' %}{% for i in (1..60) %}{% assign x = x | append: x %}{% endfor %}",
        "{% if a %}" * 50 + "{% endif %}" * 50,
    ],
)
def test_a_template_cannot_fill_the_machine(text: str) -> None:
    with pytest.raises(TemplateError):
        check(text)


def test_python_is_out_of_reach() -> None:
    text = "{{ customer.__class__ }}{{ customer.name.__class__.__mro__ }}{{ self }}{{ settings }}"
    assert render("-", text, {"customer": {"name": "Eva"}}).body.strip() == ""


def test_a_template_that_does_not_read_is_refused_with_its_line() -> None:
    row = template()
    with pytest.raises(TemplateError) as refused:
        actions.edit_template(
            actor=Actor.system("test"),
            now=NOW,
            template=row,
            subject="Hola",
            body="Uno\ndos\n{% if invoice %}\n",
            is_active=True,
        )
    assert refused.value.line >= 3
    row.refresh_from_db()
    assert row.body == DEFAULTS["invoice_issued", "es"][1]


def test_an_edited_template_is_used_and_journalled() -> None:
    actions.edit_template(
        actor=Actor.system("test"),
        now=NOW,
        template=template(),
        subject="Factura nueva",
        body="Hola {{ customer.name }}",
        is_active=True,
    )
    leave()
    assert Delivery.objects.get().subject == "Factura nueva"
    entry = JournalEntry.objects.get(verb="messages.edit_template")
    assert entry.after["subject"] == "Factura nueva"


def test_a_text_that_fails_on_these_values_falls_back_to_the_original() -> None:
    Template.objects.filter(pk=template().pk).update(body="{{ 5 | divided_by: zero }}")
    leave(context=sample("invoice_issued") | {"zero": 0})
    assert "ya está lista" in Delivery.objects.get().body


def test_a_message_sent_again_is_a_new_row() -> None:
    leave()
    first = Delivery.objects.get()
    for _ in range(2):
        actions.resend(actor=Actor.system("test"), now=NOW, delivery=first)
    keys = Delivery.objects.values_list("key", flat=True)
    assert sorted(keys) == ["invoice:1:issued", "invoice:1:issued#2", "invoice:1:issued#3"]
    assert JournalEntry.objects.filter(verb="messages.resend", customer_id=7).count() == 2


def test_only_waiting_messages_are_withdrawn() -> None:
    leave()
    row = Delivery.objects.get()
    assert actions.withdraw(actor=Actor.system("test"), now=NOW, delivery=row)
    assert not actions.withdraw(actor=Actor.system("test"), now=NOW, delivery=row)


def test_numbers_without_a_currency_are_still_written() -> None:
    text = render("-", "{{ n }} {{ d }}", {"n": Decimal("1234.5"), "d": date(2026, 1, 2)}, "en")
    assert text.body == "1,234.50 January 2, 2026\n"
