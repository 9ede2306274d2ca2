"""Every write of the billing room."""

from caudal.apps.billing.adjustments import adjust
from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.creation import create_invoices
from caudal.apps.billing.fixing import fix_date, free_date
from caudal.apps.billing.issuing import ManualLine, Order, draft_invoice, issue_invoice
from caudal.apps.billing.late_fees import charge_late_fees
from caudal.apps.billing.pending import cancel_item, leave_item
from caudal.apps.billing.requests import request_run
from caudal.apps.billing.selling import (
    Sale,
    add_discount,
    add_product,
    cancel_discount,
    cancel_product,
    end_product,
)
from caudal.apps.billing.settling import (
    give_again,
    open_credit,
    settle,
    settle_free_credit,
    take_back,
    withdraw,
)
from caudal.apps.billing.voiding import void_invoice

__all__ = [
    "ManualLine",
    "Order",
    "Sale",
    "add_discount",
    "add_product",
    "adjust",
    "cancel_discount",
    "cancel_item",
    "cancel_product",
    "charge_late_fees",
    "create_invoices",
    "draft_invoice",
    "end_product",
    "fix_date",
    "free_date",
    "give_again",
    "issue_invoice",
    "leave_item",
    "lock_customers",
    "open_credit",
    "request_run",
    "settle",
    "settle_free_credit",
    "take_back",
    "void_invoice",
    "withdraw",
]
