"""Backups of routers: taken at night over the real socket, kept only when they are others."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.clock.jobs import Run
from caudal.apps.network.models import BackupTry, Router, RouterBackup
from caudal.apps.network.tests.test_practice import reached_at
from caudal.apps.network.tools.backups import due, last_night, take
from caudal.apps.network.tools.jobs import back_up
from caudal.core.ports.access import AccessError
from caudal.integrations import manifest
from caudal.integrations.access.routeros.tools_export import over_ssh
from caudal.integrations.ssh import Endpoint, SshConnection
from caudal.practice.routeros import V6, V7_NEW, PracticeRouter

ClientAs = Callable[..., Client]
NIGHT = datetime(2026, 7, 5, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(params=[V6, V7_NEW])
def practice(request: pytest.FixtureRequest) -> Iterator[PracticeRouter]:
    with PracticeRouter(request.param) as found:
        found.put("/ppp/secret", name="ana", password="clave123")
        yield found


@pytest.fixture
def router(db: None, practice: PracticeRouter) -> Router:
    return reached_at(practice)


def test_a_backup_is_kept_only_when_the_configuration_changed(
    router: Router, practice: PracticeRouter
) -> None:
    take(router, NIGHT)
    practice.pass_time(86_400)
    take(router, NIGHT + DAY)
    only = RouterBackup.objects.get()
    assert (only.taken_at, only.seen_at) == (NIGHT, NIGHT + DAY)
    practice.put("/ppp/secret", name="beto", password="otra")
    take(router, NIGHT + 2 * DAY)
    assert RouterBackup.objects.count() == 2


def test_passwords_are_not_stored(router: Router) -> None:
    text = take(router, NIGHT).text
    assert "name=ana" in text and "clave123" not in text


def test_every_router_has_its_turn_once_a_night(router: Router) -> None:
    assert list(due(NIGHT)) == [router]
    back_up(Run(), NIGHT)
    assert list(due(NIGHT + timedelta(hours=3))) == []
    assert list(due(last_night(NIGHT) + DAY + timedelta(minutes=1))) == [router]


def test_a_router_that_was_off_is_asked_again_until_it_answers(
    router: Router, practice: PracticeRouter
) -> None:
    practice.power_off()
    assert back_up(Run(), NIGHT) == {"unreachable": 1}
    assert "unreachable" in BackupTry.objects.get().error
    assert list(due(NIGHT + timedelta(minutes=30))) == []
    assert list(due(NIGHT + timedelta(minutes=61))) == [router]
    practice.power_on()
    assert back_up(Run(), NIGHT + timedelta(minutes=61)) == {"backups": 1}
    tried = BackupTry.objects.get()
    assert tried.error == "" and tried.done_at == NIGHT + timedelta(minutes=61)


def test_routers_that_are_switched_off_are_left_alone(router: Router) -> None:
    Router.objects.update(is_active=False)
    assert not due(NIGHT).exists()


def test_a_kind_of_router_without_exports_says_so(db: None) -> None:
    box = Router.objects.create(name="Memoria", driver="memory", host="192.0.2.1", username="x")
    with pytest.raises(AccessError):
        take(box, NIGHT)
    assert BackupTry.objects.get().error == "unable: export"


def test_screens_show_backups_and_what_changed_between_two(
    owner: Client, router: Router, practice: PracticeRouter
) -> None:
    def text(name: str, *args: object, **query: object) -> str:
        response = owner.get(reverse(f"network:{name}", args=args), query)
        assert response.status_code == 200, name
        return response.content.decode()

    assert "No backup yet" in text("backups", router.pk)
    owner.post(reverse("network:take_backup", args=[router.pk]))
    old = RouterBackup.objects.get()
    practice.put("/ppp/secret", name="beto", password="otra")
    take(router, NIGHT + 999 * DAY)
    new = RouterBackup.objects.exclude(pk=old.pk).get()
    assert "What changed" in text("backups", router.pk)
    assert "name=ana" in text("backup", old.pk)
    changed = text("backup", new.pk, than=old.pk)
    assert "beto" in changed and 'class="plus"' in changed and 'class="minus"' not in changed
    assert text("backup", old.pk, than=new.pk).count('class="plus"') == changed.count(
        'class="plus"'
    )
    assert "beto" in text("search_backups", q="BETO")
    assert "No backup holds that" in text("search_backups", q="nadie")
    assert "What are you looking for" in text("search_backups", q="b")


def test_a_search_looks_at_old_backups_only_when_asked(
    owner: Client, router: Router, practice: PracticeRouter
) -> None:
    take(router, NIGHT)
    practice.delete("/ppp/secret", "ana")
    take(router, NIGHT + DAY)
    address = reverse("network:search_backups")
    assert b"name=ana" not in owner.get(address, {"q": "name=ana"}).content.split(b'id="list"')[1]
    found = owner.get(address, {"q": "name=ana", "old": "1"}).content.split(b'id="list"')[1]
    assert b"name=ana" in found


def test_a_backup_is_downloaded_under_a_plain_name(owner: Client, router: Router) -> None:
    Router.objects.update(name="Torre Ñandú/1")
    found = take(router, NIGHT)
    response = owner.get(reverse("network:download_backup", args=[found.pk]))
    assert response.content.decode() == found.text
    assert response["Content-Disposition"].endswith('"Torre-and-1-20260705-1200.rsc"')


def test_an_unreachable_router_is_told_in_words_on_the_screen(
    owner: Client, router: Router, practice: PracticeRouter
) -> None:
    practice.power_off()
    page = owner.post(reverse("network:take_backup", args=[router.pk]), follow=True)
    assert "nothing listens on that port" in page.content.decode()


def test_support_sees_no_backups(client_as: ClientAs, router: Router) -> None:
    assert client_as("support").get(reverse("network:backups", args=[router.pk])).status_code == 403


@pytest.fixture
def old(db: None) -> Iterator[PracticeRouter]:
    """Version 6 with more than its API hands over, and an SSH door."""
    with PracticeRouter(V6, ssh=True) as found:
        for number in range(60):
            found.put("/ppp/secret", name=f"cliente{number}", password="clave123",
                      comment=f"Peña {number}, calle de las Flores {number}")  # fmt: skip
        yield found


def with_console(practice: PracticeRouter) -> Router:
    assert practice.console
    row = reached_at(practice)
    row.ssh_port = practice.console.port
    row.save()
    return row


def test_a_long_backup_of_version_6_is_taken_over_ssh_and_its_key_pinned(
    old: PracticeRouter,
) -> None:
    router = with_console(old)
    text = take(router, NIGHT).text
    assert len(text) > 4096 and text.startswith("#") and "\r" not in text
    assert 'comment="Peña 59, calle de las Flores 59"' in text and "clave123" not in text
    router.refresh_from_db()
    assert old.console and router.host_key == old.console.fingerprint
    assert old.console.commands == ["/export hide-sensitive"]
    assert not old.rows("/file"), "the file on the router is gone"
    assert take(router, NIGHT + DAY).seen_at == NIGHT + DAY, "the same as before"


def test_the_console_is_left_alone_where_the_api_hands_over_everything() -> None:
    for version, rows in ((V6, 1), (V7_NEW, 60)):
        with PracticeRouter(version, ssh=True) as practice:
            for number in range(rows):
                practice.put("/ppp/secret", name=f"c{number}", password="x", comment="y" * 80)
            found = manifest("access", "routeros")
            assert practice.console
            config = found.config(
                host="127.0.0.1", user="admin", password="practica", port=practice.port,
                ssh_port=practice.console.port,
            )  # fmt: skip
            with closing(found.connect(config)) as driver:
                assert driver.export().startswith("#")
            assert practice.console.commands == []


def test_version_7_knows_no_word_to_hide_and_is_asked_without_it() -> None:
    with PracticeRouter(V7_NEW, ssh=True) as practice:
        practice.put("/ppp/secret", name="ana", password="clave123")
        assert practice.console
        there = Endpoint("127.0.0.1", practice.console.port, "admin", "practica")
        with closing(SshConnection(there)) as line:
            text = over_ssh(line)
        assert "name=ana" in text and "clave123" not in text
        assert practice.console.commands == ["/export hide-sensitive", "/export"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("no port", "Open SSH on the router and type its SSH port"),
        ("closed", "SSH did not give it either"),
        ("another key", "SSH did not give it either"),
        ("no policy", "login-refused"),
    ],
)
def test_what_keeps_ssh_from_a_long_backup_is_told_and_nothing_is_stored(
    old: PracticeRouter, owner: Client, wrong: str, words: str
) -> None:
    router = with_console(old)
    assert old.console
    if wrong == "no port":
        router.ssh_port = None
    elif wrong == "closed":
        old.console.close()
    elif wrong == "another key":
        router.host_key = "SHA256:otra"
    else:
        old.edit("/user/group", "full", policy="local,read,write,policy,test,api")
    router.save()
    with pytest.raises(AccessError):
        take(router, NIGHT)
    assert words in owner.get(reverse("network:backups", args=[router.pk])).content.decode()
    assert not RouterBackup.objects.exists()
