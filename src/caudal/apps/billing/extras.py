"""What service invoices take besides the plan: discounts, products, waiting items (PRD, ADJ)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from caudal.apps.billing.drafts import DiscountTurn, Draft, ItemTurn, Line, ProductTurn
from caudal.apps.billing.landing import shown_name
from caudal.apps.billing.models import (
    Adjustment,
    CustomerProduct,
    Discount,
    DiscountUse,
    InvoiceLine,
    PendingItem,
    ProductCharge,
)
from caudal.apps.billing.prices import parts_of
from caudal.apps.catalog.models import BillingRules
from caudal.apps.customers.models import Customer, Service
from caudal.core.discounts import discount_of, explain_discount
from caudal.core.money import ZERO, minor_digits
from caudal.core.periods import ONE_DAY, Part, Period, cycle_of
from caudal.core.products import (
    ProductBilling,
    explain_charge,
    explain_days,
    product_charge,
    product_days,
)
from caudal.core.proration import ProrationBase
from caudal.core.records import Reason, ReasonCode, Value
from caudal.core.settlement import cap_credit_lines
from caudal.store.lookups import Among
from caudal.store.rows import fetch

Row = TypeVar("Row", CustomerProduct, Discount)


class Extras:
    """The rows that wait for some customers' invoices of one emission, read in a few queries."""

    def __init__(self, customers: Sequence[Customer], emission: date, cycle: date) -> None:
        """`cycle` is the first day of the period: nothing is charged twice in one (GEN-2)."""
        self.emission = emission
        self.cycle = cycle
        ids = [customer.id for customer in customers]
        products = CustomerProduct.objects.filter(completed_at=None, cancelled_at=None)
        self.products = _by_customer(
            self._shown(products, ids, ProductCharge, "customer_product").order_by("id")
        )
        self.free_numbers = _free_numbers(each for rows in self.products.values() for each in rows)
        discounts = Discount.objects.filter(
            Q(months=None) | Q(used__lt=F("months")), cancelled_at=None
        )
        self.discounts = _by_customer(
            self._shown(discounts, ids, DiscountUse, "discount").order_by("id")
        )
        items = PendingItem.objects.filter(
            Among("customer_id", ids), invoice=None, cancelled_at=None
        )
        self.items = _by_customer(items.order_by("on", "id"))
        self.debits = _debits(customers)

    def _shown(
        self, rows: QuerySet[Any], ids: Sequence[int], turns: Any, name: str
    ) -> QuerySet[Any]:
        """PRD-4: both dates are emission dates, and both are included."""
        taken = turns.objects.filter(**{name: OuterRef("pk")}, cycle=self.cycle, is_void=False)
        return rows.filter(
            Q(starts=None) | Q(starts__lte=self.emission),
            Q(ends=None) | Q(ends__gte=self.emission),
            Among("customer_id", ids),
            ~Exists(taken),
        )

    def add(self, draft: Draft, service: Service, days: Period, payment_day: int) -> None:
        """Put on the draft what this service brings, each thing once.

        `days` are those of the period that it charges; the plan's lines are on the draft already.
        """
        if discounts := self._take(self.discounts, draft, service):
            self._discount(draft, service, discounts)
        for sold in self._take(self.products, draft, service):
            self._charge(draft, service, sold, days, payment_day)

    def finish(self, draft: Draft, billed: Iterable[int]) -> None:
        """Put on the draft the items that wait for one of its services, or for any.

        `billed` are all services of the customer that are still billed: what waits for another
        one lands on the first invoice that comes. The total never falls below zero (I12).
        """
        mine = draft.services
        others = set(billed) - mine
        waiting = self.items.get(draft.customer.id, [])
        items = [
            item
            for item in waiting
            if item.service_id not in others
            and (item.company_id, item.currency) == (draft.customer.company_id, draft.currency)
        ]
        waiting[:] = [item for item in waiting if item not in items]
        self._add_debits(draft)
        land_items(draft, sorted(items, key=lambda item: item.amount < 0))

    def _take(self, rows: dict[int, list[Row]], draft: Draft, service: Service) -> list[Row]:
        """Those of the service, and those of no service for the first one that is billed."""
        waiting = rows.get(draft.customer.id)
        if not waiting:
            return []
        mine = [
            row
            for row in waiting
            if row.service_id in (None, service.id) and row.currency == draft.currency
        ]
        waiting[:] = [row for row in waiting if row not in mine]
        return mine

    def _discount(self, draft: Draft, service: Service, discounts: Iterable[Discount]) -> None:
        plan = InvoiceLine.Kind.PLAN
        lines = [each for each in draft.lines if each.kind == plan]
        base = sum((each.amount for each in lines if each.service_id == service.id), ZERO)
        left, digits = base, minor_digits(draft.currency)
        for discount in discounts:
            terms = discount.terms
            taken = min(discount_of(terms, base, self.emission, discount.used, digits), left)
            if not taken:
                continue
            left -= taken
            reason = explain_discount(terms, base, taken, discount.used + 1)
            draft.discounts.append(DiscountTurn(discount.id, self.cycle, taken))
            draft.lines.append(
                _line(InvoiceLine.Kind.DISCOUNT, discount.description, -taken, service, reason)
            )

    def _charge(
        self, draft: Draft, service: Service, sold: CustomerProduct, days: Period, payment_day: int
    ) -> None:
        terms, digits = sold.terms, minor_digits(draft.currency)
        number = self._number(sold)
        charge = product_charge(terms, self.emission, number - 1, digits)
        if charge is None:
            return
        reasons = [explain_charge(charge, terms)]
        amount = charge.amount
        company = draft.customer.company
        if terms.billing is ProductBilling.RECURRING and company.rules.prorate_products:
            base = ProrationBase(company.prorate_base)
            amount, reasons = _prorated(sold, days, payment_day, digits, base)
            if not amount and sold.price:
                return
        draft.products.append(
            ProductTurn(
                sold.id, number, self.cycle, amount, sold.billed + 1 == sold.times,
                number > sold.numbered,
            )
        )  # fmt: skip
        draft.lines.append(
            Line(
                kind=InvoiceLine.Kind.PRODUCT,
                description=shown_name(sold, number),
                amount=amount,
                unit_price=amount,
                service_id=service.id,
                product_id=sold.product_id,
                trace=tuple(reasons),
            )
        )

    def _number(self, sold: CustomerProduct) -> int:
        """The turn that comes next; a voided instalment comes again before the later ones."""
        free = self.free_numbers.get(sold.id)
        return free[0] if free else sold.numbered + 1

    def _add_debits(self, draft: Draft) -> None:
        """RD-20, the other reading: debit notes as lines that bear tax."""
        waiting = self.debits.get(draft.customer.id, [])
        mine = [
            note
            for note in waiting
            if (note.company_id, note.currency) == (draft.customer.company_id, draft.currency)
        ]
        waiting[:] = [note for note in waiting if note not in mine]
        for note in mine:
            values: dict[str, Value] = {"on": note.on, "number": str(note)}
            reason = Reason("ADJ-4", ReasonCode.DEBIT_NOTE, values)
            draft.debits.append((note.id, note.amount))
            draft.lines.append(
                _line(InvoiceLine.Kind.DEBIT, note.reason, note.amount, None, reason)
            )


