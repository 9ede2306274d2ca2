"""Blocking rules from the screen and the API to a practice router, and back."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.network import actions
from caudal.apps.network.models import CutRules, Router
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, suspend
from caudal.apps.staff.models import JournalEntry
from caudal.practice.routeros import V7_NEW, PracticeRouter

SOON = NOW + timedelta(minutes=1)
FORM = {
    "wan_list": "WAN",
    "wan_interfaces": "ether1",
    "notice_address": "10.0.0.9",
    "notice_port": "8080",
    "allowed": "10.0.0.10\npagos.example",
}


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    """Texts are looked for in English, whatever the catalogue says today."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def practice() -> Iterator[PracticeRouter]:
    with PracticeRouter(V7_NEW) as found:
        rule = {"chain": "forward", "connection_state": "established,related"}
        found.put("/ip/firewall/filter", action="fasttrack-connection", **rule)
        yield found


@pytest.fixture
def tower(db: None, practice: PracticeRouter) -> Router:
    return Router.objects.create(
        name="Torre", driver="routeros", host="127.0.0.1", port=practice.port,
        username="admin", password="practica",
    )  # fmt: skip


def test_rules_are_installed_by_one_act_and_a_cut_is_then_real(
    client_as: Callable[..., Client], subscribe: Subscribe, tower: Router, practice: PracticeRouter
) -> None:
    owner, url = client_as("owner"), reverse("network:rules", args=[tower.pk])
    connection = subscribe("Ana", router=tower, address="10.20.0.5")
    reconcile(tower, NOW)
    practice.plug(connection.username, connection.password)
    assert practice.can_browse("10.20.0.5")
    told = owner.post(url, FORM | {"act": "check"}).content.decode()
    assert "Missing on the router" in told and "Press “Install and read back”" in told
    assert not CutRules.objects.exists(), "only looked"
    text = owner.post(url, FORM | {"act": "install"}).content.decode()
    assert "read back: the rules stand" in text and "In safe mode" in text
    assert CutRules.objects.get().installed_by
    assert JournalEntry.objects.filter(verb="router.install_rules").count() == 1
    text = owner.post(url, FORM | {"act": "install"}).content.decode()
    assert "Nothing had to be written" in text
    state = owner.get(reverse("network:state", args=[tower.pk])).content.decode()
    assert "The rule that cuts is in place" in state
    suspend(connection)
    reconcile(tower, SOON)
    practice.pass_time(10)
    assert not practice.can_browse("10.20.0.5") and practice.sees_notice("10.20.0.5")
    last = actions.last_reading(tower)
    assert last is not None and not [r for r in last.findings["unknown"] if "rules" in str(r)]


def test_frozen_router_gets_no_rules_and_a_line_that_is_no_address_is_refused(
    client_as: Callable[..., Client], tower: Router, practice: PracticeRouter
) -> None:
    owner, url = client_as("owner"), reverse("network:rules", args=[tower.pk])
    before = practice.rows("/ip/firewall/filter")
    text = owner.post(url, FORM | {"act": "install", "allowed": "a b"}).content.decode()
    assert "One address or name a line" in text
    actions.freeze(actor=CLERK, now=NOW, router=tower)
    text = owner.post(url, FORM | {"act": "install"}).content.decode()
    assert "frozen or stopped" in text and practice.rows("/ip/firewall/filter") == before
    assert client_as("technician").get(url).status_code == 403


def test_api_installs_and_looks(
    client_as: Callable[..., Client], tower: Router, practice: PracticeRouter
) -> None:
    api, url = client_as("owner"), f"/api/v1/routers/{tower.pk}/rules/"
    send = {"content_type": "application/json"}
    body = FORM | {"notice_port": 8080}
    looked = api.post(url, body | {"check_only": True}, **send).json()
    assert not looked["ok"] and looked["written"] == 0
    done = api.post(url, body, **send).json()
    assert done["ok"] and done["safe"] and done["written"] > 5
    assert api.post(url, {}, **send).json()["written"] == 0
    practice.power_off()
    assert api.post(url, {}, **send).status_code == 400
