"""P40: what a gateway tells, repeated, late and forged."""

import pytest
from django.test import Client

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.payments.models import Payment
from caudal.apps.treasury.actions import create_gateway
from caudal.apps.treasury.models import GatewayEvent
from caudal.apps.treasury.tests.counter import KEY, knock, told
from tests.flows.provider import Provider


def test_p40_duplicate_late_and_forged_notices(
    isp: Provider,
    client: Client,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    create_gateway(
        actor=CLERK, now=at(d(1, 1)), slug="pasarela", name="Pasarela", kind="signed",
        company=isp.company, cash_box=isp.create_box("Pasarela", "gateway"), settings={},
        secrets={"secret": KEY},
    )  # fmt: skip
    customer = isp.customer()
    isp.run(d(6, 28))
    approved = told("7001", "300.00", customer.code)
    pending = told("7001", "300.00", customer.code, "pending")
    answers = [knock(client, approved, "e1") for _ in range(3)]
    answers += [knock(client, pending, "e2"), knock(client, approved, "e3")]
    assert {answer // 100 for answer in answers} == {2}
    assert [payment.amount for payment in Payment.objects.all()] == [300]
    (invoice,) = isp.invoices(customer)
    assert (invoice.state, isp.balance(customer)) == ("paid", 0)
    events = GatewayEvent.objects.count()
    forged = told("7002", "300.00", customer.code)
    assert knock(client, forged, "e4", key="forged") in (400, 401)
    assert (GatewayEvent.objects.count(), Payment.objects.count()) == (events, 1)
    assert "notice_refused" in capsys.readouterr().out + caplog.text
