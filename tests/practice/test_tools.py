"""Commands that are not about rows: tools, safe mode, the export and its file."""

import time

import pytest

from caudal.practice.routeros import V6, V7, V7_NEW, PracticeRouter
from tests.practice.rig import Talk

MAC = "AA:BB:CC:00:00:01"


def served(version):
    router = PracticeRouter(version)
    router.put("/ppp/profile", name="10M", rate_limit="2M/10M")
    router.put(
        "/ppp/secret", name="juan", password="x9", profile="10M", remote_address="10.20.0.10"
    )
    router.plug("juan", "x9", mac=MAC, radio="wlan1", signal_dbm=-71)
    return router


@pytest.fixture(params=[V6, V7, V7_NEW])
def router(request):
    with served(request.param) as router:
        yield router


@pytest.fixture
def talk(router):
    with Talk(router) as talk:
        yield talk


def test_ping_answers_for_who_is_there(talk):
    rows = talk.rows("/ping", "=address=10.20.0.10", "=count=3")
    assert [row["received"] for row in rows] == ["1", "2", "3"]
    (lost,) = talk.rows("/ping", "=address=10.20.0.11", "=count=1")
    assert (lost["status"], lost["packet-loss"]) == ("timeout", "100")
    assert talk.rows("/ping", "=address=8.8.8.8", "=count=1")[0]["avg-rtt"] == "18ms"
    assert talk.trap("/ping", "=address=nadie") == "invalid value for argument address"


def test_a_trace_tells_the_hops(talk):
    hops = [row["address"] for row in talk.rows("/tool/traceroute", "=address=8.8.8.8", "=count=1")]
    assert hops == ["190.12.33.1", "10.255.0.9", "8.8.8.8"]
    (hop,) = talk.rows("/tool/traceroute", "=address=10.20.0.10", "=count=1")
    assert hop["loss"] == "0"
    lost = talk.rows("/tool/traceroute", "=address=10.99.9.9", "=count=1")
    assert {row["status"] for row in lost} == {"timeout"}


def test_live_traffic_stays_below_the_plan(talk):
    interface = "=interface=<pppoe-juan>"
    (once,) = talk.rows("/interface/monitor-traffic", interface, "=once=")
    assert 0 < int(once["rx-bits-per-second"]) <= 2_000_000  # the router receives the upload
    assert int(once["tx-bits-per-second"]) <= 10_000_000
    unknown = talk.trap("/interface/monitor-traffic", "=interface=nada", "=once=")
    assert unknown == "input does not match any value of interface"
    (queue,) = talk.rows("/queue/simple/print", "=.proplist=name,rate")
    assert queue["rate"] != "0/0"


def test_what_is_watched_goes_on_until_cancelled_beside_other_commands(talk):
    talk.send("/interface/monitor-traffic", "=interface=<pppoe-juan>", "=interval=50ms", ".tag=m")
    for _ in range(3):
        assert talk.next()[0] == "!re"
    talk.send("/system/identity/print", ".tag=i")
    said = [talk.next() for _ in range(6)]
    assert [s[-1] for s in said if s[0] == "!done"] == [".tag=i"]
    talk.send("/cancel", "=tag=m", ".tag=c")
    words = []
    while ["!done", ".tag=c"] not in words:
        words.append(talk.next())
    assert ["!trap", "=category=2", "=message=interrupted", ".tag=m"] in words


def test_a_watch_may_have_an_end(talk):
    said = talk.ask("/ping", "=address=10.20.0.10", "=interval=20ms", "=duration=60ms")
    assert [s[0] for s in said] == ["!re"] * 3 + ["!done"]


def test_torch_shows_the_flow_of_a_customer(talk):
    said = talk.rows("/tool/torch", "=interface=<pppoe-juan>", "=duration=1s", "=interval=1s")
    assert said[0]["src-address"] == "10.20.0.10"
    assert int(said[0]["tx"]) > 0


@pytest.mark.parametrize(
    ("version", "path"),
    [
        (V6, "/interface/wireless/registration-table"),
        ("7.11.2", "/interface/wireless/registration-table"),
        (V7, "/interface/wifi/registration-table"),
        (V7_NEW, "/interface/wifi/registration-table"),
    ],
)
def test_signals_are_where_the_version_keeps_them(version, path):
    others = {
        "/interface/wireless/registration-table",
        "/interface/wifi/registration-table",
    } - {path}
    with served(version) as router, Talk(router) as talk:
        (row,) = talk.rows(f"{path}/print")
        assert row["mac-address"] == MAC
        signal = row.get("signal") or row["signal-strength"].partition("dBm")[0]
        assert signal == "-71"
        for other in others:
            assert talk.trap(f"{other}/print") == "no such command prefix"


