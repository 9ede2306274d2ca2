"""A service browses only while no reason against it is open."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions
from caudal.apps.customers.models import Service, ServiceState, SuspensionReason
from caudal.apps.customers.tests.conftest import CLERK, NOW, TODAY
from caudal.apps.staff.models import JournalEntry
from caudal.core.errors import RuleError

LATER = NOW + timedelta(hours=1)


def suspend(service: Service, reason: str, **kwargs: object) -> bool:
    return actions.suspend(
        actor=CLERK, now=NOW, today=TODAY, service=service, reason=reason, **kwargs
    )


def lift(service: Service, reason: str) -> bool:
    return actions.lift(actor=CLERK, now=LATER, service=service, reason=reason)


def open_reasons(service: Service) -> set[str]:
    return set(service.suspensions.filter(closed_at=None).values_list("reason", flat=True))


def test_a_suspension_is_a_row_that_keeps_who_when_and_why(service: Service) -> None:
    trace = [{"rule": "CUT-1", "code": "enough-overdue", "params": {}}]
    assert suspend(service, SuspensionReason.UNPAID, note="2 facturas", trace=trace, automatic=True)
    row = service.suspensions.get()
    assert (row.opened_on, row.opened_by, row.is_automatic) == (TODAY, "test", True)
    assert (row.note, row.trace, row.closed_at) == ("2 facturas", trace, None)
    assert service.state == ServiceState.SUSPENDED


def test_suspending_twice_for_one_reason_is_once(service: Service) -> None:
    assert suspend(service, SuspensionReason.UNPAID)
    revision = service.revision
    assert not suspend(service, SuspensionReason.UNPAID)
    assert service.suspensions.count() == 1
    assert Service.objects.get().revision == revision


def test_a_payment_lifts_only_the_unpaid_reason(service: Service) -> None:
    suspend(service, SuspensionReason.UNPAID)
    suspend(service, SuspensionReason.ABUSE)
    assert lift(service, SuspensionReason.UNPAID)
    service.refresh_from_db()
    assert service.state == ServiceState.SUSPENDED
    assert open_reasons(service) == {SuspensionReason.ABUSE}


def test_the_last_reason_lifted_makes_it_active(service: Service) -> None:
    suspend(service, SuspensionReason.UNPAID)
    assert lift(service, SuspensionReason.UNPAID)
    service.refresh_from_db()
    assert service.state == ServiceState.ACTIVE
    row = service.suspensions.get()
    assert (row.closed_at, row.closed_by) == (LATER, "test")


def test_lifting_what_is_not_open_changes_nothing(service: Service) -> None:
    suspend(service, SuspensionReason.HOLD)
    before = Service.objects.values().get()
    assert not lift(service, SuspensionReason.UNPAID)
    assert Service.objects.values().get() == before


def test_every_change_of_state_is_one_revision_and_one_journal_entry(service: Service) -> None:
    suspend(service, SuspensionReason.MANUAL, note="pidió baja temporal")
    lift(service, SuspensionReason.MANUAL)
    stored = Service.objects.get()
    assert (stored.revision, service.revision, stored.changed_at) == (3, 3, LATER)
    entries = JournalEntry.objects.filter(subject_kind="customers.service").order_by("id")
    assert [entry.verb for entry in entries] == [
        "service.add",
        "service.suspend",
        "service.lift",
    ]
    assert entries[1].before == {"state": "active"}
    assert entries[1].after == {"state": "suspended", "reason": "manual"}
    assert entries[1].note == "pidió baja temporal"
    assert {entry.customer_id for entry in entries} == {service.customer_id}


def test_a_stale_object_does_not_undo_what_another_worker_did(service: Service) -> None:
    other = Service.objects.get(pk=service.pk)
    suspend(other, SuspensionReason.ABUSE)
    assert suspend(service, SuspensionReason.UNPAID)
    assert open_reasons(service) == {SuspensionReason.ABUSE, SuspensionReason.UNPAID}
    assert service.revision == 3


def test_a_cancelled_service_cannot_be_suspended(service: Service) -> None:
    actions.cancel(actor=CLERK, now=NOW, service=service, last_day=TODAY, reason="se mudó")
    with pytest.raises(RuleError) as refusal:
        suspend(service, SuspensionReason.UNPAID)
    assert refusal.value.code == "not-allowed-in-state"


def test_cancelling_ends_open_suspensions_and_keeps_the_day(service: Service) -> None:
    suspend(service, SuspensionReason.UNPAID)
    actions.cancel(actor=CLERK, now=LATER, service=service, last_day=TODAY, reason="se mudó")
    service.refresh_from_db()
    assert (service.state, service.cancelled_on) == (ServiceState.CANCELLED, TODAY)
    assert service.cancel_reason == "se mudó"
    assert open_reasons(service) == set()
    with pytest.raises(RuleError):
        actions.cancel(actor=CLERK, now=LATER, service=service, last_day=TODAY, reason="otra vez")


def test_a_service_cannot_end_before_it_began(service: Service) -> None:
    last_day = TODAY - timedelta(days=2)
    with pytest.raises(RuleError) as refusal:
        actions.cancel(actor=CLERK, now=NOW, service=service, last_day=last_day, reason="error")
    assert refusal.value.code == "period-reversed"
    assert Service.objects.get().state == ServiceState.ACTIVE


def test_a_customer_who_returns_is_billed_from_his_new_day(service: Service) -> None:
    actions.cancel(actor=CLERK, now=NOW, service=service, last_day=TODAY, reason="se mudó")
    actions.reactivate(actor=CLERK, now=LATER, service=service, started_on=date(2026, 9, 1))
    service.refresh_from_db()
    assert (service.state, service.cancelled_on) == (ServiceState.ACTIVE, None)
    assert service.started_on == date(2026, 9, 1)


def test_a_pending_service_is_activated_on_its_day(customer, plan: Plan) -> None:
    service = actions.add_service(
        actor=CLERK,
        now=NOW,
        customer=customer,
        plan=plan,
        started_on=TODAY,
        state=ServiceState.PENDING,
    )
    actions.activate(actor=CLERK, now=NOW, service=service, started_on=date(2026, 7, 9))
    service.refresh_from_db()
    assert (service.state, service.started_on) == (ServiceState.ACTIVE, date(2026, 7, 9))
    with pytest.raises(RuleError):
        actions.activate(actor=CLERK, now=NOW, service=service, started_on=TODAY)


def test_services_of_a_customer_are_numbered_in_order(service: Service, plan: Plan) -> None:
    second = actions.add_service(
        actor=CLERK, now=NOW, customer=service.customer, plan=plan, started_on=TODAY
    )
    assert (service.number, second.number) == (1, 2)


def test_another_plan_ends_the_price_agreed_for_the_old_one(service: Service) -> None:
    actions.change_price(actor=CLERK, now=NOW, service=service, price=Decimal(200))
    faster = Plan.objects.create(
        name="Pro 50Mb", price=Decimal(450), down_kbps=50_000, up_kbps=5_000
    )
    actions.change_plan(actor=CLERK, now=NOW, service=service, plan=faster)
    service.refresh_from_db()
    assert (service.plan, service.price, service.revision) == (faster, None, 2)


def test_a_negative_price_is_refused_beside_its_field(service: Service) -> None:
    with pytest.raises(ValidationError) as refusal:
        actions.change_price(actor=CLERK, now=NOW, service=service, price=Decimal(-1))
    assert list(refusal.value.message_dict) == ["price"]
    with pytest.raises(ValidationError):
        actions.add_service(
            actor=CLERK,
            now=NOW,
            customer=service.customer,
            plan=service.plan,
            started_on=TODAY,
            price=Decimal(-1),
        )
    assert Service.objects.count() == 1
