"""Who sees the notice that he owes, on which days (P35), and the reminders of each company."""

from caudal.apps.billing.tests.world import at, d
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.dunning.notices import leave_notices, notified, sees_notice
from caudal.apps.dunning.tests.street import Street
from caudal.apps.messaging.models import Delivery


def seen_on(day: int) -> set[str]:
    ids = notified(Customer.objects.all(), d(7, day))
    return set(Customer.objects.filter(pk__in=ids).values_list("name", flat=True))


def test_windows_say_who_sees_the_notice(street: Street) -> None:
    street.customer(name="Otros", may_be_cut=False)
    street.customer(name="Ramírez", notice_from_day=1, notice_to_day=8)
    street.customer(name="Sin preaviso", may_be_notified=False)
    street.customer(name="Gratis", is_invoiced=False)
    paid = street.customer(name="Pagado")
    street.create(d(6, 28))
    street.pay(paid, "300.00", d(7, 1))
    assert seen_on(8) == {"Otros", "Ramírez"}
    assert seen_on(9) == seen_on(10) == {"Otros"}
    assert seen_on(11) == set()
    assert not sees_notice(paid, d(7, 8))


def test_the_window_of_the_company_may_be_another(street: Street) -> None:
    street.rules(notice_from_day=15, notice_to_day=20)
    customer = street.owing(may_be_cut=False)
    assert [day for day in (10, 15, 20, 21) if sees_notice(customer, d(7, day))] == [15, 20]


def test_reminders_come_before_and_after_as_the_company_says(street: Street) -> None:
    street.rules(reminder_days=[-1, 3])
    customer = street.customer()
    Contact.objects.create(customer=customer, kind="email", value="ana@example.org")
    street.create(d(6, 28))
    told = []
    for day in (d(6, 29), d(6, 30), d(7, 1), d(7, 2), d(7, 4), d(7, 5)):
        for hour in (7, 8):
            leave_notices(day, at(day, hour))
        reminders = Delivery.objects.filter(occasion="payment_reminder")
        told.append(reminders.count())
    assert told == [0, 1, 2, 2, 3, 3]
