"""Promises to pay: list, panel, form and alerts; and what the customer is going to be told."""

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.dunning import actions
from caudal.apps.dunning.forms import PromiseFilter, PromiseForm
from caudal.apps.dunning.models import Promise
from caudal.apps.dunning.notices import sees_notice
from caudal.apps.dunning.upcoming import outlook_of
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import answer_form
from caudal.web.table import Column, KeysetPage, Sorting

COLUMNS = (
    Column("customer.name", gettext_lazy("Customer"), sort=("customer__name", "id"),
           template="dunning/_customer.html"),
    Column("until", gettext_lazy("Promises to pay by"), sort=("until", "id"),
           template="dunning/_until.html"),
    Column("get_outcome_display", gettext_lazy("Outcome"), template="dunning/_outcome.html"),
    Column("tries", gettext_lazy("Tries to cut"), css="number"),
    Column("created_at", gettext_lazy("Taken"), sort=("created_at", "id"),
           template="dunning/_taken.html"),
    Column("note", gettext_lazy("Note")),
)  # fmt: skip
LATEST = 5


@require_GET
@requires(Verb.SEE_BILLING)
def promises(request: HttpRequest) -> HttpResponse:
    """All promises, newest day first, narrowed by outcome, zone and day."""
    form = PromiseFilter(request.GET)
    sorting = Sorting.read(request.GET, COLUMNS, default="-until")
    found = form.narrow(_visible(request).annotate(tries=Count("attempts__on", distinct=True)))
    page = KeysetPage.of(
        found.select_related("customer"), sorting.order, request.GET.get("cursor", "")
    )
    context = {
        "title": _("Promises to pay"),
        "form": form,
        "columns": COLUMNS,
        "sorting": sorting,
        "page": page,
        "narrowed": any(request.GET.get(name) for name in form.fields),
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"dunning/{'_promises' if is_part else 'promises'}.html", context)


@require_GET
@requires(Verb.SEE_BILLING)
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer's live promise with its tries, and the last ones."""
    customer = _customer(request, pk)
    rows = list(customer.promises.prefetch_related("attempts", "invoices")[:LATEST])
    live = next((row for row in rows if row.outcome == Promise.Outcome.LIVE), None)
    noticed = sees_notice(customer, today(time_zone_of(customer.zone)))
    context = {"customer": customer, "live": live, "rows": rows, "noticed": noticed}
    return render(request, "dunning/_panel.html", context)


@require_GET
@requires(Verb.SEE_BILLING)
def notices(request: HttpRequest, pk: int) -> HttpResponse:
    """Panel: what he is going to be told, when, and where to (MW-2, MW-3)."""
    customer = _customer(request, pk)
    context = {"customer": customer, "outlook": outlook_of(customer, now())}
    return render(request, "dunning/_notices.html", context)


@requires(Verb.TAKE_PROMISES)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """A new promise, another day for the live one, or a blank that withdraws it."""
    customer = _customer(request, pk)
    live = actions.live_promise(customer)
    day = today(time_zone_of(customer.zone))
    back = reverse("desk:customer", args=[pk])

    def save(form: PromiseForm) -> None:
        given = form.cleaned_data
        actions.promise(
            actor=actor(request),
            now=now(),
            customer=customer,
            until=given["until"],
            control_days=given["control_days"],
            invoices=given.get("invoices") or (),
            note=given["note"],
            restore=given.get("restore", False),
        )

    return answer_form(
        request,
        PromiseForm(request.POST or None, customer=customer, live=live, today=day),
        title=_("Promise to pay"),
        save=save,
        done=_("The promise is saved."),
        to=back,
        intro=_(
            "Until that day nothing that he owes cuts him. On that day he is cut if he still owes."
        ),
        pretitle=customer.name,
        submit=_("Save"),
        cancel_url=back,
    )


@require_POST
@requires(Verb.TAKE_PROMISES)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    actions.promise(actor=actor(request), now=now(), customer=customer, until=None)
    messages.success(request, _("The promise was withdrawn: the ordinary rule applies again."))
    return redirect("desk:customer", pk=pk)


@require_GET
@requires(Verb.SEE_BILLING)
def alerts(request: HttpRequest) -> HttpResponse:
    """Panel of the first page: promises that were given up without a cut, until they are seen."""
    waiting = _visible(request).filter(outcome=Promise.Outcome.GIVEN_UP, seen_at=None)
    rows = waiting.select_related("customer").annotate(tries=Count("attempts__on", distinct=True))
    return render(request, "dunning/_alerts.html", {"rows": rows[:20]})


@require_POST
@requires(Verb.TAKE_PROMISES)
def see(request: HttpRequest, pk: int) -> HttpResponse:
    """The alert has been read."""
    row = get_object_or_404(_visible(request), pk=pk)
    actions.see_alert(actor=actor(request), now=now(), promise=row)
    return redirect("desk:dashboard")


def _visible(request: HttpRequest) -> QuerySet[Promise]:
    return visible(person(request), Promise.objects.all())


def _customer(request: HttpRequest, pk: int) -> Customer:
    found = visible(person(request), Customer.objects.all())
    return get_object_or_404(found.select_related("company__rules", "zone"), pk=pk)
