"""What the room puts into the journal's words."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from caudal.apps.bulk import errors  # noqa: F401 - its sentences
from caudal.apps.bulk.acts import act_named
from caudal.apps.bulk.models import BulkAct
from caudal.apps.staff import acts, critical

acts.register(
    {
        "bulk.undo": _("Took a bulk act back"),
        "bulk.retry": _("Tried the refused rows of a bulk act again"),
    }
)


def _is_grave(request: HttpRequest) -> bool:
    """An act that asks to type a word, once it is confirmed."""
    act = act_named(request.POST.get("act", ""))
    return act is not None and act.is_danger and "confirmed" in request.POST


def _is_grave_again(request: HttpRequest) -> bool:
    """The same of an act that is tried again."""
    row = BulkAct.objects.filter(pk=request.resolver_match.kwargs["pk"]).first()  # type: ignore[union-attr]
    act = act_named(row.act) if row else None
    return act is not None and act.is_danger


ENDING = _("Cancelling, archiving and deleting customers and services, one or many")
critical.register("ending", ENDING, ["bulk:start"], _is_grave)
critical.register("ending", ENDING, ["bulk:undo"])
critical.register("ending", ENDING, ["bulk:retry"], _is_grave_again)
