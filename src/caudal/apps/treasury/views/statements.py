"""Bank accounts and their files: what a file says, shown before it is taken."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb
from caudal.apps.treasury import actions, collect, uploads
from caudal.apps.treasury.errors import STATEMENT_FAULTS
from caudal.apps.treasury.forms import AccountForm, ColumnsForm, StatementForm
from caudal.apps.treasury.models import BankAccount, BankStatement
from caudal.core.bank_lines import difference
from caudal.core.ports.statement import Reading, StatementError, StatementFault
from caudal.web.export import csv_response
from caudal.web.forms import answer_form, live
from caudal.web.table import KeysetPage

SAMPLE = 12


@require_GET
@requires(Verb.SEE_ARRIVALS)
def statements(request: HttpRequest) -> HttpResponse:
    rows = BankStatement.objects.select_related("account__cash_box__account")
    page = KeysetPage.of(rows, ("-created_at", "-id"), request.GET.get("cursor", ""))
    context = {
        "title": _("Bank statements"),
        "page": page,
        "has_accounts": BankAccount.objects.filter(is_active=True).exists(),
    }
    return render(request, "treasury/statements.html", context)


@requires(Verb.MATCH_ARRIVALS)
def new_statement(request: HttpRequest) -> HttpResponse:
    """The file; what it says comes on the next page."""
    form = StatementForm(request.POST or None, request.FILES or None)
    if (errors := live(request, form)) is not None:
        return errors
    asked = request.GET.get("account", "")
    if asked.isdecimal():
        form.initial["account"] = int(asked)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > collect.LARGEST_FILE:
            form.add_error("file", str(STATEMENT_FAULTS[StatementFault.TOO_LARGE]))
        else:
            account = form.cleaned_data["account"]
            token = uploads.keep(account.pk, file.name, file.read())
            return redirect("treasury:review_statement", token)
    context = {
        "form": form,
        "title": _("Read a bank statement"),
        "submit": _("Read the file"),
        "cancel_url": reverse("treasury:statements"),
    }
    return render(request, "web/form_page.html", context)


@requires(Verb.MATCH_ARRIVALS)
def review_statement(request: HttpRequest, token: str) -> HttpResponse:
    """What the file says, and what its columns mean; nothing is kept until "Take it"."""
    upload = uploads.find(token)
    if upload is None:
        messages.error(request, _("That file is no longer here. Send it again."))
        return redirect("treasury:new_statement")
    account = get_object_or_404(BankAccount, pk=upload.account_id)
    chosen = _chosen(request, account)
    try:
        slug, reading = collect.read_statement(upload.content, chosen)
    except StatementError as error:
        return _unread(request, upload, account, error, chosen)
    if request.method == "POST" and "take" in request.POST:
        statement = actions.take_statement(
            actor=actor(request),
            now=now(),
            account=account,
            filename=upload.filename,
            format=slug,
            content=upload.content,
            reading=reading,
            columns={name: chosen[name] for name in reading.header if name in chosen},
        )
        uploads.forget(upload)
        return redirect("treasury:statement", statement.pk)
    return render(request, "treasury/review.html", _review(upload, account, slug, reading))


@require_GET
@requires(Verb.SEE_ARRIVALS)
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: what it brought, whether it agrees with itself, and rows that stayed out."""
    row = get_object_or_404(
        BankStatement.objects.select_related("account__cash_box__account"), pk=pk
    )
    context = {
        "title": str(row),
        "statement": row,
        "currency": row.account.cash_box.account.currency,
        "format": dict(collect.formats()).get(row.format, row.format),
        "problems": _problems(row)[:50],
        "lines": row.lines.order_by("place")[:200],
    }
    return render(request, "treasury/statement.html", context)


