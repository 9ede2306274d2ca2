"""What messages about money say: the values of their templates, and where they go."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Contact, Customer, Service
from caudal.apps.ledger.models import Balance
from caudal.apps.messaging.actions import Notice
from caudal.core.money import ZERO

WANTED = (Contact.Purpose.BILLING, Contact.Purpose.MAIN)
"""Which e-mail is taken, the first that there is."""


class Post:
    """Addresses and balances of some customers, read in two queries."""

    def __init__(self, customers: Iterable[int]) -> None:
        owners = set(customers)
        contacts = Contact.objects.filter(
            customer__in=owners, kind=Contact.Kind.EMAIL, purpose__in=WANTED
        )
        self._mail: dict[int, str] = {}
        for contact in sorted(contacts, key=lambda c: (WANTED.index(c.purpose), c.pk)):
            self._mail.setdefault(contact.customer_id, contact.value)
        self._owed = {
            (row.customer_id, row.company_id, row.currency): row.amount
            for row in Balance.objects.filter(customer__in=owners)
        }

    def address_of(self, customer_id: int) -> str:
        """Where he is written to; empty where he has no such e-mail."""
        return self._mail.get(customer_id, "")

    def notice(
        self,
        customer: Customer,
        occasion: str,
        key: str,
        currency: str,
        values: dict[str, Any],
        attachment: str = "",
    ) -> Notice:
        """A message to the customer; without an address it goes nowhere."""
        company = customer.company
        context = {
            "customer": {
                "name": customer.name,
                "code": customer.code,
                "address": customer.address,
            },
            "company": {"name": company.name, "phone": company.phone, "email": company.email},
            "balance": self._owed.get((customer.pk, company.pk, currency), ZERO),
            "currency": currency,
            **values,
        }
        return Notice(
            key=key,
            to=self.address_of(customer.pk),
            occasion=occasion,
            context=context,
            customer_id=customer.pk,
            attachment=attachment,
        )


def invoice_values(invoice: Invoice) -> dict[str, Any]:
    """What `invoice.…` stands for in a template."""
    return {
        "number": invoice.label,
        "total": invoice.total,
        "remaining": Decimal(invoice.remaining),
        "emission": invoice.emission,
        "due": invoice.due,
        "cut": invoice.cut or invoice.due,
    }


def service_values(service: Service) -> dict[str, Any]:
    """What `service.…` stands for; addresses are the network room's, which is not asked here."""
    return {"plan": service.plan.name, "address": ""}
