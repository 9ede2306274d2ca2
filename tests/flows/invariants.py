"""The invariants I1..I22 as far as rows alone can show them; each raises where it does not hold."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db.models import Count, F, Max, Min, Q

from caudal.apps.billing.models import (
    Application,
    BilledPeriod,
    Credit,
    Invoice,
    LateFee,
    ProductCharge,
    ReconnectionCharge,
)
from caudal.apps.catalog.models import Series
from caudal.apps.customers.models import Customer, Suspension
from caudal.apps.dunning.actions import live_promise
from caudal.apps.ledger.models import Entry, Transaction
from caudal.apps.ledger.reads import account_balance, balance_of, statement
from caudal.apps.ledger.verify import checks
from caudal.apps.payments.models import CashBox, Movement, Payment
from caudal.core.money import ZERO
from caudal.store.money import total


def i1_entries_sum_to_zero() -> None:
    sums = Transaction.objects.annotate(sum=total("entries__amount")).exclude(sum=ZERO)
    assert not sums.exists()
    by_book = Entry.objects.values("account__company", "account__currency")
    assert all(row["sum"] == 0 for row in by_book.annotate(sum=total("amount")).order_by())


def i2_i22_balances_and_statements_agree(customer: Customer, middle: date) -> None:
    company, currency = customer.company, customer.company.currency
    whole = statement(customer, company, currency)
    entries = Entry.objects.filter(customer=customer).aggregate(sum=total("amount"))["sum"]
    assert balance_of(customer, company, currency) == entries == whole.closing
    early = statement(customer, company, currency, None, middle)
    late = statement(customer, company, currency, date.fromordinal(middle.toordinal() + 1), None)
    assert late.opening == early.closing
    assert early.rows + late.rows == whole.rows
    assert late.closing == whole.closing


def i3_i12_nothing_is_negative_or_settled_twice() -> None:
    live = Q(applications__undone_at=None)
    for model, whole in ((Invoice, F("total") + F("debits")), (Credit, F("amount"))):
        applied = model._default_manager.annotate(
            applied=total("applications__amount", filter=live)
        )
        assert not applied.filter(Q(applied__gt=whole) | Q(applied__lt=0)).exists()
    assert not Invoice.objects.filter(Q(total__lt=0) | Q(remaining__lt=0)).exists()
    assert not ProductCharge.objects.filter(amount__lt=0).exists()
    assert not Application.objects.filter(amount__lte=0).exists()


def i4_no_day_is_billed_twice() -> None:
    periods = BilledPeriod.objects.filter(is_void=False).order_by("service", "first")
    for before, after in pairwise(periods):
        assert before.service_id != after.service_id or before.last < after.first


def i13_dates_are_in_order() -> None:
    dated = Invoice.objects.filter(origin=Invoice.Origin.AUTOMATIC)
    assert not dated.exclude(emission__lte=F("due")).exists()
    assert not dated.filter(cut__lte=F("due")).exists()


def i14_i16_whoever_was_just_cut_deserved_it(newest_before: int, today: date) -> None:
    """Judges by the rows as they are now, so it must be asked right after the cut job."""
    for suspension in Suspension.objects.filter(pk__gt=newest_before, is_automatic=True):
        service = suspension.service
        customer = service.customer
        mine = Q(service=service) | Q(service=None)
        overdue = Invoice.objects.filter(mine, customer=customer).to_cut(today)
        assert all(invoice.kind == Invoice.Kind.SERVICE for invoice in overdue)
        assert overdue.count() >= customer.zone.cut_after
        debt = sum((invoice.remaining for invoice in overdue), ZERO)
        assert debt > customer.company.unlock_value
        assert customer.may_be_cut and customer.is_invoiced
        promise = live_promise(customer)
        assert promise is None or promise.until <= today


def i15_one_late_fee_and_one_reconnection_each() -> None:
    fees = LateFee.objects.filter(is_void=False, is_repeated=False)
    assert not fees.values("overdue").annotate(n=Count("pk")).filter(n__gt=1).order_by().exists()
    assert not fees.exclude(overdue__kind=Invoice.Kind.SERVICE).exists()
    automatic = Suspension.objects.filter(is_automatic=True)
    assert ReconnectionCharge.objects.count() <= automatic.count()
    assert not ReconnectionCharge.objects.exclude(suspension__is_automatic=True).exists()


def i18_an_outside_payment_is_one() -> None:
    told = Payment.objects.exclude(external_id="").values("gateway", "external_id")
    assert not told.annotate(n=Count("pk")).filter(n__gt=1).order_by().exists()


def i20_numbers_have_no_gaps() -> None:
    kinds = {Series.Kind.INVOICE: "service", Series.Kind.FREE_INVOICE: "free"}
    for series in Series.objects.filter(kind__in=kinds):
        invoices = Invoice.objects.filter(
            company=series.company, kind=kinds[Series.Kind(series.kind)], prefix=series.prefix
        )
        ends = invoices.aggregate(first=Min("number"), last=Max("number"), n=Count("pk"))
        if ends["n"]:
            assert ends["last"] - ends["first"] + 1 == ends["n"]
            assert series.next_number == ends["last"] + 1


def i21_boxes_hold_what_moved() -> None:
    moved: dict[int, Decimal] = defaultdict(Decimal)
    for box, amount in Movement.objects.values_list("box_id", "amount"):
        moved[box] += amount
    for box in CashBox.objects.select_related("account"):
        assert account_balance(box.account) == moved[box.pk]


def every_check_of_verify_agrees() -> None:
    found = [(str(name), finding) for name, check in checks().items() for finding in check()]
    assert found == []
