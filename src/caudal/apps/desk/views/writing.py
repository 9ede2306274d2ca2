"""Writing an e-mail to one customer, seen as he will read it before it goes out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from caudal.apps.clock.now import now
from caudal.apps.desk.forms.letter import LetterForm
from caudal.apps.desk.letters import fill, send_letter, variables
from caudal.apps.desk.views.asking import PREVIEW
from caudal.apps.desk.views.customer import customer_of
from caudal.apps.messaging.render import TemplateError
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import draft, live


@requires(Verb.SEND_MESSAGES)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_of(request, pk)
    typed = draft(request)
    form = LetterForm(None if typed else request.POST or None, customer=customer, typed=typed)
    if (errors := live(request, form)) is not None:
        return errors
    if request.POST.get(PREVIEW):
        return render(request, "desk/_letter.html", _preview(form))
    if request.method == "POST" and not typed and form.is_valid():
        given = form.cleaned_data
        send_letter(
            actor=actor(request),
            now=now(),
            key=given["key"],
            customer=customer,
            to=given["to"],
            subject=given["subject"],
            body=given["body"],
            invoice=form.chosen_invoice(),
            attach=given["attach"],
        )
        messages.success(request, _("The message waits to go out to %(to)s.") % {"to": given["to"]})
        return redirect("desk:customer", customer.pk)
    context = {"title": _("Write to the customer"), "customer": customer, "form": form}
    return render(request, "desk/write.html", {**context, "variables": variables()})


def _preview(form: LetterForm) -> dict[str, Any]:
    """The letter filled with what he has; nothing while it cannot be read."""
    form.is_valid()
    given = form.cleaned_data
    try:
        text = fill(
            form.customer, given.get("subject", ""), given.get("body", ""), form.chosen_invoice()
        )
    except TemplateError as error:
        return {"error": error.reason}
    return {"text": text, "to": given.get("to", ""), "attached": given.get("attach")}
