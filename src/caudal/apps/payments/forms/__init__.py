"""Forms of payments."""

from caudal.apps.payments.forms.box import BoxForm, NewBoxForm
from caudal.apps.payments.forms.cash import (
    DepositForm,
    HandOverForm,
    MoveForm,
    OnForm,
    RefundForm,
    RejectForm,
)
from caudal.apps.payments.forms.payment import EditForm, PaymentForm, ReasonForm
from caudal.apps.payments.forms.session import CloseForm, OpenForm
from caudal.apps.payments.forms.till import PartForm, TillForm, part_forms

__all__ = [
    "BoxForm",
    "CloseForm",
    "DepositForm",
    "EditForm",
    "HandOverForm",
    "MoveForm",
    "NewBoxForm",
    "OnForm",
    "OpenForm",
    "PartForm",
    "PaymentForm",
    "ReasonForm",
    "RefundForm",
    "RejectForm",
    "TillForm",
    "part_forms",
]
