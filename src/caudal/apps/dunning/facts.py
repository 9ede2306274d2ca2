"""What the rules ask to know of a service, read for many services in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from caudal.apps.billing.models import Application, Credit, Invoice
from caudal.apps.catalog.models import Company, Holiday, Plan
from caudal.apps.customers.models import OwnCalendar, Service, Zone
from caudal.apps.dunning.models import EnabledByHand, Promise
from caudal.apps.outages.reads import holds_since
from caudal.apps.staff.models import User
from caudal.core import dunning
from caudal.core.dunning import (
    EVERY_DAY,
    CutPolicy,
    DebtLimit,
    Decision,
    DunningInvoice,
    Exemptions,
    NoCutDays,
    OutageHold,
    PromisePhase,
    should_cut,
)
from caudal.core.money import ZERO
from caudal.core.settlement import InvoiceKind
from caudal.store.lookups import Among

SPEAKS = (Promise.Outcome.LIVE, Promise.Outcome.BROKEN, Promise.Outcome.GIVEN_UP)
"""Outcomes in which a customer's last promise still has a say: it holds, is tried, or was tried."""

INVOICE = (
    "customer_id",
    "service_id",
    "currency",
    "kind",
    "prefix",
    "number",
    "due",
    "cut",
    "remaining",
)
"""What the rules ask of an invoice; who tells the customer of it asks for the rest."""


@dataclass(frozen=True)
class Case:
    """A service with all that decides about its cut; `invoices` are unpaid, oldest first."""

    service: Service
    invoices: tuple[Invoice, ...]
    policy: CutPolicy
    exempt: Exemptions
    no_cut: NoCutDays
    credit: Decimal
    """What he has in favour and no invoice of another service needs first."""
    last_promise: Promise | None = None
    promise: dunning.Promise | None = None
    outages: tuple[OutageHold, ...] = ()

    def overdue(self, day: date) -> tuple[Invoice, ...]:
        return tuple(row for row in self.invoices if (row.cut or row.due) <= day)

    def due(self, day: date) -> Decimal:
        """What he should have paid by that day, whether it cuts or not."""
        owed = sum((row.remaining for row in self.invoices if row.due <= day), ZERO)
        return max(owed - self.credit, ZERO)

    def overdue_debt(self, day: date) -> Decimal:
        """What the cut counts as owed on that day."""
        return dunning.overdue_debt(day, [seen(row) for row in self.invoices], self.credit)

    def decide(self, day: date) -> Decision:
        """Whether the job of that civil date cuts it."""
        return should_cut(
            day,
            [seen(row) for row in self.invoices],
            self.policy,
            promise=self.promise,
            exempt=self.exempt,
            no_cut=self.no_cut,
            credit=self.credit,
            outages=self.outages,
        )

    def holds_suspension(self, day: date) -> Decision:
        """Whether the rules would keep a suspended service suspended.

        A Sunday restores nobody, nor does an outage or the end of a promise's control days.
        """
        return self._held_by(day, self.exempt)

    def debt_holds(self, day: date) -> bool:
        """As `holds_suspension`, for who is marked as never to be cut as for anyone: the mark
        keeps jobs from cutting him, and says nothing of a person who did.
        """
        by_hand = self.exempt.enabled_by_hand_on
        return self._held_by(day, Exemptions(enabled_by_hand_on=by_hand)).cut

    def _held_by(self, day: date, exempt: Exemptions) -> Decision:
        promise = self.promise
        holding = promise is not None and promise.phase(day) is PromisePhase.HOLDING
        return should_cut(
            day,
            [seen(row) for row in self.invoices],
            self.policy,
            promise=promise if holding else None,
            exempt=exempt,
            no_cut=EVERY_DAY,
            credit=self.credit,
        )

    def owes_too_much(self, day: date) -> bool:
        """Whether his debt alone would cut him, whatever a promise or a person says of it."""
        rows = [seen(row) for row in self.invoices]
        return should_cut(day, rows, self.policy, credit=self.credit).cut

    def first_cut(self, first: date, last: date) -> tuple[date, Decision] | None:
        """When the job cuts it from `first` to `last` if nobody pays."""
        return dunning.first_cut(
            first,
            last,
            [seen(row) for row in self.invoices],
            self.policy,
            promise=self.promise,
            exempt=self.exempt,
            no_cut=self.no_cut,
            credit=self.credit,
            outages=self.outages,
        )


def seen(invoice: Invoice) -> DunningInvoice:
    """An invoice as the rules see it."""
    return DunningInvoice(
        id=invoice.pk,
        kind=InvoiceKind(invoice.kind),
        due=invoice.due,
        cut=invoice.cut or invoice.due,
        remaining=invoice.remaining,
        number=invoice.label,
    )


def cases_of(
    services: Iterable[Service], until: date | None = None, *, only: Sequence[str] = ()
) -> list[Case]:
    """A case of each service, by customer and number; `until` leaves out what is cut later.

    `only` names the columns that are read of service and customer, for reports over very many.
    """
    found = Service.objects.filter(Among("pk", [row.pk for row in services]))
    found = found.select_related("customer").order_by("customer_id", "number")
    rows = list(found.only(*only) if only else found)
    _share(rows)
    facts = _Facts(rows, until, INVOICE if only else ())
    return [facts.case(row) for row in rows]


def _share(services: Sequence[Service]) -> None:
    """Thousands of services have a few plans, zones, companies and collectors: one row of each."""
    customers = [row.customer for row in services]
    plans = Plan.objects.in_bulk({row.plan_id for row in services})
    zones = Zone.objects.in_bulk({row.zone_id for row in customers})
    companies = Company.objects.select_related("rules").in_bulk(
        {row.company_id for row in customers}
    )
    collectors = User.objects.in_bulk({row.collector_id for row in customers if row.collector_id})
    for service in services:
        customer = service.customer
        service.plan = plans[service.plan_id]
        customer.zone, customer.company = zones[customer.zone_id], companies[customer.company_id]
        customer.collector = (
            collectors.get(customer.collector_id) if customer.collector_id else None
        )


