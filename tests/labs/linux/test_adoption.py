"""A Linux router that others set up with tc and nft is read, reviewed and adopted."""

import re
from collections.abc import Iterator

import pytest

from caudal.apps.customers.models import Service
from caudal.apps.imports.models import ImportRun
from caudal.apps.imports.tests.adopting import agree, priced, read, taken
from caudal.apps.imports.tests.conftest import NOW, TODAY, Provider, provider  # noqa: F401
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import reconcile
from tests.labs.linux.town import SERVER, Town
from tests.rig.namespaces import lacking
from tests.rig.ssh import SshServer

pytestmark = [
    pytest.mark.skipif(bool(lacking("iperf3", "curl")), reason=lacking("iperf3", "curl")),
    pytest.mark.django_db(transaction=True),
]
PAGE = f"http://{SERVER}/"
BY_HAND = """\
tc qdisc add dev lan1 root handle 1: htb
tc class add dev lan1 parent 1: classid 1:10 htb rate 10mbit
tc filter add dev lan1 parent 1: protocol ip pref 1 u32 match ip dst 10.50.1.10/32 flowid 1:10
tc qdisc add dev lan2 root handle 1: htb
tc class add dev lan2 parent 1: classid 1:20 htb rate 5mbit
tc filter add dev lan2 parent 1: protocol ip pref 1 u32 match ip dst 10.50.2.10/32 flowid 1:20
tc qdisc add dev wan root handle 1: htb
tc class add dev wan parent 1: classid 1:10 htb rate 2mbit
tc class add dev wan parent 1: classid 1:20 htb rate 1mbit
tc filter add dev wan parent 1: protocol ip pref 1 u32 match ip src 10.50.1.10/32 flowid 1:10
tc filter add dev wan parent 1: protocol ip pref 1 u32 match ip src 10.50.2.10/32 flowid 1:20
nft -f - <<'END'
table ip viejo {
  set clientes { type ipv4_addr; elements = {
    10.50.1.10 comment "Ana Ruiz Peña 55 1234 5678", 10.50.2.10 comment "Eva Luna Paz" } }
  set morosos { type ipv4_addr; elements = { 10.50.2.10 } }
  chain reenvio { type filter hook forward priority filter; policy accept;
    iifname "lan*" ip saddr @morosos drop
    iifname "lan*" ip saddr != @clientes drop
  }
}
END
"""


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town(customers=2)
    town.router.sh(BY_HAND)
    yield town
    town.close()


@pytest.fixture
def router(provider: Provider, town: Town) -> Iterator[Router]:  # noqa: F811
    server = SshServer(town.router)
    row = provider.router
    row.driver, row.host, row.port = "linux", "127.0.0.1", server.port
    row.username, row.private_key = server.user, server.private_key
    row.lan_interface = "lan1, lan2"
    row.save()
    row.pools.all().delete()
    yield row
    server.close()


def stands(town: Town) -> str:
    found = town.router.sh("nft -s list ruleset; tc qdisc show; tc class show dev lan1")
    return re.sub(r"direct_packets_stat \d+", "", found)


def test_customers_come_in_with_speed_and_name_and_nothing_is_written_before_the_approval(
    provider: Provider,  # noqa: F811
    router: Router,
    town: Town,
) -> None:
    before = stands(town)
    run = read(provider, router)
    assert run.status == ImportRun.Status.REVIEW
    assert [row.label for row in run.rows.order_by("line")] == ["Ana Ruiz Peña", "Eva Luna Paz"]
    assert {(p["name"], p["rows"]) for p in run.proposals} == {("10M/2M", 1), ("5M/1M", 1)}
    taken(provider, priced(provider, run))
    assert stands(town) == before
    ana, eva = Service.objects.select_related("plan").order_by("customer__name")
    assert (ana.plan.down_kbps, ana.plan.up_kbps, ana.state) == (10_000, 2_000, "active")
    assert (eva.plan.down_kbps, eva.state) == (5_000, "suspended")
    assert Connection.objects.get(service=ana).address == "10.50.1.10"
    agree(provider, router)
    assert reconcile(router, NOW).outcome == "applied"
    assert "internet" in town.get(1, PAGE) and "internet" not in town.get(2, PAGE)
    assert "set morosos" in stands(town), "what others wrote stays as it is"
