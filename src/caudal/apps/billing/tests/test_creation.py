"""Who is billed by the creation job, and late; the numbered cases are in tests/flows."""

from decimal import Decimal

from caudal.apps.billing.actions import create_invoices
from caudal.apps.billing.tests.world import World, at, d
from caudal.apps.customers.models import CutStyle


def test_documents_created_late_shift_their_due_and_cut_dates(world: World) -> None:
    customer = world.customer(own={"cut_style": CutStyle.GRACE_DAYS, "cut_value": 5})
    world.create(d(6, 26), hour=6)
    on_time = world.invoices(customer)[0]
    assert (on_time.due, on_time.cut) == (d(7, 1), d(7, 7))
    other = world.customer()
    create_invoices(d(6, 28), at(d(7, 10)))
    (late,) = world.invoices(other)
    assert (late.emission, late.due, late.cut) == (d(6, 28), d(7, 13), d(7, 17))
    assert "adjusted-by-late-creation" in str(late.lines.get().trace)


def test_exempt_archived_cancelled_and_pending_ones_are_not_billed(world: World) -> None:
    world.customer(is_invoiced=False)
    world.customer(archived_at=at(d(1, 1)))
    pending = world.customer()
    pending.services.update(state="pending")
    gone = world.customer()
    gone.services.update(state="cancelled", cancelled_on=d(6, 20))
    assert world.create(d(6, 28))["created"] == 0


def test_suspended_customers_are_still_billed(world: World) -> None:
    customer = world.customer()
    customer.services.update(state="suspended")
    world.create(d(6, 28))
    assert world.totals(customer) == [Decimal("300.00")]
