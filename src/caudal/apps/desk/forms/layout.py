"""Which fields the registration page shows, and where."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.web.forms import Section

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
    "tax_condition",
    "tax_number",
    "business_activity",
    "payment_method",
    "electronic_payment_code",
    "collector",
    "salesperson",
    "admin_status",
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


PERSONAL = (
    Section(
        _("Personal information"),
        [
            ("person_kind", 4),
            ("name", 8),
            ("first_name", 4),
            ("second_name", 4),
            ("first_surname", 6),
            ("second_surname", 6),
            ("phones", 6),
            ("emails", 6),
            ("document_type", 4),
            ("document_number", 4),
            ("zone", 4),
            ("address", 12),
            ("position", 12),
        ],
    ),
    Section(
        _("More about the person and the address"),
        [
            "nickname",
            "contact_person",
            "street_1",
            "street_2",
            ("neighbourhood", 4),
            ("city", 4),
            ("state", 4),
            ("postal_code", 4),
            ("customer_type", 4),
            ("rfid_card", 4),
            "extra_1",
            "extra_2",
            ("notes", 12),
        ],
        is_open=False,
    ),
)
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
        ("admin_status", 4),
        ("collector", 4),
        ("salesperson", 4),
        ("payment_method", 4),
        ("electronic_payment_code", 4),
        ("tax_condition", 4),
        ("tax_number", 4),
        ("legal_address", 8),
        ("business_activity", 4),
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


TABS = (
    Tab(
        "person",
        _("Personal information"),
        (
            Section(
                "",
                [
                    ("person_kind", 4),
                    ("name", 8),
                    ("first_name", 4),
                    ("second_name", 4),
                    ("first_surname", 6),
                    ("second_surname", 6),
                    ("nickname", 6),
                    ("contact_person", 6),
                    ("phones", 6),
                    ("emails", 6),
                    ("document_type", 4),
                    ("document_number", 4),
                    ("customer_type", 4),
                    ("business_activity", 6),
                    ("rfid_card", 6),
                    ("extra_1", 6),
                    ("extra_2", 6),
                    ("notes", 12),
                ],
            ),
        ),
    ),
    Tab(
        "place",
        _("Location"),
        (
            Section(
                "",
                [
                    ("zone", 6),
                    ("address", 6),
                    ("street_1", 6),
                    ("street_2", 6),
                    ("neighbourhood", 4),
                    ("city", 4),
                    ("state", 4),
                    ("postal_code", 4),
                    ("medium", 4),
                    ("registered_on", 4),
                    ("position", 12),
                ],
            ),
        ),
    ),
    Tab(
        "billing",
        _("Billing"),
        (
            Section(
                _("Who invoices him and when"),
                [
                    ("company", 6),
                    ("payment_day", 6),
                    ("legal_address", 6),
                    ("tax_condition", 6),
                    ("tax_number", 4),
                    ("invoice_type", 4),
                    ("tax_mode", 4),
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
                    ("admin_status", 4),
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


def tab_fields() -> list[str]:
    """Every field of the edit page."""
    cells = [cell for tab in TABS for section in tab.sections for cell in section.fields]
    return [cell if isinstance(cell, str) else cell[0] for cell in cells]
