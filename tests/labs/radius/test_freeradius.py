"""FreeRADIUS answers what the rows say, and writes down what routers report."""

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection as database

from caudal.apps.catalog.models import Technology
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, restore, suspend
from caudal.apps.radius import actions
from caudal.apps.radius.models import Client, Login, Policy, Rejection, Session
from tests.rig import mschap
from tests.rig.freeradius import FreeRadius
from tests.rig.radius import SECRET, Live, Nas

DEVICE = "AA:BB:CC:00:00:01"
GIGA = 2**32


@pytest.fixture
def ana(subscribe: Subscribe) -> Connection:
    return subscribe("Ana Peña", username="ana", password="clave", address="10.20.0.10")


def cut(router: Router, connection: Connection) -> None:
    suspend(connection)
    reconcile(router, NOW + timedelta(minutes=1))


def refusals() -> list[tuple[str, str, int]]:
    return list(Rejection.objects.order_by("pk").values_list("username", "reason", "times"))


def begin(server: FreeRadius, username: str = "ana", number: str = "81700001", **more: Any) -> None:
    server.report(
        "Start", username, Acct_Session_Id=number, Calling_Station_Id=DEVICE,
        Framed_IP_Address="10.20.0.10", NAS_Port_Id="pppoe1", **more,
    )  # fmt: skip


def test_the_configuration_is_accepted(server: FreeRadius) -> None:
    checked = server.check()
    assert checked.returncode == 0, checked.stdout[-2000:]
    assert "Configuration appears to be OK" in checked.stdout
    assert "WARNING" not in checked.stdout


def test_pap_chap_and_mschap_let_in_with_everything_of_the_plan(
    server: FreeRadius, ana: Connection
) -> None:
    Connection.objects.update(bind_mac=False)
    Login.objects.update(
        rate="2M/10M 3M/15M 1M/8M 10/10 3", prefix="2001:db8:1::/56", pool="", mac=""
    )
    for way in ("User_Password", "CHAP_Password", "MS_CHAP_Password"):
        reply = server.login("ana", **{way: "clave"}, Framed_Protocol="PPP")
        assert reply["code"] == "Access-Accept", way
        assert reply["Mikrotik-Rate-Limit"] == "2M/10M 3M/15M 1M/8M 10/10 3"
        assert reply["Framed-IP-Address"] == "10.20.0.10"
        assert reply["Delegated-IPv6-Prefix"] == "2001:db8:1::/56"
        assert reply["Acct-Interim-Interval"] == "300"
        assert "Mikrotik-Address-List" not in reply


def test_mschap_2_lets_in_and_the_server_proves_itself_too(
    server: FreeRadius, ana: Connection
) -> None:
    proof = mschap.answer("ana", "clave", os.urandom(16), os.urandom(16))
    reply = server.login("ana", MS_CHAP_Challenge=proof.challenge, MS_CHAP2_Response=proof.response)
    assert reply["code"] == "Access-Accept"
    assert reply["MS-CHAP2-Success"] == f"0x{proof.success.hex()}"
    wrong = mschap.answer("ana", "otra", os.urandom(16), os.urandom(16))
    reply = server.login("ana", MS_CHAP_Challenge=wrong.challenge, MS_CHAP2_Response=wrong.response)
    assert reply["code"] == "Access-Reject"


def test_accepts_and_rejects_are_signed(server: FreeRadius, ana: Connection) -> None:
    """Newer RouterOS drops replies without Message-Authenticator; Debian's server sends none."""
    for password in ("clave", "mal"):
        assert "Message-Authenticator" in server.login("ana", User_Password=password)


def test_refusals_are_counted_with_their_reason_and_without_passwords(
    server: FreeRadius, ana: Connection, router: Router, subscribe: Subscribe
) -> None:
    other = Router.objects.create(name="Sur", driver="radius", host="192.0.2.7", password="x")
    subscribe("Luis", username="luis", password="clave", router=other)
    for _ in range(2):
        server.login("ana", User_Password="equivocada", Calling_Station_Id=DEVICE)
    server.login("nadie", User_Password="secreta")
    server.login("luis", User_Password="clave")
    Login.objects.filter(username="ana").update(mac="AA:AA:AA:00:00:01")
    server.login("ana", User_Password="clave", Calling_Station_Id=DEVICE)
    network.release(actor=CLERK, now=NOW, connection=ana)
    reconcile(router, NOW)
    server.login("ana", User_Password="clave")
    assert refusals() == [
        ("ana", "password", 2), ("nadie", "unknown", 1), ("luis", "router", 1),
        ("ana", "mac", 1), ("ana", "cancelled", 1),
    ]  # fmt: skip
    stored = [str(row) for row in Rejection.objects.values_list()]
    assert not [row for row in stored if "equivocada" in row or "secreta" in row]
    assert "equivocada" not in server.log() and "secreta" not in server.log()
    assert Rejection.objects.first().router == router  # type: ignore[union-attr]


