"""Suspend and activate many customers (WH-30, WH-33)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caudal.apps.bulk.acts import Act, Context, Done, register
from caudal.apps.customers import actions as customers
from caudal.apps.customers.actions.reasons import CAN_BE_SUSPENDED
from caudal.apps.customers.models import Customer, Service, ServiceState, Suspension
from caudal.apps.desk.bulk.subject import today_of
from caudal.apps.desk.forms.acts import SuspendForm
from caudal.apps.desk.life import restore
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.forms import PanelForm


class ActivateForm(PanelForm):
    promise = forms.ChoiceField(
        label=_("Promises to pay"),
        choices=[
            ("keep", _("Keep them: who does not pay is cut again on his control days")),
            ("drop", _("Drop them: what is overdue today does not cut anybody again")),
        ],
        initial="keep",
    )
    pending = forms.BooleanField(
        label=_("Activate those that wait for their installation too"), required=False
    )
    note = forms.CharField(label=_("Note"), max_length=250, required=False)


def suspend(context: Context, customer: Customer) -> Done:
    """Open the reason on every service of his that may be cut by hand."""
    reason, note = str(context.options["reason"]), str(context.options.get("note", ""))
    opened = [
        service.pk
        for service in customer.services.filter(state__in=CAN_BE_SUSPENDED)
        if customers.suspend(
            actor=context.actor, now=context.now, today=today_of(context, customer),
            service=service, reason=reason, note=note,
        )
    ]  # fmt: skip
    if not opened:
        raise RuleError("nothing-to-suspend")
    before = {"services": opened, "reason": reason, "at": context.now.isoformat()}
    return Done(_suspended(len(opened)), before)


def lift_again(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    """Close the very suspensions that the act opened; others, and later ones, stay."""
    opened = Suspension.objects.filter(
        service__customer=customer,
        service__in=before["services"],
        reason=before["reason"],
        opened_at=datetime.fromisoformat(before["at"]),
        closed_at=None,
    )
    lifted = [
        customers.lift(
            actor=context.actor, now=context.now, service=each.service, reason=each.reason
        )
        for each in opened.select_related("service")
    ]
    if not any(lifted):
        raise RuleError("changed-since")
    return _restored(len(lifted))


def activate(context: Context, customer: Customer) -> Done:
    """Close every reason of his suspended services; those that are pending only where asked."""
    closed, begun = [], 0
    for service in customer.services.filter(state=ServiceState.SUSPENDED):
        closed += customers.reasons_of(service)
        _restore(context, customer, service)
    if context.options.get("pending"):
        for service in customer.services.filter(state=ServiceState.PENDING):
            customers.activate(
                actor=context.actor, now=context.now, service=service,
                started_on=today_of(context, customer),
            )  # fmt: skip
            begun += 1
    if not closed and not begun:
        raise RuleError("nothing-to-activate")
    many = len({row["service"] for row in closed}) + begun
    return Done(_restored(many), {"reasons": closed})


def suspend_again(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    """Open again what was closed, as it was written then."""
    opened = reopen(context, customer, before["reasons"])
    if not opened:
        raise RuleError("changed-since")
    return _suspended(opened)


def reopen(context: Context, customer: Customer, reasons: list[dict[str, Any]]) -> int:
    """Suspend again for reasons that `customers.reasons_of` kept; how many were opened."""
    return customers.reopen(
        actor=context.actor, now=context.now, today=today_of(context, customer),
        customer=customer, reasons=reasons,
    )  # fmt: skip


def _restore(context: Context, customer: Customer, service: Service) -> None:
    restore(
        actor=context.actor,
        now=context.now,
        today=today_of(context, customer),
        service=service,
        reasons=[row["reason"] for row in customers.reasons_of(service)],
        drop_promise=context.options.get("promise") == "drop",
        note=str(context.options.get("note", "")),
    )


def _suspended(n: int) -> str:
    return ngettext("%(n)d service suspended", "%(n)d services suspended", n) % {"n": n}


def _restored(n: int) -> str:
    return ngettext("%(n)d service active", "%(n)d services active", n) % {"n": n}


register(
    Act(
        "customers.suspend",
        _("Suspend"),
        Verb.SUSPEND_SERVICES,
        "player-pause",
        _("All their services stop browsing; each router learns of it in a moment."),
        each=suspend,
        undo=lift_again,
        form=SuspendForm,
        order=20,
    )
)
register(
    Act(
        "customers.activate",
        _("Activate"),
        Verb.RESTORE_SERVICES,
        "plug-connected",
        _("Their suspended services browse again, whatever the reason was."),
        each=activate,
        undo=suspend_again,
        lasting=_(
            "What its undo leaves: promises that were dropped, holds that ended, and services "
            "that began after waiting for their installation."
        ),
        form=ActivateForm,
        order=10,
    )
)
