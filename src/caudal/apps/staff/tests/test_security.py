"""Asking the password again, sessions of others, branches, keys from known networks, roles."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Zone
from caudal.apps.network.models import Safety
from caudal.apps.staff import actions
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.errors import StaffCode, StaffError
from caudal.apps.staff.models import Branch, JournalEntry, Role, SecurityRules, SignIn, User
from caudal.apps.staff.tests.test_sign_in import PASSWORD, enter
from caudal.apps.staff.verbs import WIDE, Verb

pytestmark = pytest.mark.django_db
TEST = Actor.system("test")
People = Callable[..., User]
Browsers = Callable[..., Client]
NEW = "/staff/branches/new/"


@pytest.fixture
def asking(db: None) -> SecurityRules:
    return SecurityRules.objects.create(asked_again=["rights"], minutes=10)


def test_nothing_is_asked_again_until_somebody_wants_it(client_as: Browsers) -> None:
    client_as("owner").post(NEW, {"name": "Norte"})
    assert Branch.objects.count() == 1


def test_the_password_is_asked_and_what_was_typed_is_kept(
    client_as: Browsers, asking: SecurityRules
) -> None:
    client = client_as("owner")
    typed = {"name": "Norte", "address": "Calle 1\n<b>&", "phone": "5"}
    question = client.post(NEW, typed)
    assert question.templates[0].name == "staff/ask_again.html" and not Branch.objects.exists()
    carried = dict(question.context["carried"])
    assert carried == typed
    client.post(NEW, carried | {"asked_password": PASSWORD})
    assert Branch.objects.get().address == "Calle 1\n<b>&"
    client.post(NEW, {"name": "Sur"})
    assert Branch.objects.count() == 2
    assert JournalEntry.objects.filter(verb="session.confirm").count() == 1


def test_the_password_is_good_for_some_minutes(
    client_as: Browsers, asking: SecurityRules, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("owner")
    client.post(NEW, {"name": "A", "asked_password": PASSWORD})
    from caudal.apps.staff.guard import now as real

    monkeypatch.setattr("caudal.apps.staff.guard.now", lambda: real() + timedelta(minutes=11))
    client.post(NEW, {"name": "B"})
    assert Branch.objects.count() == 1


def test_wrong_passwords_change_nothing_and_lock(
    client_as: Browsers, asking: SecurityRules
) -> None:
    client = client_as("owner")
    wrong = {"name": "A", "asked_password": "no"}
    statuses = [client.post(NEW, wrong).status_code for _ in range(6)]
    assert statuses[-1] == 429 and set(statuses[:4]) == {200}
    assert client.post(NEW, wrong | {"asked_password": PASSWORD}).status_code == 429
    assert not Branch.objects.exists()


def test_reading_and_live_checks_ask_nothing(client_as: Browsers, asking: SecurityRules) -> None:
    client = client_as("owner")
    assert client.get(NEW).context["form"] is not None
    live = client.post(NEW, {"name": "", "validate": "name"}, headers={"HX-Request": "true"})
    assert live.templates[0].name == "web/_field_errors.html"


@pytest.mark.parametrize("disguise", ["validate", "preview", "refresh"])
def test_an_act_that_pretends_to_be_a_question_changes_nothing(
    client_as: Browsers, asking: SecurityRules, disguise: str
) -> None:
    client_as("owner").post(NEW, {"name": "A", disguise: "1"})
    assert not Branch.objects.exists()


def test_the_api_is_no_way_around_the_question(
    client_as: Browsers, asking: SecurityRules, user_with_role: People, now: datetime
) -> None:
    client = client_as("owner")
    refused = client.post("/api/v1/network-safety/stop/", content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "password-needed")
    client.post(NEW, {"name": "A", "asked_password": PASSWORD})
    again = client.post("/api/v1/network-safety/stop/", content_type="application/json")
    assert again.status_code != 403


@pytest.mark.parametrize("header", ["Bearer cau_x", "Basic eDp5", "x"])
def test_a_made_up_key_is_no_way_around_the_question(
    client_as: Browsers, asking: SecurityRules, header: str
) -> None:
    client, given = client_as("owner"), {"Authorization": header}
    client.post(NEW, {"name": "A"}, headers=given)
    client.post("/api/v1/network-safety/stop/", content_type="application/json", headers=given)
    assert not Branch.objects.exists() and not Safety.objects.exclude(stopped_at=None).exists()


def test_a_fragment_gives_way_to_the_question(client_as: Browsers, asking: SecurityRules) -> None:
    answer = client_as("owner").post(NEW, {"name": "A"}, headers={"HX-Request": "true"})
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("body", "innerHTML")


def test_one_acts_own_verb_is_asked_before_the_password(
    client_as: Browsers, asking: SecurityRules
) -> None:
    assert (
        client_as("cashier").post(NEW, {"name": "A", "asked_password": PASSWORD}).status_code == 403
    )


def test_every_registered_process_names_real_addresses() -> None:
    from django.urls import get_resolver

    from caudal.apps.staff import critical

    names = {name for each in critical._processes.values() for p in each for name in p.views}
    known = {
        f"{space}:{name}"
        for space, (_prefix, resolver) in get_resolver().namespace_dict.items()
        for name in resolver.reverse_dict
        if isinstance(name, str)
    }
    assert names and names <= known, names - known


def test_an_owner_sees_and_ends_every_session(user_with_role: People) -> None:
    user_with_role("owner", "ana")
    user_with_role("cashier", "beto")
    owner, cashier = Client(), Client()
    enter(owner, "ana")
    enter(cashier, "beto", HTTP_USER_AGENT="Teléfono")
    page = owner.get(reverse("staff:sessions"))
    assert {row.user.username for row in page.context["sign_ins"]} == {"ana", "beto"}
    row = SignIn.objects.get(user__username="beto")
    assert cashier.post(reverse("staff:close-session-of", args=[row.pk])).status_code == 403
    owner.post(reverse("staff:close-session-of", args=[row.pk]))
    assert cashier.get(reverse("staff:profile")).status_code == 302


def test_when_a_session_was_last_used_is_kept(
    client: Client, user_with_role: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_with_role("owner", "ana")
    enter(client, "ana")
    began = SignIn.objects.get().seen_at
    from caudal.apps.staff.guard import now as real

    monkeypatch.setattr("caudal.apps.staff.guard.now", lambda: real() + timedelta(minutes=20))
    client.get(reverse("staff:profile"))
    seen = SignIn.objects.get().seen_at
    assert began and seen and seen - began > timedelta(minutes=19)


def test_sessions_take_the_same_queries_however_many(
    user_with_role: People, django_assert_max_num_queries: Any
) -> None:
    user_with_role("owner", "ana")
    clients = [Client() for _ in range(6)]
    for each in clients:
        enter(each, "ana")
    with django_assert_max_num_queries(8):
        clients[0].get(reverse("staff:sessions"))


@pytest.mark.parametrize(
    ("networks", "address", "is_in"),
    [
        ([], "198.51.100.9", True),
        (["203.0.113.0/24"], "203.0.113.77", True),
        (["203.0.113.0/24"], "198.51.100.9", False),
        (["203.0.113.0/24", "198.51.100.9"], "198.51.100.9", True),
        (["203.0.113.0/24"], "::ffff:203.0.113.7", True),
        (["2001:db8::/32"], "2001:db8::5", True),
        (["203.0.113.0/24"], "", False),
    ],
)
def test_a_key_is_good_only_from_its_networks(
    user_with_role: People, now: datetime, networks: list[str], address: str, is_in: bool
) -> None:
    _row, text = actions.create_token(
        actor=TEST, now=now, user=user_with_role("owner"), name="x",
        verbs=[Verb.SEE_CUSTOMERS.value], networks=networks,
    )  # fmt: skip
    assert (actions.use_token(text, now=now, address=address) is not None) == is_in


def test_a_network_that_is_none_is_said_beside_its_field(client_as: Browsers) -> None:
    given = {"name": "x", "verbs": [Verb.SEE_CUSTOMERS.value], "networks": "mi oficina"}
    answer = client_as("owner").post(reverse("staff:create-token"), given)
    assert "networks" in answer.context["form"].errors


def test_a_branch_that_is_used_is_not_deleted(
    client_as: Browsers, user_with_role: People, now: datetime
) -> None:
    north, south = (Branch.objects.create(name=name) for name in ("Norte", "Sur"))
    company = Company.objects.create(name="Río Net")
    Zone.objects.create(name="Centro", company=company, payment_day=5, branch=north)
    user = user_with_role("cashier")
    User.objects.filter(pk=user.pk).update(branch_ids=[south.pk])
    for branch in (north, south):
        with pytest.raises(StaffError) as refusal:
            actions.delete_branch(actor=TEST, now=now, branch=branch)
        assert refusal.value.code == StaffCode.BRANCH_IN_USE
    User.objects.filter(pk=user.pk).update(branch_ids=[])
    client_as("owner").post(reverse("staff:delete-branch", args=[south.pk]))
    assert list(Branch.objects.all()) == [north]


def test_a_person_is_limited_to_branches_on_his_page(
    client_as: Browsers, user_with_role: People
) -> None:
    north = Branch.objects.create(name="Norte")
    user = user_with_role("cashier", "beto")
    given = {"name": "Beto", "role": user.role_id, "branch_ids": [north.pk]}
    client_as("owner").post(reverse("staff:edit-user", args=[user.pk]), given)
    user.refresh_from_db()
    assert user.branch_ids == [north.pk] and user.is_limited


def test_the_last_owner_is_not_limited_to_a_branch(user_with_role: People, now: datetime) -> None:
    user = user_with_role("owner")
    north = Branch.objects.create(name="Norte")
    with pytest.raises(StaffError) as refusal:
        actions.edit_user(
            actor=TEST, now=now, user=user, name="x", role=user.role, branch_ids=[north.pk]
        )
    assert refusal.value.code == StaffCode.LAST_OWNER


@pytest.mark.parametrize("verb", sorted(WIDE))
def test_who_sees_a_part_of_the_customers_does_nothing_to_all(
    user_with_role: People, verb: str
) -> None:
    user = user_with_role("owner")
    assert user.may(verb)
    user.branch_ids = [1]
    assert not user.may(verb)


def test_a_role_is_copied_and_compared(client_as: Browsers) -> None:
    client = client_as("owner")
    cashier, owner = Role.objects.get(code="cashier"), Role.objects.get(code="owner")
    page = client.get(reverse("staff:create-role"), {"copy": cashier.pk})
    assert page.context["chosen"] == cashier.verbs
    compared = client.get(reverse("staff:compare-roles"), {"a": cashier.pk, "b": owner.pk})
    lines = [line for _title, lines in compared.context["groups"] for line in lines]
    only = {verb.value for verb, left, right in lines if right and not left}
    assert only == set(owner.verbs) - set(cashier.verbs)
    assert not [line for line in lines if line[1] == line[2]]


def test_a_role_may_demand_the_code_of_the_phone(client_as: Browsers) -> None:
    role = Role.objects.get(code="cashier")
    given = {"name": "Caja", "verbs": role.verbs, "needs_second_factor": "on"}
    client_as("owner").post(reverse("staff:edit-role", args=[role.pk]), given)
    role.refresh_from_db()
    assert role.needs_second_factor


def test_roles_that_differ_only_in_whom_they_see_are_not_called_the_same(
    client_as: Callable[..., Client],
) -> None:
    same = Role.objects.get(code="collector").verbs
    Role.objects.filter(code="cashier").update(verbs=same)
    pair = {role.code: role.pk for role in Role.objects.filter(code__in=("cashier", "collector"))}
    page = client_as("owner").get(
        "/staff/roles/compare/", {"a": pair["cashier"], "b": pair["collector"]}
    )
    assert "ve solo los clientes que tiene asignados" in page.content.decode()
    assert "pueden hacer lo mismo" not in page.content.decode()
