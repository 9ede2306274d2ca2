"""Routers that may ask follow the rows of routers; silence and age end sessions and refusals."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe
from caudal.apps.radius import actions
from caudal.apps.radius.models import Client, Login, Rejection, Session
from caudal.apps.radius.tests.conftest import AT, begin


def test_routers_that_ask_follow_their_rows(router: Router) -> None:
    assert list(Client.objects.values_list("address", "blocked_list")) == [("127.0.0.1", "morosos")]
    router.host, router.password = "192.0.2.8", "nuevo"
    network.save_router(actor=CLERK, now=NOW, router=router)
    assert actions.write_clients() == 1
    assert actions.write_clients() == 0
    assert list(Client.objects.values_list("address", "secret")) == [("192.0.2.8", "nuevo")]
    Router.objects.update(is_active=False)
    assert actions.write_clients() == 1
    assert not Client.objects.exists()


def test_two_routers_may_swap_their_addresses(router: Router) -> None:
    other = Router.objects.create(name="Sur", driver="radius", host="192.0.2.7", password="x")
    actions.write_clients()
    Router.objects.filter(pk=router.pk).update(host="192.0.2.7")
    Router.objects.filter(pk=other.pk).update(host="127.0.0.1")
    actions.write_clients()
    found = dict(Client.objects.values_list("router__name", "address"))
    assert found == {"Torre Norte": "192.0.2.7", "Sur": "127.0.0.1"}


def test_names_and_empty_secrets_cannot_ask(router: Router) -> None:
    Router.objects.create(name="Nombre", driver="radius", host="router.example", password="x")
    Router.objects.create(name="Sin", driver="radius", host="192.0.2.9")
    actions.write_clients()
    assert Client.objects.count() == 1


def test_a_router_that_no_longer_asks_takes_its_answers_along(
    router: Router, subscribe: Subscribe
) -> None:
    subscribe()
    Router.objects.update(driver="memory")
    actions.write_clients()
    assert not Login.objects.exists()


def test_silence_ends_a_session_at_its_last_report(subscribe: Subscribe) -> None:
    session = begin(subscribe(), interim_s=300)
    at = datetime.fromtimestamp(AT, UTC)
    assert actions.close_silent(at + timedelta(seconds=900)) == 0
    assert actions.close_silent(at + timedelta(seconds=901)) == 1
    session.refresh_from_db()
    assert (session.ended, session.cause) == (AT, "lost")
    assert session.ended_at == at


def test_old_refusals_and_sessions_are_forgotten(subscribe: Subscribe) -> None:
    connection: Connection = subscribe()
    begin(connection, ended=AT)
    common = {"nas": "127.0.0.1", "reason": "unknown", "since": AT}
    Rejection.objects.create(username="viejo", latest=AT, **common)
    later = datetime.fromtimestamp(AT, UTC) + timedelta(days=31)
    Rejection.objects.create(username="nuevo", latest=int(later.timestamp()), **common)
    assert actions.forget(later) == 1
    assert actions.forget(later + timedelta(days=370)) == 2
    assert not Session.objects.exists()


def test_the_configuration_holds_the_database_and_nobody_else_reads_it(
    db: None, tmp_path: Path
) -> None:
    said = StringIO()
    call_command("radius", "config", str(tmp_path / "raddb"), "--user", "freerad", stdout=said)
    assert "freeradius -XC" in said.getvalue()
    sql = tmp_path / "raddb/mods-enabled/sql"
    assert sql.stat().st_mode & 0o077 == 0
    assert "radius_login" in sql.read_text()
    assert "user = freerad" in (tmp_path / "raddb/radiusd.conf").read_text()
    left = [path for path in (tmp_path / "raddb").rglob("*") if path.is_file()]
    assert not [path for path in left if "@listen@" in path.read_text()]
