"""Which fields the registration page shows, and where."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import PersonKind
from caudal.web.forms import Section

Cell = str | tuple[str, int]

PERSON_FIELDS = [
    "person_kind",
    "name",
    "first_name",
    "second_name",
    "first_surname",
    "second_surname",
    "phones",
    "emails",
    "document_type",
    "document_number",
    "address",
    "zone",
    "nickname",
    "contact_person",
    "street_1",
    "street_2",
    "neighbourhood",
    "city",
    "state",
    "postal_code",
    "position",
    "rfid_card",
    "extra_1",
    "extra_2",
    "notes",
    "registered_on",
    "medium",
    "code",
    "company",
    "customer_type",
    "legal_address",
    "legal_city",
    "legal_state",
    "legal_postal_code",
    "tax_condition",
    "tax_number",
    "business_activity",
    "payment_method",
    "electronic_payment_code",
    "collector",
    "salesperson",
    "tags",
    "contract_signed",
    "contract_type",
    "contract_expires_on",
    "antenna_model",
    "antenna_password",
    "modem_data",
    "is_invoiced",
    "may_be_cut",
    "may_be_notified",
]


_NAMES: dict[str, list[Cell]] = {
    PersonKind.OTHER: [("name", 8)],
    PersonKind.NATURAL: [
        ("first_name", 4),
        ("second_name", 4),
        ("first_surname", 6),
        ("second_surname", 6),
    ],
    PersonKind.LEGAL: [("name", 8), ("nickname", 6), ("contact_person", 6)],
}
"""What each kind of person is called by (WP-11..13)."""
_REACHED: list[Cell] = [
    ("phones", 12),
    ("emails", 12),
    ("document_type", 5),
    ("document_number", 7),
]
WHERE = Section(_("Where the service is"), [("zone", 4), ("address", 8)])
PLACE = Section(_("Position on the map"), [("position", 12)], is_open=False)
ADDRESS = Section(
    _("More about the address"),
    [
        ("postal_code", 4),
        ("neighbourhood", 8),
        ("city", 6),
        ("state", 6),
        ("street_1", 6),
        ("street_2", 6),
    ],
    is_open=False,
)


def who(kind: str) -> Section:
    """Who he is: what this kind of person is asked."""
    return Section(_("Personal information"), [("person_kind", 4), *_names(kind), *_REACHED])


def person(kind: str) -> Section:
    """What else may be known of him."""
    more: list[Cell] = [("customer_type", 4), ("rfid_card", 4), "extra_1", "extra_2", ("notes", 12)]
    if kind != PersonKind.LEGAL:
        more = [("nickname", 6), ("contact_person", 6), *more]
    return Section(_("More about the person"), more, is_open=False)


def legal(kind: str) -> Section:
    """To whom and where his invoices are made out (IC-41..45)."""
    return Section(
        _("Legal address and tax data"),
        [
            ("legal_address", 12),
            ("legal_postal_code", 4),
            ("legal_city", 4),
            ("legal_state", 4),
            ("tax_condition", 6),
            ("tax_number", 6),
            ("business_activity", 12),
        ],
        text=_("Empty: invoices bear the address of the service and the document above."),
        is_open=kind == PersonKind.LEGAL,
    )


def _names(kind: str) -> list[Cell]:
    return _NAMES.get(kind, _NAMES[PersonKind.OTHER])


BILLING = Section(
    _("Service and billing"),
    [
        ("plan", 12),
        ("price", 6),
        ("payment_day", 6),
        ("registered_on", 6),
        ("service_state", 6),
        ("first_invoice", 12),
    ],
)
ADMINISTRATIVE = Section(
    _("Administrative data"),
    [
        ("code", 4),
        ("company", 4),
        ("tags", 12),
        ("collector", 4),
        ("salesperson", 4),
        ("payment_method", 4),
        ("electronic_payment_code", 4),
        ("contract_type", 4),
        ("contract_expires_on", 4),
        ("contract_signed", 4),
        ("antenna_model", 4),
        ("antenna_password", 4),
        ("modem_data", 4),
        ("is_free", 12),
        ("is_invoiced", 4),
        ("may_be_cut", 4),
        ("may_be_notified", 4),
    ],
    is_open=False,
)


@dataclass(frozen=True)
class Tab:
    """One tab of the edit page."""

    key: str
    title: Any
    sections: tuple[Section, ...]


_BILLING = (
    Tab(
        "billing",
        _("Billing"),
        (
            Section(
                _("Who invoices him and when"),
                [
                    ("company", 6),
                    ("payment_day", 6),
                    ("invoice_type", 6),
                    ("tax_mode", 6),
                    ("grouping", 12),
                    ("payment_method", 6),
                    ("electronic_payment_code", 6),
                ],
            ),
            Section(
                _("What the system does by itself"),
                [
                    ("is_invoiced", 4),
                    ("may_be_cut", 4),
                    ("may_be_notified", 4),
                    ("late_fee_applies", 4),
                    ("reconnection_fee_applies", 4),
                    ("automatic_state", 4),
                    ("mail_invoices", 4),
                    ("mail_payments", 4),
                    ("report_after_payment", 4),
                    ("notice_from_day", 6),
                    ("notice_to_day", 6),
                ],
            ),
        ),
    ),
    Tab(
        "office",
        _("Administration"),
        (
            Section(
                "",
                [
                    ("code", 4),
                    ("tags", 12),
                    ("collector", 4),
                    ("salesperson", 4),
                    ("contract_type", 4),
                    ("contract_expires_on", 4),
                    ("contract_signed", 12),
                    ("antenna_model", 4),
                    ("antenna_password", 4),
                    ("modem_data", 4),
                    ("tickets_blocked", 4),
                    ("tickets_message", 8),
                ],
            ),
        ),
    ),
)


def tabs_for(kind: str) -> tuple[Tab, ...]:
    """The edit page for this kind of person."""
    whole = Section("", [*who(kind).fields, *person(kind).fields])
    place = [*WHERE.fields, *ADDRESS.fields, ("medium", 6), ("registered_on", 6), *PLACE.fields]
    return (
        Tab("person", _("Personal information"), (whole,)),
        Tab("place", _("Location"), (Section("", place),)),
        Tab("legal", _("Legal"), (Section("", legal(kind).fields),)),
        *_BILLING,
    )


def tab_fields() -> list[str]:
    """Every field of the edit page, whatever the person."""
    cells = [
        cell
        for kind in PersonKind.values
        for tab in tabs_for(kind)
        for section in tab.sections
        for cell in section.fields
    ]
    return list(dict.fromkeys(cell if isinstance(cell, str) else cell[0] for cell in cells))
