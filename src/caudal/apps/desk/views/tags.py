"""Tags of customers: their list and form, and those of one customer."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.clock.now import now
from caudal.apps.customers import actions
from caudal.apps.customers.models import Tag
from caudal.apps.desk.forms.defining import CustomerTagsForm, TagForm
from caudal.apps.desk.views.asking import answer_defined, ask
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb


@require_GET
@requires(Verb.CONFIGURE_CUSTOMERS)
def tags(request: HttpRequest) -> HttpResponse:
    """All of them, and how many customers have each."""
    rows = Tag.objects.annotate(many=Count("customers")).order_by("name")
    context = {
        "title": _("Tags"),
        "rows": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at is not None],
    }
    return render(request, "desk/tags.html", context)


@requires(Verb.CONFIGURE_CUSTOMERS)
def new_tag(request: HttpRequest) -> HttpResponse:
    form = TagForm(request.POST or None)

    def save(valid: TagForm) -> None:
        actions.create_tag(actor=actor(request), now=now(), **valid.cleaned_data)

    return answer_defined(request, form, save, _("New tag"), pretitle=_("Tags"), to="desk:tags")


@requires(Verb.CONFIGURE_CUSTOMERS)
def edit_tag(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Tag, pk=pk)
    kept = {"name": row.name, "color": row.color, "text": row.text}
    form = TagForm(request.POST or None, initial=kept)

    def save(valid: TagForm) -> None:
        actions.edit_tag(actor=actor(request), now=now(), tag=row, **valid.cleaned_data)

    return answer_defined(request, form, save, kept["name"], pretitle=_("Tags"), to="desk:tags")


@require_POST
@requires(Verb.CONFIGURE_CUSTOMERS)
def tag_use(request: HttpRequest, pk: int, in_use: int) -> HttpResponseBase:
    """Offer it no more, or again."""
    row = get_object_or_404(Tag, pk=pk)
    act = actions.unarchive_tag if in_use else actions.archive_tag
    act(actor=actor(request), now=now(), tag=row)
    done = _("It can be chosen again.") if in_use else _("Nobody new will get it.")
    messages.success(request, done)
    return redirect("desk:tags")


@requires(Verb.EDIT_CUSTOMERS)
def customer_tags(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Which tags the customer has."""
    customer = customer_of(request, pk)
    form = CustomerTagsForm(request.POST or None, customer=customer)

    def save() -> None:
        chosen = form.cleaned_data["tags"]
        actions.set_tags(actor=actor(request), now=now(), customer=customer, tags=chosen)

    return ask(request, customer, form, save, _("Tags"), _("The changes are saved."))