def _by_customer(rows: QuerySet[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in fetch(rows):
        found[row.customer_id].append(row)
    return found


def _free_numbers(products: Iterable[CustomerProduct]) -> dict[int, list[int]]:
    """Numbers that void invoices gave back, of products with a last one."""
    broken = {
        sold.id: sold for sold in products if sold.times is not None and sold.numbered > sold.billed
    }
    if not broken:
        return {}
    taken: dict[int, set[int]] = defaultdict(set)
    charges = ProductCharge.objects.filter(Among("customer_product_id", broken), is_void=False)
    for product, number in charges.values_list("customer_product_id", "number"):
        taken[product].add(number)
    return {
        pk: [number for number in range(1, sold.numbered + 1) if number not in taken[pk]]
        for pk, sold in broken.items()
    }


def _debits(customers: Sequence[Customer]) -> dict[int, list[Adjustment]]:
    line = BillingRules.DebitStyle.LINE
    owners = [c.id for c in customers if c.company.rules.debit_style == line]
    if not owners:
        return {}
    waiting = Adjustment.objects.filter(
        Among("customer_id", owners), kind=Adjustment.Kind.DEBIT, invoice=None
    )
    return _by_customer(waiting.order_by("on", "id"))


def land_items(draft: Draft, items: Sequence[PendingItem]) -> None:
    """Put them on the draft as lines; the last credits wait where the total would be negative."""
    lines = [line.amount for line in draft.lines]
    taken, waiting = cap_credit_lines([*lines, *(item.amount for item in items)])
    start = len(lines)
    for item, amount, rest in zip(items, taken[start:], waiting[start:], strict=True):
        if not amount:
            continue
        reasons = [Reason.from_plain(plain) for plain in item.trace]
        if rest:
            values = {"amount": item.amount, "taken": amount, "left": rest}
            reasons.append(Reason("ADJ-3", ReasonCode.CREDIT_WAITS, values))
        draft.items.append(ItemTurn(item.id, amount, rest))
        line = _line(InvoiceLine.Kind.PENDING, item.description, amount, None, *reasons)
        draft.lines.append(replace(line, service_id=item.service_id))


def _prorated(
    sold: CustomerProduct, days: Period, payment_day: int, digits: int, base: ProrationBase
) -> tuple[Decimal, list[Reason]]:
    """RD-23, the other reading: the days charged, and at first those since it began."""
    parts = list(parts_of(days, payment_day))
    before = cycle_of(payment_day, parts[0].cycle.first - ONE_DAY)
    if not sold.numbered and sold.starts and before.contains(sold.starts):
        parts.insert(0, Part(Period(sold.starts, before.last), before))
    amount, reasons = ZERO, []
    for each in parts:
        cost = product_days(sold.price, each.part, each.cycle, sold.starts, digits, base)
        amount += cost
        reasons.append(explain_days(sold.price, each.part, each.cycle, cost))
    return amount, reasons


def _line(
    kind: str, description: str, amount: Decimal, service: Service | None, *reasons: Reason
) -> Line:
    return Line(
        kind=kind,
        description=description,
        amount=amount,
        unit_price=amount,
        service_id=None if service is None else service.id,
        trace=reasons,
    )
