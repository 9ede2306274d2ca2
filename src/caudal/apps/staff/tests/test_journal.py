"""The journal: who sees what of it, and in which words."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.history import tell
from caudal.apps.staff.journal import record, snapshot
from caudal.apps.staff.models import JournalEntry, Role, User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb

pytestmark = pytest.mark.django_db
CLOCK = Actor.system("clock")


@pytest.fixture
def ana(user_with_role: Callable[..., User]) -> User:
    return user_with_role("owner", "ana")


def customer(name: str, now: datetime, collector: User | None = None) -> Customer:
    company, _ = Company.objects.get_or_create(name="Red")
    zone, _ = Zone.objects.get_or_create(name="Norte", defaults={"company": company})
    return Customer.objects.create(
        code=name, name=name, zone=zone, company=company, address="x", collector=collector,
        registered_on=now.date(), created_at=now, updated_at=now,
    )  # fmt: skip


def test_entries_speak_of_names_and_not_of_columns(ana: User, now: datetime) -> None:
    before = snapshot(ana)
    ana.role, ana.is_active = Role.objects.get(code="cashier"), False
    record(CLOCK, "user.edit", ana, now=now, before=before, after=snapshot(ana))
    with translation.override("en"):
        told = tell(JournalEntry.objects.all())[0]
    assert told.act == "Edited the user"
    assert told.changes == [("Role", "Owner", "Cashier"), ("May log in", "Yes", "No")]


def test_a_row_that_is_gone_is_told_by_its_number(ana: User, now: datetime) -> None:
    record(CLOCK, "user.edit", ana, now=now, before={"role_id": 987654}, after={"role_id": None})
    assert tell(JournalEntry.objects.all())[0].changes[0][1:] == ("#987654", "")


def test_telling_fifty_entries_asks_as_often_as_telling_one(
    ana: User, now: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(50):
        record(CLOCK, "user.edit", ana, now=now, before={"role_id": number}, after={"role_id": 1})
    entries = list(JournalEntry.objects.all())
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        tell(entries)


def test_the_filters_leave_what_was_asked_for(
    ana: User, now: datetime, client_as: Callable[..., Client]
) -> None:
    record(Actor.person(ana), "role.edit", ana.role, now=now - timedelta(days=40), after={"x": 1})
    record(CLOCK, "user.edit", ana, now=now, after={"x": 2})
    client = client_as("owner", "ana")

    def shown(**query: str) -> list[str]:
        return [
            each.entry.verb
            for each in client.get(reverse("staff:journal"), query).context["entries"]
        ]

    day = now.date().isoformat()
    assert shown() == ["user.edit", "role.edit"]
    assert shown(who=str(ana.pk)) == ["role.edit"]
    assert shown(act="user.edit") == ["user.edit"]
    assert shown(first=day) == ["user.edit"]
    assert shown(last=day) == ["user.edit", "role.edit"]
    assert shown(first="nonsense") == ["user.edit", "role.edit"]
    assert shown(q="nobody") == []


def test_a_collector_sees_his_own_customers_and_their_journal_only(
    user_with_role: Callable[..., User], client_as: Callable[..., Client], now: datetime
) -> None:
    collector = user_with_role("collector")
    Role.objects.filter(code="collector").update(
        verbs=[*collector.role.verbs, Verb.SEE_JOURNAL.value]
    )
    mine, other = customer("mine", now, collector), customer("other", now)
    for each in (mine, other):
        record(CLOCK, "customer.edit", each, now=now, customer_id=each.pk, after={"x": 1})
    assert list(visible(collector, Customer.objects.all())) == [mine]
    client = client_as("collector")
    entries = client.get(reverse("staff:journal")).context["entries"]
    assert [told.entry.customer_id for told in entries] == [mine.pk]
    panel = client.get(reverse("staff:customer-journal", args=[other.pk]))
    assert list(panel.context["entries"]) == []


def test_a_table_without_a_known_way_to_its_customer_is_refused_to_collectors(
    user_with_role: Callable[..., User],
) -> None:
    with pytest.raises(KeyError):
        visible(user_with_role("collector"), Company.objects.all())