@require_GET
@requires(Verb.SEE_ARRIVALS)
def problems(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that could not be read, with why, to be mended and sent again."""
    row = get_object_or_404(BankStatement, pk=pk)
    width = max((len(cells) for _place, _fault, cells in row.problems), default=0)
    header = [*row.header, *[""] * (width - len(row.header)), _("Reason")]
    rows = (
        [*cells, *[""] * (len(header) - 1 - len(cells)), STATEMENT_FAULTS.get(fault, fault)]
        for _place, fault, cells in row.problems
    )
    return csv_response(f"{row.filename.rpartition('.')[0]}-errores", header, rows)


@require_GET
@requires(Verb.SEE_ARRIVALS)
def accounts(request: HttpRequest) -> HttpResponse:
    rows = BankAccount.objects.select_related("company", "cash_box__account")
    context = {"title": _("Bank accounts"), "accounts": rows.order_by("-is_active", "name")}
    return render(request, "treasury/accounts.html", context)


@requires(Verb.CONFIGURE_GATEWAYS)
def new_account(request: HttpRequest) -> HttpResponse:
    back = reverse("treasury:accounts")
    return answer_form(
        request,
        AccountForm(request.POST or None),
        title=_("New bank account"),
        save=lambda form: actions.create_bank_account(
            actor=actor(request), now=now(), **form.cleaned_data
        ),
        done=_("The bank account was created."),
        to=back,
        cancel_url=back,
    )


@requires(Verb.CONFIGURE_GATEWAYS)
def edit_account(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(BankAccount, pk=pk)
    names = ("name", "number", "cash_box", "restores", "is_active")
    back = reverse("treasury:accounts")
    return answer_form(
        request,
        AccountForm(
            request.POST or None,
            initial={name: getattr(account, name) for name in names},
            account=account,
        ),
        title=account.name,
        save=lambda form: actions.edit_bank_account(
            actor=actor(request), now=now(), account=account, **form.cleaned_data
        ),
        done=_("The bank account was saved."),
        to=back,
        cancel_url=back,
    )


def _chosen(request: HttpRequest, account: BankAccount) -> dict[str, str]:
    """What the person says now, else what was said of the account's last file."""
    if request.method != "POST":
        return dict(account.columns)
    names = request.POST.getlist("header")
    return {name: request.POST.get(f"column_{place}", "") for place, name in enumerate(names)}


def _review(
    upload: uploads.Upload, account: BankAccount, slug: str, reading: Reading
) -> dict[str, Any]:
    came_in = [line.amount for line in reading.movements if line.amount > 0]
    meanings = dict(zip(reading.header, reading.meanings, strict=False))
    form = ColumnsForm(header=list(reading.header), chosen=meanings) if reading.header else None
    return {
        "title": upload.filename,
        "account": account,
        "currency": account.cash_box.account.currency,
        "told_currency": reading.currency,
        "told_number": reading.number,
        "format": dict(collect.formats()).get(slug, slug),
        "encoding": reading.encoding,
        "reading": reading,
        "sample": reading.movements[:SAMPLE],
        "count": len(reading.movements),
        "came_in": len(came_in),
        "sum": sum(came_in),
        "difference": difference(reading.movements, reading.opening, reading.closing),
        "form": form,
    }


def _unread(
    request: HttpRequest,
    upload: uploads.Upload,
    account: BankAccount,
    error: StatementError,
    chosen: dict[str, str],
) -> HttpResponse:
    """Why the file cannot be read, or the question what its columns mean."""
    if not error.header:
        uploads.forget(upload)
        messages.error(request, str(STATEMENT_FAULTS[error.fault]))
        return redirect("treasury:new_statement")
    context = {
        "title": upload.filename,
        "account": account,
        "problem": STATEMENT_FAULTS[error.fault],
        "form": ColumnsForm(header=list(error.header), chosen=chosen),
    }
    return render(request, "treasury/review.html", context)


def _problems(row: BankStatement) -> list[tuple[int, str, str]]:
    return [
        (place, str(STATEMENT_FAULTS.get(fault, fault)), " · ".join(cells))
        for place, fault, cells in row.problems
    ]
