"""Codes of the phone: who sets them up is asked for them, and each is good once."""

from base64 import b32encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.staff import actions, codes
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.errors import StaffCode, StaffError
from caudal.apps.staff.models import JournalEntry, Role, SecondFactor, SignIn, User
from caudal.apps.staff.tests.test_sign_in import enter

pytestmark = pytest.mark.django_db
People = Callable[..., User]
CODE = "/staff/login/code/"


@pytest.fixture
def ana(user_with_role: People, now: datetime, monkeypatch: pytest.MonkeyPatch) -> User:
    """Her phone makes codes since now, and the clock stands half a minute later."""
    user = user_with_role("owner", "ana")
    row = actions.begin_second_factor(user=user)
    code = codes.code_at(row.secret, now.timestamp())
    actions.confirm_second_factor(actor=Actor.person(user), now=now, at=now, user=user, code=code)
    for place in ("guard", "views.second_factor", "views.entering", "views.session"):
        at = f"caudal.apps.staff.{place}.now"
        monkeypatch.setattr(at, lambda: now + timedelta(seconds=30))
    phone = "caudal.apps.staff.views.second_factor.machine_time"
    monkeypatch.setattr(phone, lambda: now + timedelta(seconds=30))
    return user


def shown(user: User, at: datetime) -> str:
    """What her phone shows."""
    return codes.code_at(SecondFactor.objects.get(user=user).secret, at.timestamp())


def signed_in(client: Client) -> bool:
    return bool(client.get(reverse("staff:profile")).status_code == 200)


