"""The blocking rules of a router: what they are to be, installed by one act, looked at."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from caudal.apps.clock.now import now
from caudal.apps.network import actions
from caudal.apps.network.forms.safety import CutRulesForm
from caudal.apps.network.models import CutRules, Router
from caudal.apps.network.sync.rules import check_rules, install_rules
from caudal.apps.network.words import explain_fault, explain_rule
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.core.ports.access import AccessError
from caudal.core.ports.blocking import RuleFault, RulesReport
from caudal.web.errors import explain
from caudal.web.forms import live

_WRITTEN_ANEW = (RuleFault.MISSING, RuleFault.DIFFERENT)


@requires(Verb.CONFIGURE_NETWORK)
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the form; POST with `act` check looks, with install stores, writes, reads back."""
    router = get_object_or_404(visible(person(request), Router.objects.all()), pk=pk)
    form = CutRulesForm(request.POST or None, instance=actions.cut_rules(router))
    if (errors := live(request, form)) is not None:
        return errors
    context: dict[str, Any] = {
        "title": _("Blocking rules"),
        "router": router,
        "form": form,
        "rules": form.instance,
    }
    if request.method == "POST" and form.is_valid():
        context |= _done(request, form.instance)
    return render(request, "network/rules.html", context)


def _done(request: HttpRequest, row: CutRules) -> dict[str, Any]:
    installs = request.POST.get("act") == "install"
    try:
        if not installs:
            return _told(check_rules(now=now(), rules=row))
        actions.save_cut_rules(actor=actor(request), now=now(), rules=row)
        report = install_rules(actor=actor(request), now=now(), rules=row)
        if report.ok:
            messages.success(request, _("The rules are on the router, read back."))
        return _told(report)
    except RuleError as error:
        return {"error": explain(error)}
    except AccessError as error:
        detail = f": {error.detail}" if error.detail else ""
        return {"error": explain_fault(f"{error.fault}{detail}")}


def _told(report: RulesReport) -> dict[str, Any]:
    return {
        "report": report,
        "problems": [explain_rule(each) for each in report.problems],
        "mended_by_installing": any(each.fault in _WRITTEN_ANEW for each in report.problems),
    }
