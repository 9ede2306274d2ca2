"""Cancel, archive, and delete many customers (WH-38..47): rows are never lost."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caudal.apps.billing import actions as billing
from caudal.apps.billing.models import Invoice, ServiceChange
from caudal.apps.bulk.acts import Act, Context, Done, register
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Service, ServiceState
from caudal.apps.desk.actions import resume_service
from caudal.apps.desk.bulk.states import reopen
from caudal.apps.desk.bulk.subject import today_of
from caudal.apps.desk.forms.acts import ArchiveForm, DayField
from caudal.apps.desk.forms.causes import CancelCauseFields
from caudal.apps.desk.life import archive_customer, cancel
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.core.periods import ONE_DAY

DELETE_WORD = "eliminar_clientes"
"""Typed to delete, as people know it (WH-47)."""
FURTHEST = timedelta(days=366)


class CancelForm(CancelCauseFields):
    last_day = DayField(
        label=_("Last served day"),
        required=False,
        help_text=_("Empty: the day on which it is done. A day to come is left for the clock."),
    )
    void_pending = forms.BooleanField(
        label=_("Void their unpaid invoices too"),
        required=False,
        help_text=_("Not those that are paid in part: the rest of their debt stays."),
    )
    credit_unused = forms.BooleanField(
        label=_("Give back what is billed for later days"), required=False
    )
    address = forms.ChoiceField(
        label=_("Their IP addresses"),
        choices=[
            ("free", _("Free them, and remove them from the router")),
            ("keep", _("Keep them, and leave them cut on the router")),
        ],
        widget=forms.RadioSelect,
        initial="free",
        help_text=_("The history keeps who had each address, and when."),
    )
    field_order = ("last_day", "cause", "reason")


def cancel_services(context: Context, customer: Customer) -> Done:
    """End every service of his that has not ended."""
    options, today = context.options, today_of(context, customer)
    asked = options.get("last_day")
    last_day = date.fromisoformat(str(asked)) if asked else today
    if last_day > today + FURTHEST:
        raise RuleError("too-far-away")
    before: dict[str, Any] = {"ended": [], "scheduled": []}
    voidable = _unpaid(customer) if options.get("void_pending") else set()
    for service in _living(customer):
        kept = _kept(service, last_day)
        change = cancel(
            actor=context.actor, now=context.now, today=today, service=service, last_day=last_day,
            reason=str(options.get("reason", "")), void_pending=bool(options.get("void_pending")),
            credit_unused=bool(options.get("credit_unused")),
            keep_address=options.get("address") == "keep",
        )  # fmt: skip
        if change is None:
            before["ended"].append(kept)
        else:
            before["scheduled"].append(change.pk)
    if not before["ended"] and not before["scheduled"]:
        raise RuleError("nothing-to-cancel")
    before["voided"] = sorted(voidable - _unpaid(customer))
    return Done(_told(before), before)


def take_back_cancellation(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    """Services go on from the day after the last one, with their addresses and suspensions."""
    today, back = today_of(context, customer), 0
    waiting = ServiceChange.objects.filter(
        pk__in=before["scheduled"], status=ServiceChange.Status.SCHEDULED
    )
    for change in waiting.select_related("service"):
        billing.drop_change(actor=context.actor, now=context.now, today=today, change=change)
        back += 1
    back += _resume(context, customer, before["ended"])
    if not back:
        raise RuleError("changed-since")
    return ngettext("%(n)d service goes on", "%(n)d services go on", back) % {"n": back}


def archive(context: Context, customer: Customer) -> Done:
    """Hide who has no living service."""
    if _living(customer).exists():
        raise RuleError("has-living-services")
    _archived(customers.archive(actor=context.actor, now=context.now, customer=customer))
    return Done(str(_("Archived")), {"ended": []})


def delete_from_system(context: Context, customer: Customer) -> Done:
    """WH-45: routers keep what they hold of him, cut."""
    return _delete(context, customer, keep_address=True)


def delete_with_router(context: Context, customer: Customer) -> Done:
    """WH-46: his queue, secret and lists go, and his address is free."""
    return _delete(context, customer, keep_address=False)


def take_back_archive(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    shown = customers.unarchive(actor=context.actor, now=context.now, customer=customer)
    if not shown:
        raise RuleError("changed-since")
    _resume(context, customer, before["ended"])
    return str(_("In the lists again"))


def unarchive(context: Context, customer: Customer) -> str:
    if not customers.unarchive(actor=context.actor, now=context.now, customer=customer):
        raise RuleError("not-archived")
    return str(_("In the lists again"))


def archive_again(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    return archive(context, customer).text


def _delete(context: Context, customer: Customer, *, keep_address: bool) -> Done:
    if customer.archived_at is not None:
        raise RuleError("archived-already")
    today = today_of(context, customer)
    ended = [
        _kept(service, max(today, service.started_on - ONE_DAY)) for service in _living(customer)
    ]
    archive_customer(
        actor=context.actor, now=context.now, today=today, customer=customer,
        reason=str(context.options.get("reason", "")), keep_address=keep_address,
    )  # fmt: skip
    return Done(str(_("Deleted: archived with all his rows")), {"ended": ended})


def _archived(done: bool) -> None:
    if not done:
        raise RuleError("archived-already")


def _living(customer: Customer) -> Any:
    rows = customer.services.exclude(state=ServiceState.CANCELLED)
    return rows.select_related("customer__zone", "customer__company", "plan")


def _kept(service: Service, last_day: date) -> dict[str, Any]:
    return {
        "service": service.pk,
        "last_day": last_day.isoformat(),
        "reasons": customers.reasons_of(service),
    }


def _resume(context: Context, customer: Customer, ended: list[dict[str, Any]]) -> int:
    """Bring services back that nobody has touched since they ended."""
    back = 0
    for kept in ended:
        last_day = date.fromisoformat(kept["last_day"])
        service = customer.services.filter(
            pk=kept["service"], state=ServiceState.CANCELLED, cancelled_on=last_day
        ).first()
        if service is None:
            continue
        resume_service(
            actor=context.actor, now=context.now, today=today_of(context, customer),
            service=service, started_on=last_day + ONE_DAY,
        )  # fmt: skip
        reopen(context, customer, kept["reasons"])
        back += 1
    return back


def _unpaid(customer: Customer) -> set[int]:
    return set(Invoice.objects.unpaid().filter(customer=customer).values_list("pk", flat=True))


def _told(before: dict[str, Any]) -> str:
    ended, later = len(before["ended"]), len(before["scheduled"])
    if later:
        return ngettext("%(n)d service ends that day", "%(n)d services end that day", later) % {
            "n": later
        }
    return ngettext("%(n)d service cancelled", "%(n)d services cancelled", ended) % {"n": ended}


LASTING = _(
    "Its undo gives the services and their addresses back, or the first free ones where somebody "
    "else has got them; invoices that were voided stay void, and promises dropped."
)

register(
    Act(
        "customers.cancel",
        _("Cancel"),
        Verb.CANCEL_SERVICES,
        "user-off",
        _("Their services end; their invoices, payments and history stay."),
        each=cancel_services,
        undo=take_back_cancellation,
        lasting=LASTING,
        form=CancelForm,
        is_danger=True,
        order=30,
    )
)
register(
    Act(
        "customers.archive",
        _("Archive"),
        Verb.ARCHIVE_CUSTOMERS,
        "archive",
        _("Who has no living service disappears from the lists."),
        each=archive,
        undo=take_back_archive,
        order=80,
    )
)
register(
    Act(
        "customers.unarchive",
        _("Take out of the archive"),
        Verb.ARCHIVE_CUSTOMERS,
        "archive-off",
        _("They are in the lists again; their services stay as they are."),
        each=unarchive,
        undo=archive_again,
        order=81,
    )
)
for key, label, text, work, place in (
    (
        "customers.delete",
        _("Delete from the system"),
        _("Their services end today and they disappear from the lists; routers keep them, cut."),
        delete_from_system,
        90,
    ),
    (
        "customers.delete_on_router",
        _("Delete from the system and from the router"),
        _("Their services end today, they disappear from the lists and from their routers."),
        delete_with_router,
        91,
    ),
):
    register(
        Act(
            key,
            label,
            Verb.ARCHIVE_CUSTOMERS,
            "trash",
            text,
            each=work,
            undo=take_back_archive,
            lasting=LASTING,
            form=ArchiveForm,
            is_danger=True,
            word=DELETE_WORD,
            order=place,
        )
    )
