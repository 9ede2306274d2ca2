"""Who opens the page of the notice, by the address of his connection alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer, ServiceState
from caudal.apps.dunning.notices import notified, sees_notice
from caudal.apps.network.models import Connection
from caudal.apps.portal.models import NoticePage, Reading
from caudal.core.addressing import AddressError, parse_address


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the page may tell: the code to pay with and the debt, no name, address or document.

    Whoever sits in the customer's house can open it. `customer_id` is never shown.
    """

    customer_id: int
    code: str
    company: Company
    is_cut: bool
    is_reminded: bool
    debt: Decimal
    due: date | None


def visitor_at(address: str, today: date) -> Visitor | None:
    """Whose connection the address is; None where it is nobody's, or of two on two routers:
    one customer must not be shown another's debt."""
    try:
        canonical = str(parse_address(address))
    except AddressError:
        return None
    found = Connection.objects.live().filter(address=canonical)
    rows = list(found.select_related("service__customer__company__rules")[:2])
    if len(rows) != 1:
        return None
    service = rows[0].service
    customer = service.customer
    debt, due = _debt(customer.pk)
    is_cut = service.state != ServiceState.ACTIVE
    return Visitor(
        customer_id=customer.pk,
        code=customer.code,
        company=customer.company,
        is_cut=is_cut,
        is_reminded=not is_cut and sees_notice(customer, today),
        debt=debt,
        due=due,
    )


def _debt(customer_id: int) -> tuple[Decimal, date | None]:
    """What is open on his service invoices, and since or until when it is to be paid."""
    invoices = Invoice.objects.service().unpaid().filter(customer=customer_id)
    rows = list(invoices.values_list("remaining", "due"))
    return sum((left for left, _ in rows), Decimal(0)), min((due for _, due in rows), default=None)


def company_of_page() -> Company | None:
    """Whose words a stranger sees: the first company in use."""
    return Company.objects.filter(is_active=True).order_by("pk").first()


def page_of(company: Company) -> NoticePage:
    """Her words, or a page without any."""
    found = NoticePage.objects.filter(company=company).first()
    return found or NoticePage(company=company)


def sample_visitor(company: Company, today: date, *, is_cut: bool) -> Visitor:
    """Somebody who is not there, to look at the page with."""
    due = today - timedelta(days=5) if is_cut else today + timedelta(days=3)
    return Visitor(0, "1042", company, is_cut, not is_cut, Decimal("350.00"), due)


def unread(today: date, now: datetime) -> set[int]:
    """Who is to be reminded on that day and has not read it within his company's hours."""
    hours = dict(NoticePage.objects.values_list("company", "every_hours"))
    usual = NoticePage().every_hours
    owing = notified(Customer.objects.all(), today)
    readings = Reading.objects.filter(customer__in=owing)
    rows = readings.values_list("customer", "customer__company", "read_at")
    read = {
        customer
        for customer, company, at in rows
        if at > now - timedelta(hours=hours.get(company, usual))
    }
    return owing - read
