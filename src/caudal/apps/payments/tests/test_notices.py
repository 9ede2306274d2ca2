"""What customers are told: invoices, days to pay, cuts, payments; each once."""

from caudal.apps.billing.tests.world import at, d
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.dunning.notices import leave_notices
from caudal.apps.messaging.models import Delivery
from caudal.apps.payments.tests.till import Till


def with_mail(customer: Customer, address: str = "ana@example.org") -> Customer:
    Contact.objects.create(customer=customer, kind="email", value=address)
    return customer


def told() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("id").values_list("occasion", "to"))


def test_an_invoice_is_told_once_and_reminded_on_its_last_day(till: Till) -> None:
    with_mail(till.customer())
    till.create(d(6, 28))
    for hour in (7, 8):
        leave_notices(d(6, 28), at(d(6, 28), hour))
    assert told() == [("invoice_issued", "ana@example.org")]
    assert Delivery.objects.get().attachment.startswith("invoice:")
    for _ in range(2):
        leave_notices(d(7, 1), at(d(7, 1), 7))
    assert [occasion for occasion, _ in told()] == ["invoice_issued", "payment_reminder"]
    leave_notices(d(7, 2), at(d(7, 2), 7))
    assert len(told()) == 2


def test_cut_payment_and_restored_service_are_told(till: Till) -> None:
    customer = with_mail(till.customer())
    till.run(d(6, 28))
    till.run(d(7, 5))
    till.pay(customer, "300.00", d(7, 6))
    occasions = [occasion for occasion, _ in told()]
    assert occasions == ["cut_notice", "payment_receipt", "service_restored"]


def test_zero_invoices_and_people_who_want_no_notices_are_left_alone(till: Till) -> None:
    with_mail(till.customer(may_be_notified=False))
    with_mail(till.customer(plan=till.create_plan("0.00")), "b@example.org")
    with_mail(till.customer(mail_invoices=False), "c@example.org")
    till.customer()
    till.create(d(6, 28))
    leave_notices(d(6, 28), at(d(6, 28), 7))
    assert told() == []


def test_the_billing_address_wins_and_reminders_keep_to_the_customers_window(till: Till) -> None:
    customer = with_mail(till.customer(notice_from_day=10, notice_to_day=20))
    Contact.objects.create(
        customer=customer, kind="email", purpose="billing", value="pagos@example.org"
    )
    till.create(d(6, 28))
    leave_notices(d(6, 28), at(d(6, 28), 7))
    assert told() == [("invoice_issued", "pagos@example.org")]
    leave_notices(d(7, 1), at(d(7, 1), 7))
    assert len(told()) == 1
