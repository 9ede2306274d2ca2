"""What acts in the life of a service would move, in lines shown before they are done."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caudal.apps.billing import actions as billing
from caudal.apps.billing.models import CustomerProduct, Invoice, ServiceChange
from caudal.apps.catalog.models import Plan
from caudal.apps.customers.calendars import next_schedules
from caudal.apps.customers.models import Customer, Service
from caudal.apps.desk.views.asking import Effect
from caudal.core.money import ZERO
from caudal.core.periods import Calendar, Period
from caudal.web.money import format_money

Line = tuple[str, Decimal]


def of_plan_change(
    service: Service, plan: Plan, price: Decimal | None, on: date, style: str, today: date
) -> Effect:
    preview = billing.preview_plan_change(
        service=service, plan=plan, price=price, on=on, style=style
    )
    cost = format_money(plan.price if price is None else price, plan.currency)
    values = {"day": day(preview.on), "plan": plan.name, "price": cost}
    notes = [_("From %(day)s: %(plan)s at %(price)s per period.") % values]
    if preview.on > today:
        notes.append(_("It waits for that day and can be dropped until then."))
    if not preview.differences:
        notes.append(_("No day from then on is billed yet: nothing to correct."))
        return Effect(plan.currency, notes=notes)
    net = billing.net_of(preview.differences)
    at_once = style == ServiceChange.Style.AT_ONCE and net > 0
    where = _("At once, on an invoice of its own") if at_once else _("On his next invoice")
    return Effect(plan.currency, _corrected(preview.differences), (where, net), notes)


def of_hold(service: Service, days: Period, credit: bool, today: date) -> Effect:
    count = ngettext("%(count)d day without service", "%(count)d days without service", days.days)
    notes = [count % {"count": days.days}]
    if days.last >= today:
        notes.append(_("The clock suspends it on the first day and restores it after the last."))
    notes.append(_("Days that no invoice has taken yet will not be billed."))
    found = billing.preview_hold(service, days)
    differences = found if credit else []
    if not differences:
        return Effect(service.plan.currency, notes=notes)
    total = (_("On his next invoice"), billing.net_of(differences))
    return Effect(service.plan.currency, _corrected(differences), total, notes)


def of_cancellation(
    service: Service, last_day: date, credit_unused: bool, void_pending: bool
) -> Effect:
    farewell = billing.preview_cancellation(
        service=service,
        last_day=last_day,
        credit_unused=credit_unused,
        void_pending=void_pending,
    )
    currency = service.plan.currency
    lines = _corrected(farewell.unused)
    lines += [(item.description, item.amount) for item in farewell.items]
    notes = [*_fate_of(farewell.to_void, farewell.kept, void_pending), *_unsold(service)]
    if farewell.net < 0:
        notes.append(_("The credit pays what he owes; the rest stays in his favour."))
    if farewell.net > 0:
        notes.append(_("A last invoice asks for what had been left for the next one."))
    debt = farewell.debt
    total = (_("He will owe"), debt) if debt >= 0 else (_("He will have in his favour"), -debt)
    return Effect(currency, lines, total, notes)


def of_return(service: Service, started_on: date, charge_days_left: bool, today: date) -> Effect:
    unpaid = Invoice.objects.unpaid().filter(customer=service.customer).order_by("due", "id")
    lines = [(_("Invoice %(number)s") % {"number": row.label}, row.remaining) for row in unpaid]
    debt = sum((amount for _text, amount in lines), ZERO)
    notes = [_("He keeps his history and his numbers; what he owed he still owes.")]
    if charge_days_left:
        notes.append(
            _("Days from %(day)s on that no invoice takes land on the next one.")
            % {"day": day(max(started_on, date.min))}
        )
    if started_on > today:
        notes.append(_("He browses from now on; he is billed from that day."))
    total = (_("Debt from before"), debt) if lines else None
    return Effect(service.plan.currency, lines, total, notes)


def of_dates(customer: Customer, calendar: Calendar, today: date) -> Effect:
    """The days in between, and when the next invoices come."""
    lines: list[Line] = []
    currency = customer.company.currency
    for service, days, amount in billing.preview_bridge(customer, calendar, today):
        currency = service.plan.currency
        values = {"plan": service.plan.name, "first": day(days.first), "last": day(days.last)}
        lines.append((_("%(plan)s, %(first)s to %(last)s") % values, amount))
    notes = [
        _("Invoice created on %(created)s, due on %(due)s, for %(first)s to %(last)s.")
        % {
            "created": day(each.emission),
            "due": day(each.due),
            "first": day(each.period.first),
            "last": day(each.period.last),
        }
        for each in next_schedules(calendar, today, 2)
    ]
    if not lines:
        return Effect(currency, notes=[_("No day falls between the dates."), *notes])
    total = (_("On his next invoice besides its period"), sum((one for _t, one in lines), ZERO))
    return Effect(currency, lines, total, notes)


def of_drop(change: ServiceChange) -> Effect:
    return Effect(
        change.service.plan.currency,
        notes=[_("What was billed ahead for it is corrected on the next invoice.")],
    )


def day(value: date) -> str:
    return str(date_format(value, "SHORT_DATE_FORMAT"))


def _corrected(differences: Sequence[billing.Difference]) -> list[Line]:
    lines = []
    for each in differences:
        values = {"first": day(each.days.first), "last": day(each.days.last)}
        if each.credit:
            lines.append((_("Credit, %(first)s to %(last)s") % values, -each.credit))
        if each.charge:
            lines.append((_("Charge, %(first)s to %(last)s") % values, each.charge))
    return lines


def _fate_of(
    to_void: Sequence[Invoice], kept: Sequence[Invoice], void_pending: bool
) -> Iterable[str]:
    for row in to_void:
        yield _("Invoice %(number)s is voided.") % {"number": row.label}
    for row in kept:
        values = {"number": row.label, "left": format_money(row.remaining, row.currency)}
        if void_pending:
            yield _("Invoice %(number)s was paid in part: %(left)s of it stays.") % values
        else:
            yield _("Invoice %(number)s stays: %(left)s to pay.") % values


def _unsold(service: Service) -> Iterable[str]:
    """PRD-5: what no invoice has charged of his products is shown, not lost."""
    sold = CustomerProduct.objects.filter(
        customer=service.customer, completed_at=None, cancelled_at=None
    ).exclude(billing=CustomerProduct.Billing.RECURRING)
    for row in sold.filter(service__in=[service.pk]) | sold.filter(service=None):
        if row.rest:
            values = {"what": row.description, "rest": format_money(row.rest, row.currency)}
            yield _("%(what)s: %(rest)s of it is not billed.") % values
