"""Every write of the billing room."""

from caudal.apps.billing.adjustments import adjust
from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.bridging import (
    bill_calendar_changes,
    change_calendar,
    change_payment_day,
    preview_bridge,
)
from caudal.apps.billing.cancelling import (
    Farewell,
    cancel_service,
    preview_cancellation,
    return_service,
    schedule_cancellation,
)
from caudal.apps.billing.corrections import Difference, net_of
from caudal.apps.billing.creation import create_invoices
from caudal.apps.billing.editing import Edit, EditedLine, edit_invoice, edited_draft
from caudal.apps.billing.fixing import fix_date, free_date
from caudal.apps.billing.holds import hold, preview_hold, release_hold, turn_holds
from caudal.apps.billing.issuing import ManualLine, Order, draft_invoice, issue_invoice
from caudal.apps.billing.late_fees import charge_late_fees
from caudal.apps.billing.merging import may_merge, merge_invoices, unmerge
from caudal.apps.billing.pending import cancel_item, leave_item
from caudal.apps.billing.plan_changes import (
    apply_plan_change,
    drop_change,
    preview_plan_change,
    schedule_plan_change,
)
from caudal.apps.billing.selling import (
    Sale,
    add_discount,
    add_product,
    cancel_discount,
    cancel_product,
    end_product,
    move_product,
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
    "Difference",
    "Edit",
    "EditedLine",
    "Farewell",
    "ManualLine",
    "Order",
    "Sale",
    "add_discount",
    "add_product",
    "adjust",
    "apply_plan_change",
    "bill_calendar_changes",
    "cancel_discount",
    "cancel_item",
    "cancel_product",
    "cancel_service",
    "change_calendar",
    "change_payment_day",
    "charge_late_fees",
    "create_invoices",
    "draft_invoice",
    "drop_change",
    "edit_invoice",
    "edited_draft",
    "end_product",
    "fix_date",
    "free_date",
    "give_again",
    "hold",
    "issue_invoice",
    "leave_item",
    "lock_customers",
    "may_merge",
    "merge_invoices",
    "move_product",
    "net_of",
    "open_credit",
    "preview_bridge",
    "preview_cancellation",
    "preview_hold",
    "preview_plan_change",
    "release_hold",
    "return_service",
    "schedule_cancellation",
    "schedule_plan_change",
    "settle",
    "settle_free_credit",
    "take_back",
    "turn_holds",
    "unmerge",
    "void_invoice",
    "withdraw",
]
