"""Templates of checks, and the rules of monitoring."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.forms.devices import RulesForm, TemplateForm
from caudal.apps.monitoring.models import CheckTemplate, Rules
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import answer_form


@require_GET
@requires(Verb.SEE_NETWORK)
def templates(request: HttpRequest) -> HttpResponse:
    rows = CheckTemplate.objects.annotate(used=Count("devices"))
    context = {"title": _("Templates of checks"), "rows": rows, "rules": Rules.current()}
    return render(request, "monitoring/templates.html", context)


@requires(Verb.CONFIGURE_NETWORK)
def template_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = get_object_or_404(CheckTemplate, pk=pk) if pk else None
    back = reverse("monitoring:templates")
    return answer_form(
        request,
        TemplateForm(request.POST or None, instance=found),
        title=found.name if found else _("New template of checks"),
        save=lambda form: actions.save_template(
            actor=actor(request), now=now(), template=form.instance
        ),
        done=_("The template was saved."),
        to=back,
        cancel_url=back,
        submit=_("Save"),
    )


@requires(Verb.CONFIGURE_NETWORK)
def rules_form(request: HttpRequest) -> HttpResponse:
    back = reverse("monitoring:templates")
    return answer_form(
        request,
        RulesForm(request.POST or None, instance=Rules.current()),
        title=_("Rules of monitoring"),
        save=lambda form: actions.save_rules(actor=actor(request), now=now(), rules=form.instance),
        done=_("The rules were saved."),
        to=back,
        cancel_url=back,
        submit=_("Save"),
    )
