"""What billing does to many invoices at once: print, send, void and merge them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import groupby
from typing import Any, cast
from zipfile import ZIP_STORED, ZipFile

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.documents import TOGETHER, print_invoices, reminder_pdfs
from caudal.apps.billing.filters import InvoiceFilter
from caudal.apps.billing.listing import COLUMNS, sums_of
from caudal.apps.billing.merging import merge_invoices
from caudal.apps.billing.messages import Post
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.models.invoice import InvoiceQuerySet
from caudal.apps.billing.notices import about
from caudal.apps.billing.voiding import void_invoice
from caudal.apps.bulk.acts import Act, Context, Subject, register, register_subject
from caudal.apps.clock.now import today
from caudal.apps.customers.models import Customer
from caudal.apps.documents.printing import joined
from caudal.apps.documents.styles import Kind, Paper
from caudal.apps.messaging.actions import queue_all
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.civil import local_date, zone_named
from caudal.core.errors import RuleError
from caudal.web.forms import PanelForm
from caudal.web.table import Sorting

IN_ONE_FILE = 1000
"""More invoices are several PDFs in a ZIP file: no viewer likes more, and no worker's memory."""


class PaperForm(PanelForm):
    paper = forms.ChoiceField(
        label=gettext_lazy("Paper"),
        required=False,
        choices=[("", gettext_lazy("As the template says")), *Paper.choices],
    )


class LetterForm(PanelForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Document"),
        choices=[(kind.value, kind.label) for kind in (Kind.REMINDER, Kind.COUPON)],
    )


class ReasonForm(PanelForm):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


def send(context: Context, invoice: Invoice) -> str:
    """Leave the invoice in the outbox again; each bulk act sends it once."""
    if invoice.state in (Invoice.State.VOID, Invoice.State.MERGED):
        raise RuleError("invoice-asks-nothing", number=invoice.label)
    post = Post([invoice.customer_id])
    key = f"invoice:{invoice.pk}:sent:{context.bulk.pk}"
    notice = about(invoice, post, Occasion.INVOICE_ISSUED, key)
    if not notice.to:
        raise RuleError("no-address", customer=invoice.customer.name)
    queue_all([notice], now=context.now)
    return _("Left for %(address)s") % {"address": notice.to}


def void(context: Context, invoice: Invoice) -> str:
    void_invoice(
        actor=context.actor,
        now=context.now,
        today=_today(context, invoice),
        invoice=invoice,
        reason=str(context.options["reason"]),
    )
    return _("Voided")


def merge(context: Context, invoices: Sequence[Invoice]) -> str:
    """The chosen ones of one customer become one."""
    merged = merge_invoices(actor=context.actor, now=context.now, invoices=invoices)
    return _("Now %(number)s") % {"number": merged.label}


def print_all(
    context: Context, ids: Sequence[int], told: Callable[[int], None]
) -> tuple[str, bytes]:
    """One PDF, or a ZIP of several where there are very many."""
    packs = list(_packs(ids, str(context.options.get("paper", "")), told))
    if len(packs) == 1:
        return _("invoices") + ".pdf", packs[0]
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for number, pack in enumerate(packs, start=1):
            archive.writestr(f"{_('invoices')}-{number:03d}.pdf", pack)
    return _("invoices") + ".zip", file.getvalue()


def print_letters(
    context: Context, ids: Sequence[int], told: Callable[[int], None]
) -> tuple[str, bytes]:
    """A letter or coupon for each customer of the chosen invoices, of all that he owes."""
    kind = str(context.options["kind"])
    owners = Customer.objects.filter(invoices__in=ids).distinct().order_by("company", "name", "pk")
    people = list(owners.select_related("company", "zone"))
    parts = []
    for _company, group in groupby(people, lambda customer: customer.company_id):
        of_company = list(group)
        for start in range(0, len(of_company), TOGETHER):
            some = of_company[start : start + TOGETHER]
            day = local_date(context.now, zone_named(time_zone_of(some[0].zone)))
            parts += reminder_pdfs(some, day, kind=kind)
            told(len(some))
    if not parts:
        raise RuleError("nobody-owes")
    return f"{kind}.pdf", joined(parts)


def _packs(ids: Sequence[int], paper: str, told: Callable[[int], None]) -> Iterator[bytes]:
    for start in range(0, len(ids), IN_ONE_FILE):
        yield joined(print_invoices(ids[start : start + IN_ONE_FILE], paper=paper, told=told))


def _today(context: Context, invoice: Invoice) -> date:
    return local_date(context.now, zone_named(time_zone_of(invoice.customer.zone)))


register(
    Act(
        "invoices.print",
        gettext_lazy("Print"),
        Verb.SEE_BILLING,
        "printer",
        gettext_lazy("All of them in one PDF, in the order of the list."),
        file=print_all,
        form=PaperForm,
        order=10,
    )
)
register(
    Act(
        "invoices.letters",
        gettext_lazy("Print reminders"),
        Verb.SEE_BILLING,
        "mail-opened",
        gettext_lazy("A letter or a coupon for each customer, with all that he owes."),
        file=print_letters,
        form=LetterForm,
        order=15,
    )
)
register(
    Act(
        "invoices.send",
        gettext_lazy("Send by e-mail"),
        Verb.SEND_MESSAGES,
        "mail",
        gettext_lazy("Each customer gets the invoice again, with its PDF."),
        each=send,
        order=20,
    )
)
register(
    Act(
        "invoices.merge",
        gettext_lazy("Merge"),
        Verb.ISSUE_INVOICES,
        "arrows-join",
        gettext_lazy("The chosen ones of each customer become one invoice for what is left."),
        of_customer=merge,
        order=40,
    )
)
register(
    Act(
        "invoices.void",
        gettext_lazy("Void"),
        Verb.VOID_INVOICES,
        "ban",
        gettext_lazy("The customers will owe nothing of them. Their numbers stay."),
        each=void,
        form=ReasonForm,
        is_danger=True,
        order=90,
    )
)


def _counted(n: int) -> str:
    return ngettext("%(n)d invoice was chosen.", "%(n)d invoices were chosen.", n) % {"n": n}


def _narrow(user: User, query: QueryDict) -> InvoiceQuerySet:
    found = InvoiceFilter(query).narrow(_visible(user), today())
    return _ordered(found, query)


def _ordered(found: Any, query: QueryDict) -> InvoiceQuerySet:
    ordered: InvoiceQuerySet = found.order_by(
        *Sorting.read(query, COLUMNS, default="-emission").order
    )
    return ordered


def _visible(user: User) -> InvoiceQuerySet:
    rows: Any = visible(user, Invoice.objects.all())
    return cast(InvoiceQuerySet, rows)


register_subject(
    Subject(
        key="invoices",
        title=gettext_lazy("Invoices"),
        model=Invoice,
        verb=Verb.SEE_BILLING,
        list_url="billing:invoices",
        narrow=_narrow,
        ordered=_ordered,
        count=_counted,
        headings=[
            (gettext_lazy("Invoice"), ""),
            (gettext_lazy("Customer"), ""),
            (gettext_lazy("To pay"), "number"),
        ],
        template="billing/_bulk_row.html",
        cells=lambda invoice: [invoice.label, invoice.customer.name, invoice.remaining],
        related=("customer",),
        summary=lambda found: {"sums": sums_of(found)},
        summary_template="billing/_totals.html",
    )
)
