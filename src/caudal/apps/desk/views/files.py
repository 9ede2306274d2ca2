"""Files of a customer (WH-58, MW-37): attached, described, shown safely, taken away."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django import forms
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now
from caudal.apps.customers import actions
from caudal.apps.customers.models import Attachment, Customer
from caudal.apps.customers.thumbnails import thumbnail_of
from caudal.apps.desk.views.asking import ask
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import PanelForm

MOST_AT_ONCE = 20
KEPT_SECONDS = 600


class DescriptionForm(PanelForm):
    text = forms.CharField(label=gettext_lazy("What it is"), max_length=200, required=False)
    is_shown = forms.BooleanField(label=gettext_lazy("The customer may see it"), required=False)


class RemovalForm(PanelForm):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


@requires(Verb.SEE_CUSTOMERS, post=Verb.EDIT_CUSTOMERS)
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel; sent with files, they are attached, and what is refused is said one by one."""
    found = customer_of(request, pk)
    refused: list[str] = []
    if request.method == "POST":
        refused = _attached(request, found)
    rows = found.attachments.all()
    context: dict[str, Any] = {
        "customer": found,
        "rows": [row for row in rows if row.removed_at is None],
        "gone": [row for row in rows if row.removed_at is not None],
        "refused": refused,
    }
    return render(request, "desk/_files.html", context)


@require_GET
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@requires(Verb.SEE_CUSTOMERS)
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The content: as a download, or with `?inline` where a browser may show it safely.

    Only pages of ours may frame it: the customer's shows it among his documents.
    """
    row = file_of(request, pk)
    return content_of(row, inline="inline" in request.GET)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The small picture of a picture; 404 where there is none."""
    return small_of(file_of(request, pk))


@requires(Verb.EDIT_CUSTOMERS)
def describe_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what it is, and whether the customer may see it."""
    row = file_of(request, pk)
    kept = {"text": row.text, "is_shown": row.is_shown}
    form = DescriptionForm(request.POST or None, initial=kept)

    def save() -> None:
        actions.describe_file(actor=actor(request), now=now(), attachment=row, **form.cleaned_data)

    return ask(request, row.customer, form, save, row.name, _("The changes are saved."))


@requires(Verb.EDIT_CUSTOMERS)
def remove_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Delete it; who, when and why stay."""
    row = file_of(request, pk)
    form = RemovalForm(request.POST or None)

    def save() -> None:
        reason = form.cleaned_data["reason"]
        actions.remove_file(actor=actor(request), now=now(), attachment=row, reason=reason)

    return ask(
        request, row.customer, form, save, _("Take the file away"), _("The file is deleted."),
        text=_("%(name)s is deleted for good. Who did it, when and why stays.")
        % {"name": row.name},
        danger=True,
    )  # fmt: skip


def file_of(request: HttpRequest, pk: int) -> Attachment:
    """The file that is still there, for who may see its customer; else 404."""
    rows = visible(person(request), Attachment.objects.kept())
    return get_object_or_404(rows.select_related("customer"), pk=pk)


def content_of(row: Attachment, *, inline: bool) -> FileResponse:
    """Its bytes under its own type, which no browser is to guess again. 404 where it is lost."""
    try:
        opened = row.file.open("rb")
    except OSError:
        raise Http404 from None
    response = FileResponse(
        opened,
        as_attachment=not (inline and row.is_inline),
        filename=row.name,
        content_type=row.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def small_of(row: Attachment) -> FileResponse:
    """Its small picture, kept by the browser for a while. 404 where it has none, or is lost."""
    try:
        small = thumbnail_of(row)
    except OSError:
        raise Http404 from None
    if small is None:
        raise Http404
    response = FileResponse(small, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return response


def _attached(request: HttpRequest, customer: Customer) -> list[str]:
    """Each by itself: one that is refused keeps no other out."""
    sent = request.FILES.getlist("files")
    refused = [] if sent else [_("Choose a file.")]
    for each in sent[:MOST_AT_ONCE]:
        try:
            actions.attach(
                actor=actor(request), now=now(), customer=customer, file=each,
                text=request.POST.get("text", "")[:200], is_shown="is_shown" in request.POST,
            )  # fmt: skip
        except ValidationError as error:
            refused += error.messages
    if len(sent) > MOST_AT_ONCE:
        refused.append(_("At most %(n)d files at a time.") % {"n": MOST_AT_ONCE})
    return refused
