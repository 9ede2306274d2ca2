"""The turns that an invoice takes of products, discounts and waiting items: taken, given back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from caudal.apps.billing.drafts import Draft
from caudal.apps.billing.models import (
    Adjustment,
    CustomerProduct,
    Discount,
    DiscountUse,
    Invoice,
    InvoiceLine,
    PendingItem,
    ProductCharge,
)
from caudal.store.bulk import insert, insert_values
from caudal.store.lookups import Among

CHARGE = ("customer_product_id", "invoice_id", "number", "cycle", "amount", "is_void")
Pair = tuple[Draft, Invoice]


def take_turns(pairs: Sequence[Pair], now: datetime) -> None:
    """Write what the drafts took. The number of queries does not depend on how many there are."""
    _take_products(pairs, now)
    _take_discounts(pairs)
    _take_items(pairs)
    _take_debits(pairs)


def give_back(invoice: Invoice) -> None:
    """A void invoice leaves products, discounts and items as if it had not been."""
    _give_charges(list(invoice.product_charges.filter(is_void=False)))
    _give_uses(list(invoice.discount_uses.filter(is_void=False)))
    invoice.pending_items.update(invoice=None)


def give_back_line(invoice: Invoice, line: InvoiceLine) -> None:
    """What one line charged waits for another invoice: its product, its discount or its item.

    Any other line leaves nothing that waits.
    """
    kinds = InvoiceLine.Kind
    if line.kind == kinds.PRODUCT:
        found = invoice.product_charges.filter(is_void=False, amount=line.unit_price)
        rows = [each for each in found if _is_of(line, each)]
        _give_charges(rows[:1])
    elif line.kind == kinds.DISCOUNT:
        uses = invoice.discount_uses.filter(
            is_void=False, amount=-line.unit_price, discount__description=line.description
        )
        _give_uses(list(uses[:1]))
    elif line.kind == kinds.PENDING:
        items = invoice.pending_items.filter(amount=line.unit_price, description=line.description)
        for item in items[:1]:
            item.invoice = None
            item.save(update_fields=["invoice"])


def shown_name(sold: CustomerProduct, number: int) -> str:
    """What an invoice calls the charge of that number."""
    if sold.billing != CustomerProduct.Billing.INSTALMENTS:
        return sold.description
    return f"{sold.description} ({number}/{sold.instalments})"


def _is_of(line: InvoiceLine, charge: ProductCharge) -> bool:
    sold = charge.customer_product
    is_his = sold.service_id in (None, line.service_id)
    return is_his and line.description == shown_name(sold, charge.number)


def _give_charges(charges: Sequence[ProductCharge]) -> None:
    ProductCharge.objects.filter(pk__in=[row.pk for row in charges]).update(is_void=True)
    for charge in charges:
        CustomerProduct.objects.filter(pk=charge.customer_product_id).update(
            billed=F("billed") - 1, completed_at=None
        )


def _give_uses(uses: Sequence[DiscountUse]) -> None:
    DiscountUse.objects.filter(pk__in=[row.pk for row in uses]).update(is_void=True)
    for use in uses:
        Discount.objects.filter(pk=use.discount_id).update(used=F("used") - 1)


def _take_products(pairs: Sequence[Pair], now: datetime) -> None:
    turns = [(turn, invoice) for draft, invoice in pairs for turn in draft.products]
    if not turns:
        return
    insert_values(
        ProductCharge,
        CHARGE,
        [
            (turn.sold, invoice.id, turn.number, turn.cycle, turn.amount, False)
            for turn, invoice in turns
        ],
    )
    sold = CustomerProduct.objects
    new = [turn.sold for turn, _ in turns if turn.is_new]
    again = [turn.sold for turn, _ in turns if not turn.is_new]
    sold.filter(Among("id", new)).update(billed=F("billed") + 1, numbered=F("numbered") + 1)
    if again:
        sold.filter(Among("id", again)).update(billed=F("billed") + 1)
    if done := [turn.sold for turn, _ in turns if turn.completes]:
        sold.filter(Among("id", done)).update(completed_at=now)


def _take_discounts(pairs: Sequence[Pair]) -> None:
    turns = [(turn, invoice) for draft, invoice in pairs for turn in draft.discounts]
    if not turns:
        return
    insert(
        [
            DiscountUse(
                discount_id=turn.discount, invoice_id=invoice.id, cycle=turn.cycle,
                amount=turn.amount,
            )
            for turn, invoice in turns
        ]
    )  # fmt: skip
    used = [turn.discount for turn, _ in turns]
    Discount.objects.filter(Among("id", used)).update(used=F("used") + 1)


def _take_items(pairs: Sequence[Pair]) -> None:
    """An item that landed in part is that part; what is left of it waits as another one."""
    turns = {turn.item: (turn, invoice) for draft, invoice in pairs for turn in draft.items}
    if not turns:
        return
    items = list(PendingItem.objects.filter(Among("id", turns)))
    rest = []
    for item in items:
        turn, item.invoice = turns[item.id]
        if turn.rest:
            item.amount = turn.taken
            rest.append(_rest_of(item, turn.rest))
    PendingItem.objects.bulk_update(items, ["invoice", "amount"])
    insert(rest)


def _rest_of(item: PendingItem, amount: Any) -> PendingItem:
    names = [field.attname for field in PendingItem._meta.concrete_fields]
    values = {name: getattr(item, name) for name in names}
    key = f"{item.origin_key}+" if item.origin_key else ""
    values |= {"id": None, "invoice_id": None, "amount": amount, "origin_key": key}
    return PendingItem(**values)


def _take_debits(pairs: Sequence[Pair]) -> None:
    landed = [
        Adjustment(pk=note, invoice=invoice) for draft, invoice in pairs for note, _ in draft.debits
    ]
    if landed:
        Adjustment.objects.bulk_update(landed, ["invoice"])
