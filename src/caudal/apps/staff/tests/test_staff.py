"""Users, roles and tokens: what is kept of them, and what nobody can do by mistake."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from caudal.apps.staff import actions
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.errors import StaffCode, StaffError
from caudal.apps.staff.journal import SECRET
from caudal.apps.staff.models import ApiToken, JournalEntry, Role, User
from caudal.apps.staff.verbs import Verb

pytestmark = pytest.mark.django_db
People = Callable[..., User]
Browsers = Callable[..., Client]
CLOCK = Actor.system("test")

NEW = {
    "username": "carla",
    "name": "Carla Díaz",
    "password": "caudal del rio 7",
    "email": "",
    "phone": "",
    "language": "",
}


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def test_a_new_user_signs_in_and_the_journal_does_not_know_the_password(
    client_as: Browsers,
) -> None:
    given = NEW | {"role": str(role("cashier").pk)}
    assert client_as("owner").post(reverse("staff:create-user"), given).status_code == 302
    entry = JournalEntry.objects.get(verb="user.create")
    assert entry.after["password"] == SECRET
    assert NEW["password"] not in str(entry.after)
    assert Client().post("/staff/login/", NEW).status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "OWNER"), ("password", "corta"), ("password", "carla diaz"), ("email", "x")],
)
def test_a_bad_user_is_refused_beside_its_field(
    client_as: Browsers, field: str, value: str
) -> None:
    given = NEW | {"role": str(role("cashier").pk), field: value}
    answer = client_as("owner").post(reverse("staff:create-user"), given)
    assert list(answer.context["form"].errors) == [field]


def test_one_field_is_checked_while_the_rest_is_being_written(client_as: Browsers) -> None:
    answer = client_as("owner").post(
        reverse("staff:create-user"),
        {"username": "owner", "validate": "username"},
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()
    assert text.count("field-errors") == 1 and "id_username_errors" in text
    assert "<form" not in text and User.objects.count() == 1


def test_an_edit_leaves_only_what_changed_in_the_journal(
    client_as: Browsers, user_with_role: People
) -> None:
    user = user_with_role("cashier", "beto")
    given = {"name": "Beto Paz", "role": user.role_id, "email": "", "phone": "", "language": ""}
    client_as("owner").post(reverse("staff:edit-user", args=[user.pk]), given)
    entry = JournalEntry.objects.get(verb="user.edit")
    assert (entry.before, entry.after) == ({"name": "Beto"}, {"name": "Beto Paz"})


def test_whoever_is_kept_out_loses_sessions_and_tokens_at_once(
    client_as: Browsers, user_with_role: People, now: datetime
) -> None:
    user = user_with_role("cashier", "beto")
    _row, text = actions.create_token(
        actor=CLOCK, now=now, user=user, name="x", verbs=[Verb.SEE_CUSTOMERS.value]
    )
    browser = Client()
    browser.post("/staff/login/", {"username": "beto", "password": "a long password"})
    client_as("owner").post(reverse("staff:set-active", args=[user.pk, 0]))
    assert browser.get(reverse("staff:profile")).status_code == 302
    assert actions.use_token(text, now=now) is None


def test_nobody_takes_the_managing_of_staff_from_himself(
    user_with_role: People, now: datetime
) -> None:
    owner = user_with_role("owner", "ana")
    user_with_role("owner", "eva")
    himself = Actor.person(owner)
    acts: list[Callable[[], object]] = [
        lambda: actions.set_active(actor=himself, now=now, user=owner, active=False),
        lambda: actions.edit_user(
            actor=himself, now=now, user=owner, name="Ana", role=role("cashier")
        ),
        lambda: actions.edit_role(
            actor=himself, now=now, role=owner.role, name="X", verbs=[], only_own_customers=False
        ),
    ]
    for act in acts:
        with pytest.raises(StaffError) as refusal:
            act()
        assert refusal.value.code == StaffCode.NOT_YOURSELF


def test_somebody_who_manages_staff_always_remains(user_with_role: People, now: datetime) -> None:
    last = user_with_role("owner", "ana")
    acts: list[Callable[[], object]] = [
        lambda: actions.set_active(actor=CLOCK, now=now, user=last, active=False),
        lambda: actions.edit_user(actor=CLOCK, now=now, user=last, name="Ana", role=role("seller")),
        lambda: actions.edit_role(
            actor=CLOCK, now=now, role=last.role, name="X", verbs=[], only_own_customers=False
        ),
    ]
    for act in acts:
        with pytest.raises(StaffError) as refusal:
            act()
        assert refusal.value.code == StaffCode.LAST_OWNER
    last.refresh_from_db()
    assert last.is_active and last.may(Verb.MANAGE_STAFF)


def test_a_role_that_somebody_has_is_not_deleted(
    client_as: Browsers, user_with_role: People
) -> None:
    user_with_role("seller")
    client = client_as("owner")
    client.post(reverse("staff:delete-role", args=[role("seller").pk]))
    client.post(reverse("staff:delete-role", args=[role("technician").pk]))
    codes = set(Role.objects.values_list("code", flat=True))
    assert "seller" in codes and "technician" not in codes


def test_a_role_changed_on_the_matrix_counts_at_the_next_click(
    client_as: Browsers, user_with_role: People
) -> None:
    user_with_role("cashier")
    cashier = client_as("cashier")
    assert cashier.get(reverse("staff:journal")).status_code == 403
    client_as("owner").post(
        reverse("staff:edit-role", args=[role("cashier").pk]),
        {"name": "Caja", "verbs": [Verb.SEE_JOURNAL.value, "made.up"]},
    )
    assert cashier.get(reverse("staff:journal")).status_code == 403
    client_as("owner").post(
        reverse("staff:edit-role", args=[role("cashier").pk]),
        {"name": "Caja", "verbs": [Verb.SEE_JOURNAL.value]},
    )
    assert cashier.get(reverse("staff:journal")).status_code == 200


def test_unknown_verbs_are_not_given(now: datetime) -> None:
    made = actions.create_role(
        actor=CLOCK,
        now=now,
        name="Auditor",
        verbs=["made.up", Verb.SEE_JOURNAL.value],
        only_own_customers=False,
    )
    assert (made.code, made.verbs) == ("auditor", [Verb.SEE_JOURNAL.value])


class Ping(APIView):
    verbs = {"GET": Verb.SEE_CUSTOMERS, "POST": Verb.REGISTER_CUSTOMERS}

    def get(self, request: object) -> object:
        from rest_framework.response import Response

        return Response({"ok": True})

    post = put = get


def call(method: str, text: str) -> int:
    request = getattr(APIRequestFactory(), method)("/x", HTTP_AUTHORIZATION=f"Bearer {text}")
    answer = Ping.as_view()(request)
    return int(answer.status_code)


def token(user: User, now: datetime, *verbs: Verb, **more: object) -> tuple[ApiToken, str]:
    return actions.create_token(
        actor=CLOCK,
        now=now,
        user=user,
        name="system",
        verbs=[verb.value for verb in verbs],
        **more,  # type: ignore[arg-type]
    )


def test_a_token_does_what_it_was_given_and_no_more(user_with_role: People, now: datetime) -> None:
    _row, text = token(user_with_role("owner"), now, Verb.SEE_CUSTOMERS)
    assert (call("get", text), call("post", text), call("put", text)) == (200, 403, 403)


def test_a_token_is_kept_as_a_hash_only(user_with_role: People, now: datetime) -> None:
    row, text = token(user_with_role("owner"), now, Verb.SEE_CUSTOMERS)
    kept = str(ApiToken.objects.values().get(pk=row.pk)) + str(list(JournalEntry.objects.values()))
    assert text not in kept and text.startswith(row.prefix)
    assert row.digest not in str(list(JournalEntry.objects.values()))


@pytest.mark.parametrize("end", ["expired", "revoked", "wrong", "empty"])
def test_a_dead_token_is_nobody(user_with_role: People, now: datetime, end: str) -> None:
    expiry = now - timedelta(days=1) if end == "expired" else None
    row, text = token(user_with_role("owner"), now, Verb.SEE_CUSTOMERS, expires_at=expiry)
    if end == "revoked":
        actions.revoke_token(actor=CLOCK, now=now, token=row)
    text = {"wrong": text + "x", "empty": ""}.get(end, text)
    assert call("get", text) == 401


def test_a_token_loses_what_its_owner_loses(user_with_role: People, now: datetime) -> None:
    user = user_with_role("manager")
    _row, text = token(user, now, Verb.SEE_CUSTOMERS)
    Role.objects.filter(pk=user.role_id).update(verbs=[])
    assert call("get", text) == 403


def test_a_token_cannot_be_given_what_its_owner_may_not(
    user_with_role: People, now: datetime
) -> None:
    with pytest.raises(StaffError):
        token(user_with_role("cashier"), now, Verb.MANAGE_STAFF)


def test_the_screen_shows_a_new_token_once(client_as: Browsers) -> None:
    client = client_as("owner")
    given = {"name": "Contable", "verbs": [Verb.SEE_BILLING.value]}
    shown = client.post(reverse("staff:create-token"), given).content.decode()
    row = ApiToken.objects.get()
    assert f'value="{row.prefix}' in shown
    later = client.get(reverse("staff:tokens")).content.decode()
    assert later.count(row.prefix) == 1 and f'value="{row.prefix}' not in later


def test_the_first_owner_comes_from_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_OWNER_PASSWORD", "caudal del rio 7")
    call_command("create_owner", username="duena", stdout=StringIO())
    assert User.objects.get(username="duena").may(Verb.MANAGE_STAFF)
    with pytest.raises(CommandError):
        call_command("create_owner", username="DUENA", stdout=StringIO())
    monkeypatch.setenv("CAUDAL_OWNER_PASSWORD", "otra clave larga 9")
    call_command("create_owner", username="duena", reset=True, stdout=StringIO())
    assert User.objects.get(username="duena").check_password("otra clave larga 9")


def test_the_command_refuses_a_weak_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_OWNER_PASSWORD", "12345")
    with pytest.raises(CommandError):
        call_command("create_owner", username="duena", stdout=StringIO())
    assert not User.objects.exists()
