"""A drawer is counted, worked with and closed blind; a closed session never changes (I21)."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.ledger import verify as ledger_verify
from caudal.apps.ledger.models import Account
from caudal.apps.ledger.reads import account_balance
from caudal.apps.payments import guards
from caudal.apps.payments.actions import delete_payment, hand_over, move_cash
from caudal.apps.payments.models import CashBox, CashSession, Movement
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User
from caudal.core.errors import RuleError

pytestmark = pytest.mark.django_db
UserWithRole = Callable[..., User]


@pytest.fixture
def ana(user_with_role: UserWithRole) -> User:
    return user_with_role("cashier", "ana")


@pytest.fixture
def box(till: Till) -> CashBox:
    """A drawer that nobody uses without opening it."""
    till.box.needs_session = True
    till.box.save()
    return till.box


def over_and_short(till: Till) -> Decimal:
    account = Account.objects.filter(kind=Account.Kind.DIFFERENCE).first()
    return Decimal(0) if account is None else account_balance(account)


def test_a_day_at_the_till_closes_with_what_moved_in_it(
    till: Till, box: CashBox, ana: User
) -> None:
    customer, bank = till.customer(), till.create_box("Banco", "bank")
    session = till.open(ana, d(7, 3), "500.00")
    assert till.held(box) == Decimal("500.00")
    till.pay_parts(
        customer, d(7, 3), till.cash("100.00"), till.cheque("250.00", d(7, 20)), operator=ana
    )
    till.pay(customer, "80.00", d(7, 3), method="transfer", cash_box=bank, operator=ana)
    till.pay(customer, "60.00", d(7, 3), operator=ana)
    till.give_back(customer, "20.00", d(7, 3), operator=ana)
    act = {"actor": Actor.person(ana), "now": at(d(7, 3)), "on": d(7, 3), "operator": ana}
    move_cash(**act, box=box, cause="expense", amount=Decimal("45.00"), note="Agua")
    hand_over(**act, source=box, target=bank, amount=Decimal("400.00"))
    closed = till.close(
        session, d(7, 3), "190.00", others={"cheque": Decimal(250), "transfer": Decimal(80)},
        note="5 short",
    )  # fmt: skip
    assert (closed.expected_cash, closed.difference) == (Decimal("195.00"), Decimal("-5.00"))
    assert closed.expected == {"cheque": "250.00", "transfer": "80.00"}
    assert till.held(box) == Decimal("190.00")
    assert over_and_short(till) == Decimal("5.00")
    verify()


def test_the_first_count_is_money_put_in_and_a_later_one_over_or_short(
    till: Till, box: CashBox, ana: User
) -> None:
    first = till.open(ana, d(7, 3), "500.00")
    assert first.opening_difference == 0
    till.close(first, d(7, 3), "500.00")
    assert over_and_short(till) == 0
    second = till.open(ana, d(7, 4), "480.00")
    assert second.opening_difference == Decimal("-20.00")
    assert over_and_short(till) == Decimal("20.00")
    verify()


def test_a_drawer_that_needs_a_session_takes_nothing_without_one(
    till: Till, box: CashBox, ana: User, user_with_role: UserWithRole
) -> None:
    customer = till.customer()
    with pytest.raises(RuleError, match="session-needed"):
        till.pay(customer, "100.00", d(7, 3), operator=ana)
    till.open(ana, d(7, 3), "0")
    with pytest.raises(RuleError, match="session-of-another"):
        till.pay(customer, "100.00", d(7, 3), operator=user_with_role("cashier", "eva"))
    till.pay(customer, "100.00", d(7, 3), operator=ana)
    till.pay(customer, "100.00", d(7, 3), operator=user_with_role("manager"))
    with pytest.raises(RuleError, match="session-open"):
        till.open(ana, d(7, 3), "0")
    assert till.held(box) == Decimal("200.00")


def test_a_drawer_that_needs_none_works_as_ever_and_still_may_be_opened(
    till: Till, ana: User, user_with_role: UserWithRole
) -> None:
    customer = till.customer()
    till.pay(customer, "100.00", d(7, 3))
    session = till.open(ana, d(7, 3), "100.00")
    till.pay(customer, "50.00", d(7, 3), operator=user_with_role("cashier", "eva"))
    assert till.close(session, d(7, 3), "150.00").difference == 0
    verify()


def test_who_did_not_open_it_does_not_close_it_and_a_supervisor_may(
    till: Till, box: CashBox, ana: User, user_with_role: UserWithRole
) -> None:
    session = till.open(ana, d(7, 3), "10.00")
    with pytest.raises(RuleError, match="session-of-another"):
        eva = Actor.person(user_with_role("cashier", "eva"))
        till.close(session, d(7, 3), "10.00", actor=eva)
    till.close(session, d(7, 3), "10.00", actor=Actor.person(user_with_role("manager")))
    with pytest.raises(RuleError, match="session-closed"):
        till.close(session, d(7, 3), "0")


def test_a_later_correction_goes_to_the_session_of_today(
    till: Till, box: CashBox, ana: User
) -> None:
    customer = till.customer()
    monday = till.open(ana, d(7, 6), "0")
    payment = till.pay(customer, "300.00", d(7, 6), operator=ana)
    till.close(monday, d(7, 6), "300.00")
    before = list(CashSession.objects.filter(pk=monday.pk).values())
    delete = {
        "actor": Actor.person(ana), "now": at(d(7, 7)), "today": d(7, 7), "payment": payment,
        "reason": "mistake",
    }  # fmt: skip
    with pytest.raises(RuleError, match="session-needed"):
        delete_payment(**delete)
    tuesday = till.open(ana, d(7, 7), "300.00", hour=8)
    delete_payment(**delete)
    assert list(CashSession.objects.filter(pk=monday.pk).values()) == before
    assert [row.amount for row in tuesday.movements.all()] == [Decimal("-300.00")]
    assert till.close(tuesday, d(7, 7), "0").difference == 0
    verify()


def test_the_database_refuses_any_change_of_what_is_closed(
    till: Till, box: CashBox, ana: User
) -> None:
    session = till.open(ana, d(7, 6), "0")
    till.pay(till.customer(), "300.00", d(7, 6), operator=ana)
    till.close(session, d(7, 6), "290.00")
    moved = Movement.objects.first()
    assert moved is not None
    values = {
        "box": box, "transaction": moved.transaction, "kind": "payment", "method": "cash",
        "amount": Decimal(1), "at": at(d(7, 7)),
    }  # fmt: skip
    for attempt in (
        lambda: CashSession.objects.filter(pk=session.pk).update(difference=0),
        lambda: CashSession.objects.filter(pk=session.pk).update(closed_at=None),
        lambda: connection.cursor().execute("DELETE FROM payments_cashsession"),
        lambda: Movement.objects.update(amount=Decimal(1)),
        lambda: connection.cursor().execute("DELETE FROM payments_movement"),
        lambda: Movement.objects.create(session=session, **values),
        lambda: replace(session, difference=0),
        lambda: replace(moved, amount=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    verify()


def replace(row: CashSession | Movement, **changed: int) -> None:
    """Write the row anew in place of the old one; SQLite alone knows how."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {table}")
            return
        cursor.execute(f"SELECT * FROM {table} WHERE id = %s", [row.pk])
        names = [column[0] for column in cursor.description]
        values = dict(zip(names, cursor.fetchone(), strict=True)) | changed
        marks = ", ".join(["%s"] * len(values))
        quoted = ", ".join(f'"{name}"' for name in names)
        cursor.execute(f"REPLACE INTO {table} ({quoted}) VALUES ({marks})", list(values.values()))


