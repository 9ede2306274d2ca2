"""Mercado Pago from link to payment to charge-back, against the practice gateway on a socket."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.clock.now import now
from caudal.apps.payments.models import Payment
from caudal.apps.staff.models import JournalEntry
from caudal.apps.treasury import collect
from caudal.apps.treasury.models import Gateway, GatewayEvent, GatewayPayment
from caudal.apps.treasury.tests.counter import Counter, post
from caudal.core.ports.gateway import GatewayError
from caudal.integrations import manifest
from caudal.practice.gateway import PracticeGateway
from caudal.practice.gateway.notices import Sent

LONG_AFTER = datetime(2030, 1, 1, tzinfo=UTC)


def bring(client: Client, sent: Sent) -> int:
    query = "?" + sent.url.partition("?")[2]
    return post(client, "mp", sent.body, sent.headers, query)


def bring_all(client: Client, practice: PracticeGateway) -> list[int]:
    waiting, practice.outbox = practice.outbox, []
    return [bring(client, sent) for sent in waiting]


def work() -> None:
    for event in collect.waiting(now()):
        collect.work_off(event, now())


def test_p40_by_notices_that_only_name_the_payment(
    counter: Counter, client: Client, practice: PracticeGateway
) -> None:
    gateway = counter.mercado_pago(practice)
    customer = counter.customer()
    counter.run(d(6, 28))
    link = collect.link(actor=CLERK, now=at(d(7, 1)), gateway=gateway, customer=customer)
    assert link.url.startswith(f"{practice.url}/checkout/start")
    assert practice.preferences["pref-1"]["external_reference"] == link.reference
    paid = practice.pay(link.reference, "300.00")
    first = practice.outbox[0]
    assert [bring(client, first) for _ in range(3)] == [200, 200, 200]
    assert GatewayEvent.objects.get().state == "waiting"
    work()
    assert counter.balance(customer) == 0
    practice.tell(paid.id)
    forged = Sent(first.url.replace(paid.id, "9999"), first.headers, first.body)
    assert bring(client, forged) == 401
    practice.outbox = practice.outbox[1:]
    assert bring_all(client, practice) == [200]
    work()
    assert [row.external_id for row in Payment.objects.all()] == [paid.id]
    assert set(GatewayEvent.objects.values_list("state", flat=True)) == {"done", "late"}


def test_a_part_given_back_is_owed_again_and_a_charge_back_reverses_all(
    counter: Counter, client: Client, practice: PracticeGateway
) -> None:
    gateway = counter.mercado_pago(practice)
    customer = counter.customer()
    counter.run(d(6, 28))
    link = collect.link(actor=CLERK, now=at(d(7, 1)), gateway=gateway, customer=customer)
    paid = practice.pay(link.reference, "300.00")
    bring_all(client, practice)
    work()
    practice.change(paid.id, "approved", refunded="50")
    bring_all(client, practice)
    work()
    assert GatewayPayment.objects.get().unmatched == ""
    assert counter.balance(customer) == 50
    practice.change(paid.id, "charged_back")
    bring_all(client, practice)
    work()
    assert counter.balance(customer) == 300
    row = GatewayPayment.objects.get()
    assert (row.status, row.unmatched) == ("charged_back", "")


def test_a_gateway_that_is_down_is_asked_again(
    counter: Counter, client: Client, practice: PracticeGateway
) -> None:
    counter.mercado_pago(practice)
    customer = counter.customer()
    counter.run(d(6, 28))
    practice.pay(customer.code, "300.00")
    practice.is_down = True
    bring_all(client, practice)
    work()
    event = GatewayEvent.objects.get()
    assert (event.state, event.tries) == ("waiting", 1)
    assert collect.waiting(now()) == []
    practice.is_down = False
    collect.work_off(collect.waiting(LONG_AFTER)[0], now())
    assert counter.balance(customer) == 0


def test_a_link_of_a_gratis_customer_or_for_a_free_invoice_is_refused(
    counter: Counter, practice: PracticeGateway
) -> None:
    gateway = counter.mercado_pago(practice)
    gratis = counter.customer()
    counter.run(d(6, 28))
    gratis.is_invoiced = False
    gratis.save()
    with pytest.raises(ValueError, match="not-offered"):
        collect.link(actor=CLERK, now=at(d(7, 1)), gateway=gateway, customer=gratis)
    assert practice.preferences == {}


def test_the_connection_is_tried_with_the_credentials(
    counter: Counter, practice: PracticeGateway
) -> None:
    gateway = counter.mercado_pago(practice)
    assert collect.check(gateway) == "PRACTICA"
    practice.token = "another"
    with pytest.raises(GatewayError, match="login-refused"):
        collect.check(gateway)
    practice.__exit__()
    with pytest.raises(GatewayError, match="unreachable"):
        collect.check(gateway)


def test_secrets_are_encrypted_and_shown_nowhere(
    counter: Counter, practice: PracticeGateway
) -> None:
    counter.mercado_pago(practice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM treasury_gateway")
        stored = cursor.fetchone()[0]
    assert practice.token not in stored and practice.key not in stored
    assert practice.key in Gateway.objects.get().secrets
    made = manifest("gateways", "mercadopago").config(practice.token, practice.key)
    assert practice.token not in repr(made) and practice.key not in repr(made)
    assert practice.key not in str(JournalEntry.objects.get(verb="treasury.create_gateway").after)