def test_who_is_cut_gets_the_notice_or_nothing_as_the_policy_says(
    server: FreeRadius, ana: Connection, router: Router
) -> None:
    cut(router, ana)
    reply = server.login("ana", User_Password="clave")
    assert (reply["code"], reply["Mikrotik-Address-List"]) == ("Access-Accept", "morosos")
    assert reply["Mikrotik-Rate-Limit"] == "256k/256k"
    assert server.login("ana", User_Password="mal")["code"] == "Access-Reject"
    Policy.objects.update(notice_pool="aviso")
    reply = server.login("ana", User_Password="clave")
    assert reply["Framed-Pool"] == "aviso" and "Framed-IP-Address" not in reply
    Policy.objects.update(on_cut="reject")
    assert server.login("ana", User_Password="clave")["code"] == "Access-Reject"
    assert refusals() == [("ana", "password", 1), ("ana", "suspended", 1)]
    restore(ana)
    assert server.login("ana", User_Password="clave")["Mikrotik-Rate-Limit"] == "2M/10M"


def test_unknown_users_may_see_the_notice(server: FreeRadius) -> None:
    Policy.objects.update(on_unknown="notice", notice_pool="aviso")
    reply = server.login("nadie", User_Password="x")
    assert (reply["code"], reply["Framed-Pool"]) == ("Access-Accept", "aviso")


def test_a_device_by_dhcp_needs_no_password(server: FreeRadius, subscribe: Subscribe) -> None:
    subscribe(technology=Technology.DHCP, mac="AA:BB:CC:00:00:09", address="10.20.0.9")
    reply = server.login("AA:BB:CC:00:00:09", Calling_Station_Id="1:aa:bb:cc:0:0:9")
    assert (reply["code"], reply["Framed-IP-Address"]) == ("Access-Accept", "10.20.0.9")


def test_one_session_is_enough_where_the_policy_says_so(
    server: FreeRadius, ana: Connection
) -> None:
    Policy.objects.update(one_session=True)
    begin(server)
    same = server.login("ana", User_Password="clave", Calling_Station_Id=DEVICE)
    other = server.login("ana", User_Password="clave", Calling_Station_Id="AA:BB:CC:00:00:02")
    assert (same["code"], other["code"]) == ("Access-Accept", "Access-Reject")
    Session.objects.update(heard=1)
    late = server.login("ana", User_Password="clave", Calling_Station_Id="AA:BB:CC:00:00:02")
    assert late["code"] == "Access-Accept", "a session nobody reports locks nobody out"


def test_reports_become_a_session_with_its_gigawords(
    server: FreeRadius, ana: Connection, router: Router
) -> None:
    begin(server, Class=b"full 2M/10M")
    session = Session.objects.get()
    assert (session.connection, session.router, session.answer) == (ana, router, "full 2M/10M")
    server.report(
        "Interim-Update", "ana", Acct_Session_Id="81700001", Acct_Session_Time=60,
        Acct_Input_Octets=1_000_000, Acct_Output_Octets=3_000_000_000, Acct_Output_Gigawords=1,
    )  # fmt: skip
    session.refresh_from_db()
    assert (session.up_bytes, session.down_bytes) == (1_000_000, GIGA + 3_000_000_000)
    assert session.ended is None and session.address == "10.20.0.10"
    server.report(
        "Stop", "ana", Acct_Session_Id="81700001", Acct_Session_Time=120, Acct_Output_Octets=10,
        Acct_Output_Gigawords=2, Acct_Input_Octets=7, Acct_Terminate_Cause="User-Request",
    )  # fmt: skip
    session.refresh_from_db()
    assert (session.up_bytes, session.down_bytes, session.seconds) == (7, 2 * GIGA + 10, 120)
    assert session.ended is not None and session.cause == "User-Request"


