"""Tables of the customers room."""

from caudal.apps.customers.models.attachment import Attachment
from caudal.apps.customers.models.calendar import (
    CalendarChange,
    CalendarFields,
    CutStyle,
    DayStyle,
    OwnCalendar,
    PaymentMode,
)
from caudal.apps.customers.models.cause import Cause, CauseRules, CauseWord
from caudal.apps.customers.models.customer import Contact, Customer, PersonKind, Tag
from caudal.apps.customers.models.field import (
    LISTED,
    CustomField,
    FieldChoice,
    FieldKind,
    FieldValue,
)
from caudal.apps.customers.models.locality import Locality
from caudal.apps.customers.models.note import CodeCounter, Note
from caudal.apps.customers.models.service import (
    Service,
    ServiceState,
    Stay,
    Suspension,
    SuspensionReason,
)
from caudal.apps.customers.models.zone import Zone

__all__ = [
    "LISTED",
    "Attachment",
    "CalendarChange",
    "CalendarFields",
    "Cause",
    "CauseRules",
    "CauseWord",
    "CodeCounter",
    "Contact",
    "CustomField",
    "Customer",
    "CutStyle",
    "DayStyle",
    "FieldChoice",
    "FieldKind",
    "FieldValue",
    "Locality",
    "Note",
    "OwnCalendar",
    "PaymentMode",
    "PersonKind",
    "Service",
    "ServiceState",
    "Stay",
    "Suspension",
    "SuspensionReason",
    "Tag",
    "Zone",
]