@pytest.mark.parametrize(
    ("at", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    secret = b32encode(b"12345678901234567890").decode()
    assert codes.code_at(secret, at) == code
    assert codes.step_of(code, secret, at) == at // 30


def test_the_password_alone_lets_nobody_in(client: Client, ana: User, now: datetime) -> None:
    assert enter(client, "ana")["Location"] == CODE  # type: ignore[index]
    assert not signed_in(client) and not SignIn.objects.exists()
    answer = client.post(CODE, {"code": shown(ana, now + timedelta(seconds=30))})
    assert answer["Location"] == reverse("desk:dashboard") and signed_in(client)


def test_the_phone_goes_by_the_machines_clock_however_far_the_demos_was_moved(
    client: Client, ana: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = timedelta(days=90)
    for place in ("guard", "views.second_factor", "views.entering", "views.session"):
        monkeypatch.setattr(f"caudal.apps.staff.{place}.now", lambda: now + months)
    enter(client, "ana")
    answer = client.post(CODE, {"code": shown(ana, now + timedelta(seconds=30))})
    assert answer["Location"] == reverse("desk:dashboard")


def test_one_comes_to_where_one_wanted_to_go_after_the_code(
    client: Client, ana: User, now: datetime
) -> None:
    enter(client, "ana", next="/staff/users/")
    answer = client.post(CODE, {"code": shown(ana, now + timedelta(seconds=30))})
    assert answer["Location"] == "/staff/users/"


def test_the_code_is_not_asked_without_the_password(client: Client, ana: User) -> None:
    assert client.get(CODE)["Location"] == reverse("staff:login")


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_code_of_another_minute_is_refused(
    client: Client, ana: User, now: datetime, seconds: int
) -> None:
    enter(client, "ana")
    client.post(CODE, {"code": shown(ana, now + timedelta(seconds=30 + seconds))})
    assert not signed_in(client)


def test_a_code_is_taken_once(ana: User, now: datetime) -> None:
    code = shown(ana, now + timedelta(seconds=30))
    later = now + timedelta(seconds=31)
    taken = [actions.take_code(now=later, at=later, user=ana, code=code) for _ in range(2)]
    assert taken == [True, False]


def test_the_code_of_setting_up_does_not_sign_in(ana: User, now: datetime) -> None:
    assert not actions.take_code(now=now, at=now, user=ana, code=shown(ana, now))


def test_a_recovery_code_lets_in_once_however_it_is_typed(ana: User, now: datetime) -> None:
    given = actions.renew_recovery_codes(actor=Actor.person(ana), now=now, user=ana)
    typed = given[0].upper().replace("-", " ")
    taken = [actions.take_code(now=now, at=now, user=ana, code=typed) for _ in range(2)]
    assert taken == [True, False] and len(SecondFactor.objects.get().recovery) == 9
    assert given[1] not in str(SecondFactor.objects.values())


def test_wrong_codes_lock_like_wrong_passwords(client: Client, ana: User, now: datetime) -> None:
    enter(client, "ana")
    statuses = [client.post(CODE, {"code": "000000"}).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    right = shown(ana, now + timedelta(seconds=30))
    assert client.post(CODE, {"code": right}).status_code == 429
    assert enter(Client(), "ana").status_code == 429  # type: ignore[attr-defined]
    assert not signed_in(client)


def test_a_right_password_does_not_forget_the_wrong_codes(client: Client, ana: User) -> None:
    for _ in range(2):
        enter(client, "ana")
        for _try in range(2):
            client.post(CODE, {"code": "000000"})
    enter(client, "ana")
    assert client.post(CODE, {"code": "000000"}).status_code == 429


def test_the_wait_for_the_code_ends(
    client: Client, ana: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(client, "ana")
    later = now + timedelta(minutes=6)
    monkeypatch.setattr("caudal.apps.staff.views.entering.now", lambda: later)
    answer = client.post(CODE, {"code": shown(ana, later)})
    assert answer["Location"] == reverse("staff:login") and not signed_in(client)


def test_setting_up_shows_a_picture_made_here_and_the_codes_once(
    client: Client, user_with_role: People, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = user_with_role("cashier", "beto")
    monkeypatch.setattr("caudal.apps.staff.views.second_factor.machine_time", lambda: now)
    enter(client, "beto")
    page = client.post("/staff/me/second-factor/", {"begin": "1"}).content.decode()
    assert 'src="data:image/svg+xml' in page
    assert enter(Client(), "beto")["Location"] == reverse("desk:dashboard")  # type: ignore[index]
    wrong = client.post("/staff/me/second-factor/", {"code": "000000"})
    assert wrong.context["form"].errors["code"]
    done = client.post("/staff/me/second-factor/", {"code": shown(user, now)})
    assert len(done.context["codes"]) == 10 and actions.has_second_factor(user)
    later = client.get("/staff/me/second-factor/").content.decode()
    assert done.context["codes"][0] not in later
    assert SecondFactor.objects.get().secret not in later


def test_a_stolen_session_does_not_take_the_code_away(
    client: Client, ana: User, now: datetime
) -> None:
    enter(client, "ana")
    client.post(CODE, {"code": shown(ana, now + timedelta(seconds=30))})
    client.post("/staff/me/second-factor/end/", {"code": "000000"})
    client.post("/staff/me/second-factor/codes/", {"code": "000000"})
    assert actions.has_second_factor(ana)
    SecondFactor.objects.update(last_step=0)
    client.post("/staff/me/second-factor/end/", {"code": shown(ana, now + timedelta(seconds=30))})
    assert not actions.has_second_factor(ana)


def test_an_owner_helps_who_lost_his_phone(
    ana: User, client_as: Callable[..., Client], now: datetime
) -> None:
    client_as("owner", "elena").post(f"/staff/users/{ana.pk}/second-factor/end/")
    assert not actions.has_second_factor(ana)
    assert JournalEntry.objects.filter(verb="second_factor.end", actor__username="elena").exists()
    client_as("cashier").post(f"/staff/users/{ana.pk}/second-factor/end/")


def test_whose_role_needs_a_code_does_nothing_before_he_has_one(
    client: Client, user_with_role: People
) -> None:
    user = user_with_role("cashier", "beto")
    Role.objects.filter(pk=user.role_id).update(needs_second_factor=True)
    enter(client, "beto")
    for place in ("/", "/customers/", "/staff/me/"):
        assert client.get(place)["Location"] == "/staff/me/second-factor/"
    assert client.get("/api/v1/customers/").status_code == 403
    assert client.get("/staff/me/second-factor/").status_code == 200


def test_whose_role_needs_a_code_does_not_drop_it(client: Client, ana: User, now: datetime) -> None:
    Role.objects.filter(pk=ana.role_id).update(needs_second_factor=True)
    enter(client, "ana")
    client.post(CODE, {"code": shown(ana, now + timedelta(seconds=30))})
    assert client.get("/customers/").status_code == 200
    SecondFactor.objects.update(last_step=0)
    client.post("/staff/me/second-factor/end/", {"code": shown(ana, now + timedelta(seconds=30))})
    assert actions.has_second_factor(ana)


def test_the_secret_is_neither_in_the_table_nor_in_the_journal(ana: User) -> None:
    from django.db import connection

    secret = SecondFactor.objects.get().secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM staff_secondfactor")
        assert secret not in str(cursor.fetchall())
    assert secret not in str(list(JournalEntry.objects.values()))


def test_confirming_twice_is_refused(ana: User, now: datetime) -> None:
    given: dict[str, Any] = {"actor": Actor.person(ana), "now": now, "at": now, "user": ana}
    with pytest.raises(StaffError) as refusal:
        actions.confirm_second_factor(code=shown(ana, now), **given)
    assert refusal.value.code == StaffCode.WRONG_CODE