def test_reports_of_a_start_that_was_lost_open_the_session(
    server: FreeRadius, ana: Connection
) -> None:
    server.report(
        "Interim-Update", "ana", Acct_Session_Id="1", Acct_Session_Time=600, Acct_Input_Octets=5
    )
    server.report("Stop", "ana", Acct_Session_Id="2", Acct_Session_Time=60)
    first, second = Session.objects.order_by("session_id")
    assert abs(time.time() - 600 - first.started) < 30
    assert (first.ended, second.ended is None) == (None, False)


def test_a_router_that_restarts_closes_its_sessions(server: FreeRadius, ana: Connection) -> None:
    begin(server)
    server.report("Accounting-On", "")
    assert Session.objects.get().cause == "Accounting-On"
    assert Session.objects.get().ended is not None


def test_silence_closes_a_session_and_a_late_report_opens_it_again(
    server: FreeRadius, ana: Connection
) -> None:
    begin(server)
    present = datetime.now(UTC)
    assert actions.close_silent(present + timedelta(seconds=890)) == 0
    assert actions.close_silent(present + timedelta(seconds=910)) == 1
    assert Session.objects.get().cause == "lost"
    server.report("Interim-Update", "ana", Acct_Session_Id="81700001", Acct_Session_Time=1000)
    assert (Session.objects.get().ended, Session.objects.get().cause) == (None, "")


def test_a_repeated_number_begins_a_session_of_its_own(server: FreeRadius, ana: Connection) -> None:
    begin(server)
    server.report("Stop", "ana", Acct_Session_Id="81700001", Acct_Session_Time=10)
    Session.objects.update(ended=int(time.time()) - 600)
    begin(server)
    assert Session.objects.count() == 2
    assert Session.objects.open().count() == 1


def test_a_new_router_may_ask_without_a_restart_and_a_stranger_may_not(
    server: FreeRadius, router: Router, ana: Connection
) -> None:
    Client.objects.all().delete()
    time.sleep(1.1)  # how long a secret is remembered here
    assert server.login("ana", User_Password="clave")["code"] == ""
    actions.write_clients()
    time.sleep(1.1)
    assert server.login("ana", User_Password="clave")["code"] == "Access-Accept"
    router.password = "otro-secreto"
    network.save_router(actor=CLERK, now=NOW, router=router)
    actions.write_clients()
    time.sleep(1.1)
    asked = {"User_Name": "ana", "User_Password": "clave"}
    assert server.ask("auth", asked, "otro-secreto")["code"] == "Access-Accept"


def test_a_cut_closes_the_session_that_freeradius_reported(
    server: FreeRadius, router: Router, ana: Connection, nas: Nas
) -> None:
    begin(server, number="%lX6b00%hX", Class=b"full 2M/10M")
    live = Live("ana", "%lX6b00%hX", "10.20.0.10")
    nas.live[live.session_id] = live
    nas.ended = lambda live: server.report("Stop", "ana", Acct_Session_Id=live.session_id) and None
    cut(router, ana)
    assert nas.live == {}
    assert Session.objects.get().ended is not None
    ana.refresh_from_db()
    assert ana.sync == "in_sync"


def test_freeradius_may_read_answers_and_write_what_it_heard_and_nothing_else(
    server: FreeRadius,
) -> None:
    if not server.on_postgres:
        return
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type)"
            " FROM information_schema.role_table_grants WHERE grantee = 'caudal_radius'"
            " GROUP BY table_name"
        )
        held = dict(cursor.fetchall())
    assert held == {
        "radius_client": "SELECT", "radius_login": "SELECT", "radius_policy": "SELECT",
        "radius_session": "INSERT SELECT UPDATE", "radius_rejection": "INSERT SELECT UPDATE",
    }  # fmt: skip


def test_thousands_log_in_and_nobody_is_refused(server: FreeRadius, ana: Connection) -> None:
    """SQLite lets one write at a time: there fewer, one after the other."""
    logins, at_once = (2_000, 64) if server.on_postgres else (200, 4)
    asked = [f"User-Name = ana, User-Password = clave, NAS-Port = {n}" for n in range(logins)]
    said = server.many("auth", asked, at_once)
    assert f"Accepted      : {logins}" in said, said
    begun = [
        f"Acct-Status-Type = Start, User-Name = ana, Acct-Session-Id = {n:08x}"
        for n in range(logins)
    ]
    said = server.many("acct", begun, at_once)
    assert f"Accepted      : {logins}" in said, said
    assert Session.objects.count() == logins
    assert "No connections available" not in server.log()
    assert SECRET not in server.log()
