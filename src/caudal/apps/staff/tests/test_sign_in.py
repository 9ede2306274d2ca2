"""Signing in: who gets in, who is locked out, and which sessions are open."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from caudal.apps.staff.models import JournalEntry, SignIn, User

pytestmark = pytest.mark.django_db
LOGIN = "/staff/login/"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "a long password"
People = Callable[..., User]


def enter(client: Client, username: str, password: str = PASSWORD, **more: str) -> object:
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_the_user_name_is_known_whatever_its_case(client: Client, user_with_role: People) -> None:
    user_with_role("owner", "Ana")
    assert enter(client, "aNA").status_code == 302  # type: ignore[attr-defined]
    assert JournalEntry.objects.get().verb == "session.open"


def test_a_wrong_password_is_said_beside_the_field_and_not_which_part_is_wrong(
    client: Client, user_with_role: People
) -> None:
    user_with_role("owner", "ana")
    known = enter(client, "ana", "no").content.decode()  # type: ignore[attr-defined]
    unknown = enter(client, "nobody", "no").content.decode()  # type: ignore[attr-defined]
    assert "is-invalid" in known
    errors = [
        page.split('id="id_password_errors"')[1].split("</div>")[0] for page in (known, unknown)
    ]
    assert errors[0] == errors[1]


def test_five_wrong_passwords_lock_the_user_out_even_with_the_right_one(
    client: Client, user_with_role: People
) -> None:
    user_with_role("owner", "ana")
    statuses = [enter(client, "ana", "no").status_code for _ in range(5)]  # type: ignore[attr-defined]
    assert statuses == [200, 200, 200, 200, 429]
    answer = enter(client, "ana")
    assert answer.status_code == 429  # type: ignore[attr-defined]
    assert "Caudal" in answer.content.decode()  # type: ignore[attr-defined]
    assert not SignIn.objects.exists()


def test_tries_are_counted_together_however_the_name_is_typed(
    client: Client, user_with_role: People
) -> None:
    user_with_role("owner", "ana")
    tried = ["ana", "Ana", "ANA", " aNa ", "anA", "ana"]
    statuses = [enter(client, name, "no").status_code for name in tried]  # type: ignore[attr-defined]
    assert statuses == [200, 200, 200, 200, 429, 429]


def test_behind_our_proxy_a_stranger_locks_only_himself_out(
    client: Client, user_with_role: People, settings: Any
) -> None:
    settings.BEHIND_PROXY = True
    user_with_role("owner", "ana")
    wrong, right = {"username": "ana", "password": "no"}, {"username": "ana", "password": PASSWORD}
    stranger = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    for _ in range(6):
        client.post(LOGIN, wrong, headers=stranger)
    office = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    assert client.post(LOGIN, right, headers=office).status_code == 302
    assert SignIn.objects.get().address == "198.51.100.7"


def test_the_lock_does_not_touch_other_people(client: Client, user_with_role: People) -> None:
    user_with_role("owner", "ana")
    user_with_role("cashier", "beto")
    for _ in range(6):
        enter(client, "ana", "no")
    assert enter(client, "beto").status_code == 302  # type: ignore[attr-defined]


def test_whoever_was_kept_out_cannot_sign_in(client: Client, user_with_role: People) -> None:
    user = user_with_role("cashier", "beto")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert enter(client, "beto").status_code == 200  # type: ignore[attr-defined]


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_nobody_is_sent_to_a_foreign_address(
    client: Client, user_with_role: People, where: str
) -> None:
    user_with_role("owner", "ana")
    assert enter(client, "ana", next=where)["Location"] == reverse("desk:dashboard")  # type: ignore[index]


def test_one_comes_back_to_where_one_wanted_to_go(client: Client, user_with_role: People) -> None:
    user_with_role("owner", "ana")
    sent = client.get("/staff/users/?q=1")["Location"]
    assert sent == "/staff/login/?next=/staff/users/%3Fq%3D1"
    assert enter(client, "ana", next="/staff/users/?q=1")["Location"] == "/staff/users/?q=1"  # type: ignore[index]


def test_who_sent_a_form_without_a_session_comes_back_to_its_page(client: Client) -> None:
    sent = reverse("staff:set-active", args=[1, 0])
    page = client.post(sent, headers={"Referer": "http://testserver/staff/users/?q=1"})
    assert page.headers["Location"] == "/staff/login/?next=/staff/users/%3Fq%3D1"
    elsewhere = client.post(sent, headers={"Referer": "http://evil.example/staff/users/"})
    assert elsewhere.headers["Location"] == f"/staff/login/?next={sent}"


def test_a_fragment_without_a_session_reloads_the_page(client: Client) -> None:
    answer = client.get("/staff/users/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (401, "true")


def test_closing_a_session_signs_that_device_out(user_with_role: People) -> None:
    user_with_role("owner", "ana")
    office, phone = Client(), Client()
    enter(office, "ana")
    enter(phone, "ana")
    other = SignIn.objects.get(session_key=phone.session.session_key)
    office.post(reverse("staff:close-session", args=[other.pk]))
    assert phone.get(reverse("staff:profile")).status_code == 302
    assert office.get(reverse("staff:profile")).status_code == 200


def test_a_session_that_ended_by_its_age_is_not_shown_as_open(user_with_role: People) -> None:
    user_with_role("owner", "ana")
    old, here = Client(), Client()
    enter(old, "ana")
    enter(here, "ana")
    Session.objects.filter(pk=old.session.session_key).update(expire_date=LONG_AGO)
    shown = here.get(reverse("staff:profile")).context["sign_ins"]
    assert [row.session_key for row in shown] == [here.session.session_key]


def test_nobody_closes_the_session_of_another(
    user_with_role: People, client_as: Callable[..., Client]
) -> None:
    user_with_role("owner", "ana")
    mine = Client()
    enter(mine, "ana")
    row = SignIn.objects.get()
    assert client_as("cashier").post(f"/staff/me/sessions/{row.pk}/close/").status_code == 404
    assert mine.get(reverse("staff:profile")).status_code == 200


def test_a_new_password_closes_the_other_sessions_and_keeps_this_one(
    user_with_role: People,
) -> None:
    user_with_role("owner", "ana")
    here, elsewhere = Client(), Client()
    enter(here, "ana")
    enter(elsewhere, "ana")
    fresh = {"present": PASSWORD, "password": "caudal del rio 7", "again": "caudal del rio 7"}
    assert here.post(reverse("staff:own-password"), fresh).status_code == 302
    assert here.get(reverse("staff:profile")).status_code == 200
    assert elsewhere.get(reverse("staff:profile")).status_code == 302
    assert SignIn.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("present", "wrong"), ("password", "1234567890"), ("again", "other")]
)
def test_a_bad_change_of_password_says_where_and_changes_nothing(
    client: Client, user_with_role: People, field: str, value: str
) -> None:
    user = user_with_role("owner", "ana")
    enter(client, "ana")
    good = {"present": PASSWORD, "password": "caudal del rio 7", "again": "caudal del rio 7"}
    answer = client.post(reverse("staff:own-password"), good | {field: value})
    assert field in answer.context["form"].errors
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_language_is_the_persons_own_and_before_that_spanish(
    client: Client, user_with_role: People
) -> None:
    english = {"HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.9"}
    assert client.get(LOGIN, **english).headers["Content-Language"] == "es"  # type: ignore[arg-type]
    client.post(reverse("staff:language"), {"language": "en", "next": LOGIN})
    assert client.get(LOGIN).headers["Content-Language"] == "en"
    user = user_with_role("owner", "ana")
    User.objects.filter(pk=user.pk).update(language="es")
    enter(client, "ana")
    assert client.get(reverse("staff:profile")).headers["Content-Language"] == "es"


@pytest.mark.parametrize(
    ("asked", "language", "text"),
    [
        ("en-US,en;q=0.9", "en", "Authentication credentials were not provided."),
        ("es-AR", "es", "Las credenciales de autenticación no se proveyeron."),
        ("pt-BR", "es", "Las credenciales de autenticación no se proveyeron."),
        ("", "es", "Las credenciales de autenticación no se proveyeron."),
    ],
)
def test_a_program_is_answered_in_the_language_it_asks_for(
    db: None, client: Client, asked: str, language: str, text: str
) -> None:
    answer = client.get("/api/v1/customers/", headers={"Accept-Language": asked} if asked else {})
    assert (answer.status_code, answer.json()) == (401, {"detail": text})
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


def test_signing_out_ends_the_session(
    client: Client, user_with_role: People, now: datetime
) -> None:
    user_with_role("owner", "ana")
    enter(client, "ana")
    client.post(reverse("staff:logout"))
    assert client.get(reverse("staff:profile")).status_code == 302
    assert SignIn.objects.get().ended_at is not None


def test_scripts_come_only_from_files_of_ours(client: Client, user_with_role: People) -> None:
    user_with_role("owner", "ana")
    pages = [client.get(LOGIN)]
    enter(client, "ana")
    pages.append(client.get(reverse("staff:profile")))
    for page in pages:
        policy = page.headers["Content-Security-Policy"]
        scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
        assert "unsafe" not in scripts
        text = page.content.decode()
        assert text.count("<script") == text.count("<script src=")
        assert " onclick=" not in text and "javascript:" not in text
