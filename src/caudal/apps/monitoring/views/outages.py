"""Outages: the list, opening and correcting one, its page, its end, and telling customers."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.messaging.occasions import sample
from caudal.apps.messaging.reads import preview
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.actions.outages import OCCASIONS, message_values
from caudal.apps.monitoring.forms.outages import EndForm, OutageForm, PartsForm, TimesForm
from caudal.apps.monitoring.models import Announcement, Cover, CreditProposal, Rules
from caudal.apps.outages import actions as outages
from caudal.apps.outages.models import Affected, Outage
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage

STATES = {"open": Outage.objects.open, "all": Outage.objects.all}


@require_GET
@requires(Verb.SEE_NETWORK)
def listing(request: HttpRequest) -> HttpResponse:
    """Outages, the latest first; those that go on, or all."""
    show = request.GET.get("show", "all")
    found = STATES.get(show, Outage.objects.all)()
    page = KeysetPage.of(found, ("-started_at", "-id"), request.GET.get("cursor", ""))
    counted = Affected.objects.filter(outage__in=page.rows).order_by().values_list("outage")
    affected = dict(counted.annotate(n=Count("customer", distinct=True)))
    context = {
        "title": _("Outages"),
        "page": page,
        "rows": [(row, affected.get(row.pk, 0)) for row in page.rows],
        "show": show,
        "now": now(),
    }
    return render(request, "monitoring/outages.html", context)


@requires(Verb.MANAGE_OUTAGES)
def begin(request: HttpRequest) -> HttpResponse:
    """Open an outage of whatever fails; `?site=3` chooses it beforehand."""
    present = now()
    asked = {part: request.GET.getlist(part) for part in ("site", "device", "router", "zone")}
    initial: dict[str, Any] = {
        "started_at": present,
        "grace_days": Rules.current().grace_days,
        **asked,
    }
    form = OutageForm(request.POST or None, initial=initial, user=person(request))

    def save(form: OutageForm) -> Outage:
        given = form.cleaned_data
        return actions.begin_outage(
            actor=actor(request),
            now=now(),
            title=given["title"],
            cause=given["cause"],
            started_at=given["started_at"],
            grace_days=given["grace_days"],
            parts=form.parts(),
        )

    return answer_form(
        request,
        form,
        title=_("Open an outage"),
        save=save,
        done=_("The outage is open: cuts, late fees and reminders wait."),
        to=_address,
        cancel_url=reverse("monitoring:outages"),
        submit=_("Open the outage"),
    )


@require_GET
@requires(Verb.SEE_NETWORK)
def outage(request: HttpRequest, pk: int) -> HttpResponse:
    """What fails, who is behind it, what was told and what it is worth."""
    found = _outage(pk)
    rows = visible(person(request), Affected.objects.filter(outage=found))
    page = KeysetPage.of(
        rows.select_related("customer", "service__plan"),
        ("customer__name", "id"),
        request.GET.get("cursor", ""),
    )
    customers = found.affected.aggregate(n=Count("customer", distinct=True))["n"]
    context = {
        "title": found.title,
        "outage": found,
        "page": page,
        "customers": customers,
        "services": found.affected.count(),
        "covers": covers_of(found, person(request)),
        "alarms": found.alarms.select_related("device"),
        "told": {row.kind: row for row in found.announcements.all()},
        "credits": _credit_counts(found),
        "length": found.duration(now()),
        "now": now(),
    }
    return render(request, "monitoring/outage.html", context)


@requires(Verb.MANAGE_OUTAGES)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _outage(pk)
    initial = {
        "title": found.title,
        "cause": found.cause,
        "started_at": found.started_at,
        "ended_at": found.ended_at,
        "grace_days": found.grace_days,
    }
    is_over = found.ended_at is not None
    return answer_form(
        request,
        TimesForm(request.POST or None, initial=initial, is_over=is_over),
        title=_("Correct the outage"),
        save=lambda form: outages.edit_outage(
            actor=actor(request), now=now(), outage=found, **form.cleaned_data
        ),
        done=_("The outage was corrected."),
        to=_address(found),
        cancel_url=_address(found),
        submit=_("Save"),
        pretitle=found.title,
    )


@requires(Verb.MANAGE_OUTAGES)
def cover(request: HttpRequest, pk: int) -> HttpResponse:
    """More things fail than was thought."""
    found = _outage(pk)
    return answer_form(
        request,
        PartsForm(request.POST or None, user=person(request)),
        title=_("What else fails"),
        save=lambda form: actions.cover_more(
            actor=actor(request), now=now(), outage=found, parts=form.parts()
        ),
        done=_("The outage covers it too."),
        to=_address(found),
        cancel_url=_address(found),
        submit=_("Add"),
        pretitle=found.title,
    )


@require_POST
@requires(Verb.MANAGE_OUTAGES)
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = _outage(pk)
    count = actions.look_again(outage=found)
    said = ngettext("%(n)s more service is behind it.", "%(n)s more services are behind it.", count)
    messages.success(request, said % {"n": count})
    return redirect(_address(found))


@requires(Verb.MANAGE_OUTAGES)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found = _outage(pk)
    form = EndForm(request.POST or None, initial={"ended_at": now()})
    return answer_form(
        request,
        form,
        title=_("End the outage"),
        save=lambda form: outages.end_outage(
            actor=actor(request), now=now(), outage=found, ended_at=form.cleaned_data["ended_at"]
        ),
        done=_("The outage is over."),
        to=_address(found),
        cancel_url=_address(found),
        submit=_("End the outage"),
        pretitle=found.title,
    )


@requires(Verb.MANAGE_OUTAGES)
def tell(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The message as one customer will read it, before it goes to everybody behind the outage."""
    found = _outage(pk)
    if request.method == "POST":
        try:
            actions.announce(actor=actor(request), now=now(), outage=found, kind=kind)
            messages.success(request, _("Customers are being told."))
        except RuleError as error:
            messages.error(request, explain(error))
        return redirect(_address(found))
    subject, body = _preview(found, kind)
    context = {
        "title": _("Tell customers"),
        "outage": found,
        "kind": kind,
        "subject": subject,
        "body": body,
        "customers": found.affected.aggregate(n=Count("customer", distinct=True))["n"],
        "told": found.announcements.filter(kind=kind).first(),
        "back": _address(found),
    }
    return render(request, "monitoring/tell.html", context)


