"""Made-up documents, one of each kind, for the preview of templates."""

from decimal import Decimal

from django.utils.translation import gettext as _

from caudal.apps.documents.columns import invoice_columns, statement_columns
from caudal.apps.documents.sheets import Amount, Column, Fact, Row, Sheet
from caudal.apps.documents.styles import Kind
from caudal.web.money import format_money


def sample(kind: str, currency: str) -> Sheet:
    """A document of that kind as a customer might get it."""
    if kind == Kind.STATEMENT:
        return _statement(currency)
    if kind in (Kind.RECEIPT, Kind.REFUND, Kind.NOTE):
        return _receipt(kind, currency)
    if kind in (Kind.REMINDER, Kind.COUPON):
        return _reminder(kind, currency)
    return _list(currency) if kind == Kind.LIST else _invoice(kind, currency)


def _list(currency: str) -> Sheet:
    people = ("María Peña Núñez", "José Núñez", "Ana López", "Luis Hernández", "Rosa Güemes")
    return Sheet(
        title=_("Customers"),
        facts=[Fact(_("Date"), "03/07/2026")],
        columns=[
            Column("code", _("Code")),
            Column("description", _("Name")),
            Column("balance", _("Balance"), is_number=True),
        ],
        rows=[
            Row({"code": f"{n:06d}", "description": name, "balance": _money("300.00", currency)})
            for n, name in enumerate(people, start=1)
        ],
        totals=[Amount(_("Rows"), str(len(people)), strong=True)],
    )


def _money(amount: str, currency: str) -> str:
    return format_money(Decimal(amount), currency)


def _party() -> list[Fact]:
    return [
        Fact(_("Customer code"), "000123"),
        Fact(_("Document"), "PENM800101AB1"),
        Fact(_("Address"), "Calle Juárez #12, Centro"),
    ]


_KEYS = {"number": "A-102", "code": "000123", "amount": "250.00", "currency": "MXN"}
_LINK = "https://isp.example/documents/v/i102:sample/"


def _invoice(kind: str, currency: str) -> Sheet:
    def money(amount: str) -> str:
        return _money(amount, currency)

    return Sheet(
        title=_("Free invoice") if kind == Kind.FREE_INVOICE else _("Invoice"),
        number="A-102",
        party_label=_("Customer"),
        party="María Peña Núñez",
        party_facts=_party(),
        facts=[Fact(_("Emission"), "28/06/2026"), Fact(_("Pay until"), "01/07/2026"),
               Fact(_("Cut"), "05/07/2026")],
        columns=invoice_columns(),
        rows=[
            Row(
                {"description": "Internet Hogar 50 Mb", "period": "01/07 – 31/07/2026",
                 "quantity": "1", "price": money("301.72"), "price_gross": money("350.00"),
                 "net": money("301.72"), "tax": money("48.28"), "amount": money("301.72"),
                 "amount_gross": money("350.00")},
                small=_("From %(first)s to %(last)s")
                % {"first": "01/07/2026", "last": "31/07/2026"},
            ),
            Row(
                {"description": "Instalación (2/3)", "quantity": "1", "price": money("86.21"),
                 "price_gross": money("100.00"), "net": money("86.21"), "tax": money("13.79"),
                 "amount": money("86.21"), "amount_gross": money("100.00")},
            ),
            Row(
                {"description": "Descuento por promoción", "quantity": "1",
                 "price": money("-43.10"), "price_gross": money("-50.00"), "net": money("-43.10"),
                 "tax": money("-6.90"), "amount": money("-43.10"),
                 "amount_gross": money("-50.00")},
            ),
        ],
        totals=[
            Amount(_("Subtotal"), money("344.83")),
            Amount("IVA (16 %)", money("55.17")),
            Amount(_("Total"), money("400.00"), strong=True, ruled=True),
            Amount("DX-7 · Cambio de módem", money("50.00")),
            Amount(_("In favour, applied"), money("-200.00")),
        ],
        totals_gross=[
            Amount(_("Total"), money("400.00"), strong=True, ruled=True),
            Amount(_("Net"), money("344.83"), small=True),
            Amount("IVA (16 %)", money("55.17"), small=True),
            Amount("DX-7 · Cambio de módem", money("50.00")),
            Amount(_("In favour, applied"), money("-200.00")),
        ],
        is_gross=True,
        asked_label=_("To pay"),
        asked=money("250.00"),
        asked_note=_("Pay until %(day)s") % {"day": "01/07/2026"},
        words="CUATROCIENTOS PESOS 00/100 M.N.",
        previous=[
            Amount(_("Owed before"), money("300.00")),
            Amount(_("Owed in all"), money("550.00"), strong=True),
        ],
        link=_LINK,
        keys=_KEYS,
    )  # fmt: skip


