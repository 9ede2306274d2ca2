"""Tables of billing."""

from caudal.apps.billing.models.change import DayCorrection, Hold, OwedDays, ServiceChange
from caudal.apps.billing.models.charge import LateFee, Parked, ReconnectionCharge
from caudal.apps.billing.models.credit import Adjustment, Application, Credit
from caudal.apps.billing.models.invoice import BilledPeriod, Invoice, InvoiceLine, InvoiceTax
from caudal.apps.billing.models.pending import Discount, DiscountUse, FixedDate, PendingItem
from caudal.apps.billing.models.product import CustomerProduct, ProductCharge

__all__ = [
    "Adjustment",
    "Application",
    "BilledPeriod",
    "Credit",
    "CustomerProduct",
    "DayCorrection",
    "Discount",
    "DiscountUse",
    "FixedDate",
    "Hold",
    "Invoice",
    "InvoiceLine",
    "InvoiceTax",
    "LateFee",
    "OwedDays",
    "Parked",
    "PendingItem",
    "ProductCharge",
    "ReconnectionCharge",
    "ServiceChange",
]
