"""Zones by programs and by people of one branch: written as on the screen, and nothing lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.customers.models import Zone
from caudal.apps.network.models import Router
from caudal.apps.staff.models import Branch, JournalEntry, User

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
V1 = "/api/v1/zones/"


def sent(client: Client, method: str, address: str, **data: Any) -> Any:
    return getattr(client, method)(address, data, content_type="application/json")


@pytest.fixture
def owner(client_as: ClientAs) -> Client:
    return client_as("owner")


@pytest.fixture
def far(zone: Zone, now: Any) -> Router:
    """A router of another branch that serves a zone of all branches."""
    south = Branch.objects.create(name="Sur")
    made = Router.objects.create(name="RB Sur", driver="memory", host="192.0.2.9")
    away = Zone.objects.create(name="Sur", company=zone.company, payment_day=5, branch=south)
    made.zones.set([zone, away])
    return made


@pytest.fixture
def limited(client_as: ClientAs, user_with_role: Callable[..., User]) -> Client:
    """A manager of the branch in the north."""
    manager = user_with_role("manager")
    north = Branch.objects.create(name="Norte")
    User.objects.filter(pk=manager.pk).update(branch_ids=[north.pk])
    return client_as("manager")


def test_a_zone_is_made_read_and_changed(owner: Client, zone: Zone, router: Router) -> None:
    made = sent(owner, "post", V1, name="Norte", company=zone.company_id, payment_day=10,
                create_value=8, timezone="America/Tijuana", routers=[router.pk])  # fmt: skip
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["payment_day"], told["routers"], told["customers"]) == (10, [router.pk], 0)
    changed = sent(owner, "patch", f"{V1}{told['id']}/", payment_day=12).json()
    assert (changed["payment_day"], changed["routers"]) == (12, [router.pk])
    assert JournalEntry.objects.filter(verb="zone.save", subject_id=told["id"]).count() == 2
    dates = owner.get(f"{V1}{told['id']}/dates/").json()
    assert len(dates) == 3 and {day["due"][-2:] for day in dates} == {"12"}
    sent(owner, "patch", f"{V1}{told['id']}/", routers=[])
    assert not Zone.objects.get(pk=told["id"]).routers.exists()


def test_what_the_screen_refuses_is_refused(owner: Client, zone: Zone) -> None:
    def wrong(**data: Any) -> Any:
        answer = sent(owner, "patch", f"{V1}{zone.pk}/", **data)
        assert answer.status_code == 400, answer.content
        return answer.json()

    assert "payment_day" in wrong(payment_day=32)
    assert "timezone" in wrong(timezone="Marte/Olimpo")
    assert "code" in wrong(create_style="day", create_value=0)
    assert "name" in wrong(name="")
    zone.refresh_from_db()
    assert zone.payment_day == 5


def test_zones_are_found_by_words_and_branch(owner: Client, zone: Zone, far: Router) -> None:
    assert [row["name"] for row in owner.get(V1, {"q": "sur"}).json()["results"]] == ["Sur"]
    branch = Branch.objects.get(name="Sur")
    assert [row["name"] for row in owner.get(V1, {"branch": branch.pk}).json()["results"]] == [
        "Sur"
    ]


def test_who_sees_a_branch_sees_its_zones_and_those_of_all(
    limited: Client, zone: Zone, far: Router
) -> None:
    names = {row["name"] for row in limited.get(V1).json()["results"]}
    assert names == {"Centro"}
    south = Zone.objects.get(name="Sur")
    assert sent(limited, "patch", f"{V1}{south.pk}/", city="X").status_code == 404
    there = sent(limited, "patch", f"{V1}{zone.pk}/", branch=south.branch_id)
    assert there.status_code == 400, there.content


def test_who_sees_a_branch_takes_no_zone_of_another_from_a_router(
    limited: Client, zone: Zone, far: Router
) -> None:
    page = limited.get(reverse("network:edit_router", args=[far.pk]))
    offered = {str(each) for each in page.context["form"].fields["zones"].queryset}
    assert offered == {"Centro"}
    data = {name: field.value() for name, field in
            ((each.name, each) for each in page.context["form"])}  # fmt: skip
    kept = {name: "" if value is None else value for name, value in data.items()}
    kept |= {"zones": [zone.pk], "username": "caudal"}
    answer = limited.post(reverse("network:edit_router", args=[far.pk]), kept)
    assert answer.status_code == 302, answer.context["form"].errors
    assert {str(each) for each in far.zones.all()} == {"Centro", "Sur"}


def test_reading_and_writing_need_their_permissions(client_as: ClientAs, zone: Zone) -> None:
    assert client_as("cashier").get(V1).status_code == 403
    assert sent(client_as("technician"), "patch", f"{V1}{zone.pk}/", city="X").status_code == 403