def test_a_drawer_taken_out_of_use_may_still_be_closed(till: Till, ana: User) -> None:
    session = till.open(ana, d(7, 6), "0")
    till.pay(till.customer(), "300.00", d(7, 6), operator=ana)
    till.box.is_active = False
    till.box.save()
    assert till.close(session, d(7, 6), "300.00").difference == 0
    with pytest.raises(RuleError, match="not-a-drawer"):
        till.open(ana, d(7, 7), "300.00")


def test_verify_finds_money_that_no_movement_tells_of(till: Till, ana: User) -> None:
    session = till.open(ana, d(7, 6), "0")
    till.pay(till.customer(), "300.00", d(7, 6), operator=ana)
    till.close(session, d(7, 6), "290.00")
    guards.remove(connection)
    Movement.objects.filter(kind="payment").delete()
    guards.install(connection)
    with translation.override("en"):
        found = {name for name, check in ledger_verify.checks().items() if list(check())}
    assert found == {
        "Boxes hold what moved in them",
        "Movements are in the books",
        "Parts lie in the boxes they name",
        "Sessions close with their movements",
    }


def test_cash_goes_only_where_there_is_some(till: Till, ana: User) -> None:
    bank = till.create_box("Banco", "bank")
    act = {"actor": CLERK, "now": at(d(7, 6)), "on": d(7, 6), "operator": None}
    move_cash(**act, box=till.box, cause="deposit", amount=Decimal("100.00"), note="float")
    with pytest.raises(RuleError, match="not-enough-in-box"):
        hand_over(**act, source=till.box, target=bank, amount=Decimal("100.01"))
    with pytest.raises(RuleError, match="not-enough-in-box"):
        move_cash(**act, box=till.box, cause="withdrawal", amount=Decimal("100.01"), note="")
    with pytest.raises(RuleError, match="same-box"):
        hand_over(**act, source=till.box, target=till.box, amount=Decimal("1.00"))
    hand_over(**act, source=till.box, target=bank, amount=Decimal("100.00"))
    assert (till.held(till.box), till.held(bank)) == (0, Decimal("100.00"))
    with pytest.raises(RuleError, match="not-a-drawer"):
        till.open(ana, d(7, 6), "100.00", box=bank)
    verify()