def _preview(found: Outage, kind: str) -> tuple[str, str]:
    """As the first one behind it would read it, with a made-up name."""
    occasion = OCCASIONS[Announcement.Kind(kind)]
    values = {**sample(occasion), "outage": message_values(found, now())}
    first = found.affected.select_related("customer__company").order_by("pk").first()
    if first is not None:
        company = first.customer.company
        values["company"] = {"name": company.name, "phone": company.phone, "email": company.email}
    text = preview(occasion, values)
    return text.subject, text.body


def covers_of(found: Outage, user: User) -> list[Cover]:
    """What it covers; customers only as far as this person may see them."""
    rows = found.covers.select_related("site", "device", "router", "zone", "customer")
    named = visible(user, Cover.objects.filter(outage=found)).values("pk")
    return list(rows.filter(Q(customer=None) | Q(pk__in=named)))


def _credit_counts(found: Outage) -> dict[str, int]:
    """By state; those being taken back and those that were are one number, `gone`."""
    rows: QuerySet[CreditProposal, tuple[str, int]] = (
        found.credits.order_by().values_list("status").annotate(n=Count("pk"))
    )
    counts = dict(rows)
    if gone := counts.pop("recalled", 0) + counts.pop("taken_back", 0):
        counts["gone"] = gone
    return counts


def _outage(pk: int) -> Outage:
    return get_object_or_404(Outage, pk=pk)


def _address(found: Outage) -> str:
    return reverse("monitoring:outage", args=[found.pk])
