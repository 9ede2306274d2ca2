"""Cash boxes: what each holds, making and renaming them."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now
from caudal.apps.ledger.models import Entry
from caudal.apps.payments import actions
from caudal.apps.payments.forms import BoxForm, NewBoxForm
from caudal.apps.payments.models import CashBox
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.store.money import MoneyField, money, total
from caudal.web.forms import answer_form


@require_GET
@requires(Verb.SEE_INCOME)
def boxes(request: HttpRequest) -> HttpResponse:
    entries = Entry.objects.filter(account=OuterRef("account")).order_by().values("account")
    held = Subquery(entries.annotate(sum=total("amount")).values("sum"), output_field=MoneyField())
    mine = visible(person(request), CashBox.objects.all())
    rows = mine.select_related("company", "account", "operator", "branch").annotate(
        held=Coalesce(held, money())
    )
    context = {"title": _("Cash boxes"), "boxes": rows.order_by("-is_active", "name")}
    return render(request, "payments/boxes.html", context)


@requires(Verb.EDIT_CATALOG)
def create_box(request: HttpRequest) -> HttpResponse:
    back = reverse("payments:boxes")
    return answer_form(
        request,
        NewBoxForm(request.POST or None),
        title=_("New cash box"),
        save=lambda form: actions.create_cash_box(
            actor=actor(request), now=now(), **form.cleaned_data
        ),
        done=_("The cash box was created."),
        to=back,
        cancel_url=back,
    )


@requires(Verb.EDIT_CATALOG)
def edit_box(request: HttpRequest, pk: int) -> HttpResponse:
    box = get_object_or_404(visible(person(request), CashBox.objects.all()), pk=pk)
    back = reverse("payments:boxes")
    return answer_form(
        request,
        BoxForm(request.POST or None, instance=get_object_or_404(CashBox, pk=pk)),
        title=box.name,
        save=lambda form: actions.edit_cash_box(
            actor=actor(request), now=now(), box=box, **form.cleaned_data
        ),
        done=_("The cash box was saved."),
        to=back,
        cancel_url=back,
    )