class _Facts:
    """Seven queries, however many services there are."""

    def __init__(self, services: list[Service], until: date | None, columns: Sequence[str]) -> None:
        owners = {row.customer_id for row in services}
        self._after = dict(
            OwnCalendar.objects.filter(Among("customer_id", owners)).values_list(
                "customer", "cut_after"
            )
        )
        self._invoices = _unpaid(owners, until, columns)
        self._credit = _credit(owners)
        self._promises = _promises(owners)
        self._renewed = _renewed(self._promises)
        self._enabled = _enabled({row.pk for row in services})
        self._outages = _outages(self._invoices)
        self._no_cut = _no_cut_days(row.customer.company for row in services)

    def case(self, service: Service) -> Case:
        customer, currency = service.customer, service.plan.currency
        company = customer.company
        his = [row for row in self._invoices[customer.pk] if row.currency == currency]
        mine = tuple(row for row in his if row.service_id in (None, service.pk))
        credit = self._credit[customer.pk, company.pk, currency]
        if credit and len(mine) < len(his):
            credit = dunning.credit_for({row.pk for row in mine}, map(seen, his), credit)
        last = self._promises.get(customer.pk)
        return Case(
            service=service,
            invoices=mine,
            policy=CutPolicy(
                after=self._after.get(customer.pk, customer.zone.cut_after),
                threshold=company.unlock_value,
                limit=DebtLimit(company.rules.debt_limit),
            ),
            exempt=Exemptions(
                gratis=not customer.is_invoiced,
                never_cut=not (customer.may_be_cut and customer.automatic_state),
                enabled_by_hand_on=self._enabled_on(service, last),
            ),
            no_cut=self._no_cut[company.pk],
            credit=credit,
            last_promise=last,
            promise=self._rule(last),
            outages=self._outages.get(customer.pk, ()),
        )

    def _rule(self, last: Promise | None) -> dunning.Promise | None:
        if last is None or last.outcome not in SPEAKS or last.pk in self._renewed:
            return None
        return last.rule()

    def _enabled_on(self, service: Service, last: Promise | None) -> date | None:
        """A promise that he gave after it says anew what he is to pay by when (PRM-2)."""
        row = self._enabled.get(service.pk)
        if row is None:
            return None
        speaks = last is not None and last.outcome in SPEAKS and last.created_at > row.at
        return None if speaks else row.on


def _unpaid(
    owners: set[int], until: date | None, columns: Sequence[str]
) -> dict[int, list[Invoice]]:
    found: dict[int, list[Invoice]] = defaultdict(list)
    rows = Invoice.objects.service().unpaid() if until is None else Invoice.objects.to_cut(until)
    rows = rows.filter(Among("customer_id", owners)).order_by("due", "id")
    for invoice in rows.only(*columns) if columns else rows:
        found[invoice.customer_id].append(invoice)
    return found


def _credit(owners: set[int]) -> dict[tuple[int, int, str], Decimal]:
    found: dict[tuple[int, int, str], Decimal] = defaultdict(lambda: ZERO)
    free = Credit.objects.filter(Among("customer_id", owners), remaining__gt=ZERO)
    for customer, company, currency, remaining in free.values_list(
        "customer_id", "company_id", "currency", "remaining"
    ):
        found[customer, company, currency] += remaining
    return found


def _promises(owners: set[int]) -> dict[int, Promise]:
    """The last promise of each, whatever became of it."""
    rows = Promise.objects.filter(Among("customer_id", owners)).order_by("id")
    return {row.customer_id: row for row in rows.prefetch_related("invoices")}


def _renewed(promises: Mapping[int, Promise]) -> set[int]:
    """Broken ones after whose end a payment was taken back: what is owed again is another debt."""
    ended = {
        row.customer_id: row for row in promises.values() if row.outcome == Promise.Outcome.BROKEN
    }
    if not ended:
        return set()
    undone = Application.objects.filter(
        Among("invoice__customer_id", set(ended)), invoice__remaining__gt=ZERO
    ).exclude(undone_at=None)
    return {
        ended[customer].pk
        for customer, at in undone.values_list("invoice__customer_id", "undone_at")
        if at and (closed := ended[customer].closed_at) and at > closed
    }


def _outages(invoices: Mapping[int, Sequence[Invoice]]) -> dict[int, tuple[OutageHold, ...]]:
    """By customer, the outages that can hold a cut: what ended before anything was due cannot."""
    cuts = [row.cut or row.due for mine in invoices.values() for row in mine]
    if not cuts:
        return {}
    found = holds_since(invoices, min(cuts))
    return {
        customer: tuple(OutageHold(each.since, each.until) for each in held)
        for customer, held in found.items()
    }


def _enabled(services: set[int]) -> Mapping[int, EnabledByHand]:
    """The last time of each."""
    rows = EnabledByHand.objects.filter(Among("service_id", services)).order_by("id")
    return {row.service_id: row for row in rows}


def _no_cut_days(companies: Iterable[Company]) -> dict[int, NoCutDays]:
    known = {company.pk: company for company in companies}
    holidays: dict[int, set[date]] = defaultdict(set)
    for company, on in Holiday.objects.filter(company__in=known).values_list("company", "on"):
        holidays[company].add(on)
    return {
        pk: NoCutDays(frozenset(company.rules.no_cut_weekdays), frozenset(holidays[pk]))
        for pk, company in known.items()
    }
