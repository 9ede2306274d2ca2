"""An import taken back: who nobody has touched goes, what it changed is as it was."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.utils import translation

from caudal.apps.billing.models import Adjustment
from caudal.apps.bulk import actions as bulk
from caudal.apps.bulk.acts import Preview, act_named
from caudal.apps.bulk.doing import do_waiting
from caudal.apps.bulk.models import BulkAct
from caudal.apps.catalog.models import Plan
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Contact, Customer, CustomField, Service
from caudal.apps.imports.bulk import UNDO, narrow, preview
from caudal.apps.imports.models import ImportRow, ImportRun, Origin
from caudal.apps.imports.tests.conftest import HEAD, NOW, Provider
from caudal.apps.ledger.models import Balance
from caudal.apps.network.models import Connection, Router
from caudal.apps.staff.models import JournalEntry, User
from tests.rig.queries import queries_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def spanish():
    with translation.override("es"):
        yield


def chosen(run: ImportRun, owner: User) -> Any:
    return narrow(owner, QueryDict(f"run={run.pk}"))


def looked(run: ImportRun, owner: User) -> Preview:
    return preview(owner, LATER, {}, chosen(run, owner))


def undo(run: ImportRun, owner: User) -> BulkAct:
    known = act_named(UNDO)
    assert known is not None
    keys = list(chosen(run, owner).values_list("pk", flat=True))
    return bulk.ask(user=owner, now=LATER, key=uuid4(), act=known, ids=keys, options={})


def told(act: BulkAct) -> list[tuple[str, str]]:
    return [(row.status, row.result) for row in act.rows.order_by("position")]


def test_who_nobody_has_touched_is_removed_and_his_router_is_told(
    provider: Provider, row, owner: User
) -> None:
    run = provider.take(f"{HEAD}\n{row(1)}\n{row(2)}")
    Router.objects.update(dirty_since=None)
    act = undo(run, owner)
    assert [status for status, _text in told(act)] == ["done", "done"]
    for table in (Customer, Service, Connection, Contact, Origin):
        assert not table._default_manager.exists(), table
    assert Router.objects.get().dirty_since == LATER
    assert set(run.rows.values_list("status", flat=True)) == {"undone"}
    gone = JournalEntry.objects.filter(verb="customer.remove").first()
    assert gone is not None
    assert gone.before["name"] == "Eva Peña 1"


def test_the_same_file_comes_in_again_after_its_undo(provider: Provider, row, owner: User) -> None:
    content = f"{HEAD},Saldo,Codigo\n{row(1)},250,C1\n{row(2)},0,C2"
    undo(provider.take(content), owner)
    again = provider.take(content)
    assert [each.status for each in again.rows.all()] == ["done", "done"]
    assert Customer.objects.filter(archived_at=None).count() == 2


def test_who_has_been_touched_stays_and_it_is_said_why_before(
    provider: Provider, row, owner: User
) -> None:
    run = provider.take(f"{HEAD}\n{row(1)}\n{row(2)}\n{row(3)}")
    edited, noted, _free = Customer.objects.order_by("pk")
    customers.edit_customer(actor=provider.actor, now=NOW, customer=edited, data={"city": "Puebla"})
    customers.add_note(actor=provider.actor, now=NOW, customer=noted, text="Llamó")
    seen = looked(run, owner)
    assert seen.refused_count == 2
    whys = [each.refusal for each in seen.refused]
    assert "notas (1)" in whys[0]
    assert "test" in whys[1]
    assert len(seen.rows) == 1
    assert Customer.objects.count() == 3  # looking changes nothing
    act = undo(run, owner)
    assert [status for status, _text in told(act)] == ["done", "refused", "refused"]
    assert set(Customer.objects.all()) == {edited, noted}


def test_a_balance_is_settled_in_the_books_and_its_customer_archived(
    provider: Provider, row, owner: User
) -> None:
    run = provider.take(f"{HEAD},Saldo\n{row(1, Saldo='250')}\n{row(2, Saldo='-90')}")
    seen = looked(run, owner)
    removed = looked(provider.take(f"{HEAD}\n{row(3)}"), owner)
    assert len({each.changes[0][2] for each in seen.rows}) == 1
    assert seen.rows[0].changes[0][2] != removed.rows[0].changes[0][2]  # archived, and it is said
    act = undo(run, owner)
    assert [status for status, _text in told(act)] == ["done", "done"]
    assert Adjustment.objects.count() == 4
    assert set(Balance.objects.values_list("amount", flat=True)) == {Decimal(0)}
    for customer in Customer.objects.exclude(name="Eva Peña 3"):
        assert customer.archived_at == LATER
        assert not customer.services.exclude(state="cancelled").exists()
    assert Connection.objects.live().count() == 1


def test_a_second_service_goes_without_the_customer_who_was_here(
    provider: Provider, row, owner: User
) -> None:
    head = f"{HEAD},Usuario"
    provider.take(f"{head}\n{row(1, Usuario='eva@red')}")
    second = provider.take(f"{head}\n{row(1, Usuario='eva@red')}\n{row(2, Usuario='eva@red')}")
    customer = Customer.objects.get()
    customers.add_note(actor=provider.actor, now=NOW, customer=customer, text="No importa")
    act = undo(second, owner)
    assert [status for status, _text in told(act)] == ["done"]
    assert [each.connection.username for each in customer.services.all()] == ["eva1"]


def test_services_of_one_file_go_before_their_customer(
    provider: Provider, row, owner: User
) -> None:
    head = f"{HEAD},Usuario"
    run = provider.take(f"{head}\n{row(1, Usuario='eva@red')}\n{row(2, Usuario='eva@red')}")
    assert not looked(run, owner).refused_count
    assert [status for status, _text in told(undo(run, owner))] == ["done", "done"]
    assert not Customer.objects.exists()


def test_what_it_changed_goes_back_but_for_what_somebody_has_changed_since(
    provider: Provider, row, owner: User
) -> None:
    Plan.objects.create(
        name="Hogar 50Mb", technology="pppoe", price=Decimal(500), currency="MXN",
        down_kbps=50_000, up_kbps=5_000,
    )  # fmt: skip
    field = CustomField.objects.create(code="torre", name="Torre", kind="text")
    head = f"{HEAD},Torre,Estado,Pass"
    provider.take(f"{head}\n{row()},A,Activo,")
    customer = Customer.objects.get()
    customers.edit_customer(
        actor=provider.actor, now=NOW, customer=customer, data={"city": "Puebla"}
    )
    before = {name: getattr(customer, name) for name in ("name", "address", "city")}
    changed = row(
        Nombre="Otra Persona", Telefono="5599999999", Ip="10.20.0.77",
        **{"Plan Internet": "Hogar 50Mb", "Dirección": "Otra calle"},
    )  # fmt: skip
    second = provider.take(f"{head}\n{changed},B,Suspendido,")
    customer.refresh_from_db()
    assert (customer.name, customer.services.get().state) == ("Otra Persona", "suspended")
    customers.edit_customer(
        actor=provider.actor, now=NOW, customer=customer, data={"address": "La de verdad 9"}
    )
    (seen,) = looked(second, owner).rows
    assert [what for what, _was, will in seen.changes[1:]] == ["Dirección"]
    (result,) = told(undo(second, owner))
    assert result[0] == "done"
    assert "Dirección" in result[1]
    customer.refresh_from_db()
    service = customer.services.get()
    assert (customer.name, customer.city) == (before["name"], "Puebla")
    assert customer.address == "La de verdad 9"
    assert customer.contacts.get(kind="phone").value == "+525512345601"
    assert customer.field_values.get(field=field).text == "A"
    assert (service.plan, service.state) == (provider.plan, "active")
    assert service.connection.address == "10.20.0.10"
    again = provider.take(f"{head}\n{changed},B,Suspendido,")
    assert again.rows.get().plan == "changed"


def test_taking_back_twice_does_it_once(provider: Provider, row, owner: User) -> None:
    run = provider.take(f"{HEAD}\n{row(1)}\n{row(2, Saldo='')}")
    known = act_named(UNDO)
    assert known is not None
    keys = list(chosen(run, owner).values_list("pk", flat=True))
    ask = {"user": owner, "now": LATER, "act": known, "ids": keys, "options": {}}
    key = uuid4()
    first = bulk.ask(key=key, **ask)
    assert bulk.ask(key=key, **ask) == first
    second = bulk.ask(key=uuid4(), **ask)
    assert [status for status, _text in told(second)] == ["refused", "refused"]
    assert not chosen(run, owner).exists()


def test_killed_halfway_the_rest_is_taken_back_and_nothing_twice(
    provider: Provider, row, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "\n".join(row(number) + ",100" for number in range(1, 21))
    run = provider.take(f"{HEAD},Saldo\n{lines}")
    act = undo(run, owner)
    assert act.status == "queued"  # more than one waits for

    class Killed(BaseException):
        pass

    left = 7

    def work(context: Any, each: ImportRow) -> str:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        return original(context, each)

    known = act_named(UNDO)
    assert known is not None
    original = known.each
    assert original is not None
    monkeypatch.setattr(
        "caudal.apps.bulk.doing.act_named",
        lambda key: type(known)(**{n: getattr(known, n) for n in known.__slots__} | {"each": work}),
    )
    with pytest.raises(Killed):
        do_waiting(Run(), LATER)
    assert run.rows.filter(status="undone").count() == 7
    monkeypatch.undo()
    do_waiting(Run(), LATER)
    act.refresh_from_db()
    assert act.status == "done"
    assert set(act.rows.values_list("status", flat=True)) == {"done"}
    assert Adjustment.objects.count() == 40
    assert set(Balance.objects.values_list("amount", flat=True)) == {Decimal(0)}


def test_looking_asks_as_many_queries_for_many_rows_as_for_few(
    provider: Provider, row, owner: User
) -> None:
    few = provider.take(f"{HEAD}\n{row(1)}\n{row(2)}")
    lines = "\n".join(row(number) for number in range(3, 40))
    many = provider.take(f"{HEAD}\n{lines}")
    counts = [queries_of(lambda run=run: looked(run, owner)) for run in (few, many)]
    assert counts[0] == counts[1] < 80


def test_rows_whose_undo_is_forgotten_say_so(provider: Provider, row, owner: User) -> None:
    run = provider.take(f"{HEAD}\n{row(1)}")
    run.rows.update(kept="")
    assert looked(run, owner).refused_count == 1
    assert [status for status, _text in told(undo(run, owner))] == ["refused"]
    assert Customer.objects.exists()