def _receipt(kind: str, currency: str) -> Sheet:
    titles = {Kind.REFUND: _("Refund receipt"), Kind.NOTE: _("Non-fiscal credit note (CX)")}
    is_receipt = kind == Kind.RECEIPT
    return Sheet(
        title=titles.get(Kind(kind), _("Payment receipt")),
        number="R-87",
        party_label=_("Received from") if is_receipt else _("Customer"),
        party="María Peña Núñez",
        party_facts=_party(),
        facts=[Fact(_("Date"), "02/07/2026 10:15"), Fact(_("Form of payment"), "Efectivo"),
               Fact(_("Cash box"), "Caja 1"), Fact(_("Attended by"), "Ana")],
        asked_label=_("Amount received") if is_receipt else _("Amount"),
        asked=_money("310.00", currency),
        words="TRESCIENTOS DIEZ PESOS 00/100 M.N.",
        table_label=_("Applied to"),
        columns=[Column("description", _("Invoice")),
                 Column("amount", _("Amount"), is_number=True)],
        rows=[Row({"description": "A-102", "amount": _money("250.00", currency)}),
              Row({"description": "A-131", "amount": _money("50.00", currency)})]
        if is_receipt else [],
        totals=[Amount(_("Left in favour"), _money("10.00", currency)),
                Amount(_("Balance in favour"), _money("10.00", currency), strong=True)],
        link=_LINK,
        keys=_KEYS,
    )  # fmt: skip


def _statement(currency: str) -> Sheet:
    moved = (
        ("01/06/2026", _("Opening balance"), "", "", "45.50"),
        ("12/06/2026", "CX-4 · Falla del enlace", "", "20.25", "25.25"),
        ("28/06/2026", f"{_('Invoice')} A-102", "300.00", "", "325.25"),
        ("02/07/2026", f"{_('Payment')} R-87", "", "325.25", "0.00"),
    )
    names = ("charge", "payment", "balance")
    return Sheet(
        title=_("Statement"),
        party_label=_("Customer"),
        party="María Peña Núñez",
        party_facts=_party(),
        facts=[Fact(_("From"), "01/06/2026"), Fact(_("To"), "02/07/2026")],
        columns=statement_columns(),
        rows=[
            Row({"date": date, "movement": what}
                | {name: _money(text, currency) if text else ""
                   for name, text in zip(names, amounts, strict=True)})
            for date, what, *amounts in moved
        ],
        totals=[Amount(_("Charges"), _money("300.00", currency)),
                Amount(_("Payments"), _money("345.50", currency))],
        asked_label=_("Balance"),
        asked=_money("0.00", currency),
        link=_LINK,
        keys=_KEYS,
    )  # fmt: skip


def _reminder(kind: str, currency: str) -> Sheet:
    total = _money("550.00", currency)
    return Sheet(
        title=_("Payment coupon") if kind == Kind.COUPON else _("Payment reminder"),
        number="000123",
        party="María Peña Núñez",
        party_facts=_party(),
        facts=[Fact(_("Date"), "03/07/2026")],
        paragraphs=[] if kind == Kind.COUPON else [
            _("Our records show these invoices as unpaid. If you have paid them in the last "
              "days, please disregard this letter.")
        ],
        columns=[Column("description", _("Invoice")), Column("due", _("Due")),
                 Column("amount", _("To pay"), is_number=True)],
        rows=[
            Row({"description": "A-102", "due": "01/06/2026",
                 "amount": _money("300.00", currency)}),
            Row({"description": "A-131", "due": "01/07/2026",
                 "amount": _money("250.00", currency)}),
        ],
        asked_label=_("To pay"),
        asked=total,
        asked_note=_("Pay until %(day)s") % {"day": "05/07/2026"},
        link=_LINK,
        keys=_KEYS,
    )  # fmt: skip