def test_the_export_is_said_to_nobody_but_is_in_its_file(router, talk):
    assert talk.ask("/export") == [["!done"]]
    assert talk.ask("/export", "=file=copia", "=show-sensitive=") == [["!done"]]
    (file,) = talk.rows("/file/print", "?name=copia.rsc")
    text = file["contents"]
    assert text.startswith(f"# {'2026-01-05' if router.version.is_from('7') else 'jan/05/2026'}")
    assert "\n/ppp secret\n" in text
    assert "name=juan" in text and "password=x9" in text
    assert "<pppoe-juan>" not in text
    talk.ask("/file/remove", "=.id=copia.rsc")
    assert talk.rows("/file/print", "?name=copia.rsc") == []


def test_a_long_file_is_read_in_pieces_where_the_version_can(router, talk):
    for number in range(200):
        router.put("/ppp/secret", name=f"cliente{number:03}", password="x")
    talk.ask("/export", "=file=copia")
    (file,) = talk.rows("/file/print", "?name=copia.rsc")
    assert int(file["size"]) > 4096
    if not router.version.is_from("7"):
        assert file["contents"] == ""
        assert talk.trap("/file/read", "=file=copia.rsc") == "no such command"
        return
    first, second = (
        talk.rows("/file/read", "=file=copia.rsc", f"=offset={start}", "=chunk-size=3000")[0]
        for start in (0, 3000)
    )
    assert (first["data"] + second["data"]) == file["contents"][:6000]
    (done,) = talk.ask("/execute", "=script=/export", "=as-string=")
    assert done[1].removeprefix("=ret=").splitlines()[1:] == file["contents"].splitlines()[1:]


def test_version_7_keeps_passwords_out_of_the_export(router, talk):
    talk.ask("/export", "=file=a")
    shown = "password=x9" in talk.rows("/file/print")[0]["contents"]
    assert shown is not router.version.is_from("7")


# -- safe mode


def test_older_versions_have_no_safe_mode_over_the_api():
    with served(V7) as router, Talk(router) as talk:
        assert talk.trap("/safe-mode/take") == "no such command prefix"


@pytest.fixture
def newest():
    with served(V7_NEW) as router:
        yield router


def names(router):
    return [row["name"] for row in router.rows("/ppp/secret")]


def test_what_was_changed_in_safe_mode_goes_when_the_connection_is_lost(newest):
    with Talk(newest) as talk:
        talk.ask("/safe-mode/take")
        talk.ask("/ppp/secret/add", "=name=nuevo")
        talk.ask("/ppp/secret/set", "=.id=juan", "=comment=x")
        assert names(newest) == ["juan", "nuevo"]
    deadline = time.monotonic() + 60
    while names(newest) != ["juan"] and time.monotonic() < deadline:
        time.sleep(0.01)
    (row,) = newest.rows("/ppp/secret")
    assert (row["name"], "comment" in row) == ("juan", False)
    assert newest.sessions() == {"juan": "10.20.0.10"}


def test_what_was_released_stays(newest):
    with Talk(newest) as talk:
        talk.ask("/safe-mode/take")
        talk.ask("/ppp/secret/add", "=name=nuevo")
        assert talk.ask("/safe-mode/release") == [["!done"]]
    with Talk(newest) as talk:
        assert names(newest) == ["juan", "nuevo"]
        assert talk.ask("/ppp/secret/add", "=name=otro")[0][0] == "!done"


def test_unrolling_undoes_and_keeps_the_connection(newest):
    with Talk(newest) as talk:
        talk.ask("/safe-mode/take")
        talk.ask("/ppp/secret/remove", "=.id=juan")
        talk.ask("/system/identity/set", "=name=roto")
        talk.ask("/safe-mode/unroll")
        assert talk.rows("/system/identity/print") == [{"name": "practica"}]
        assert names(newest) == ["juan"]
        assert talk.trap("/ppp/secret/add", "=name=juan").startswith("failure: secret")


def test_safe_mode_is_held_by_one(newest):
    with Talk(newest) as talk, Talk(newest) as other:
        talk.ask("/safe-mode/take")
        assert "safe mode" in other.trap("/safe-mode/take")
        assert "safe mode" in other.trap("/safe-mode/release")
