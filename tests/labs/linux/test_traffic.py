"""Traffic through a real Linux router: speeds, cuts, the notice, bindings, repairs."""

import re
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from caudal.core.access import (
    Access,
    Remembered,
    Speed,
    Technology,
    brakes,
    diff,
    wanted,
)
from tests.labs.linux.town import NOTICE, SERVER, Town, a_pass
from tests.rig.namespaces import lacking

pytestmark = pytest.mark.skipif(bool(lacking("iperf3", "curl")), reason=lacking("iperf3", "curl"))
ANA = Access(
    "1", Technology.SIMPLE_QUEUE, "ana", Speed(2_000_000, 10_000_000), address="10.50.1.10"
)
EVA = Access(
    "2", Technology.SIMPLE_QUEUE, "eva", Speed(20_000_000, 50_000_000), address="10.50.2.10"
)
PAGE = f"http://{SERVER}/"
AT_ONCE_S = 4
"""Far less than who is not answered would wait, and long enough to start curl on a busy machine."""


@pytest.fixture(scope="module")
def shared_town() -> Iterator[Town]:
    town = Town()
    yield town
    town.close()


@pytest.fixture
def town(shared_town: Town) -> Town:
    """Ana and Eva with their plans; what the test before did is undone by one pass."""
    _, results = a_pass(shared_town.driver(), [ANA, EVA])
    assert all(result.ok for result in results)
    return shared_town


def test_each_customer_gets_the_speed_of_his_plan(town: Town) -> None:
    for number, down, up in ((1, 10, 2), (2, 50, 20)):
        assert town.megabits(number, near=down) == pytest.approx(down, rel=0.1)
        assert town.megabits(number, near=up, down=False) == pytest.approx(up, rel=0.1)


def test_a_change_of_plan_reaches_an_open_connection(town: Town) -> None:
    flow = town.download(1, seconds=10)
    time.sleep(3)
    a_pass(town.driver(), [replace(ANA, speed=Speed(5_000_000, 20_000_000)), EVA])
    second = _megabits_per_second(flow)
    assert max(second[1:3]) == pytest.approx(10, rel=0.15)
    assert max(second[3:]) == pytest.approx(20, rel=0.15)


def test_a_cut_ends_an_open_connection_and_leaves_the_neighbour_alone(town: Town) -> None:
    flow = town.download(1, seconds=6)
    time.sleep(2)
    a_pass(town.driver(), [replace(ANA, suspended=True), EVA])
    assert "internet" in town.get(2, PAGE)
    flow.wait(timeout=60)
    assert town.get(1, f"http://{SERVER}:81/") == ""


def test_who_is_cut_sees_the_notice_and_keeps_dns_and_is_refused_at_once(town: Town) -> None:
    a_pass(town.driver(), [replace(ANA, suspended=True), EVA])
    assert town.get(1, PAGE) == f"notice 10.50.1.10 {SERVER}"
    assert town.get(1, f"http://{NOTICE}:8080/") == f"notice 10.50.1.10 {NOTICE}:8080"
    assert town.asks_dns(1)
    assert town.seconds_until_refused(1, 443) < AT_ONCE_S
    assert town.seconds_until_refused(1, 81) < AT_ONCE_S
    assert "internet" in town.get(2, PAGE)


def test_who_is_reminded_is_led_to_the_notice_by_http_alone(town: Town) -> None:
    driver = town.driver()
    a_pass(driver, [replace(ANA, reminded=True), EVA])
    assert "notice" in town.get(1, PAGE)
    assert "internet" in town.get(1, f"http://{SERVER}:81/")
    a_pass(driver, [ANA, EVA])
    assert "internet" in town.get(1, PAGE)


def test_what_is_allowed_stays_open_for_who_is_cut(town: Town) -> None:
    a_pass(town.driver(allowed=(SERVER,)), [replace(ANA, suspended=True), EVA])
    assert "internet" in town.get(1, PAGE)


def test_who_is_restored_browses_at_once_at_his_speed(town: Town) -> None:
    driver = town.driver()
    a_pass(driver, [replace(ANA, suspended=True), EVA])
    a_pass(driver, [ANA, EVA])
    assert "internet" in town.get(1, PAGE)
    assert town.megabits(1, near=10) == pytest.approx(10, rel=0.1)


def test_an_unknown_device_with_a_bound_address_is_blocked(town: Town) -> None:
    customer = town.customers[1]
    found = re.search(r"link/ether (\S+)", customer.sh("ip link show eth0"))
    assert found
    bound = replace(ANA, kind=Technology.STATIC, mac=found[1], interface="lan1")
    a_pass(town.driver(), [bound, EVA])
    assert "internet" in town.get(1, PAGE)
    customer.sh(
        "ip link set eth0 address 02:00:00:00:00:99; ip route replace default via 10.50.1.1"
    )
    town.router.sh("ip neigh flush all")
    assert town.get(1, PAGE, wait_s=1) == ""
    assert "internet" in town.get(2, PAGE)
    customer.sh(f"ip link set eth0 address {found[1]}; ip route replace default via 10.50.1.1")
    town.router.sh("ip neigh flush all")
    assert "internet" in town.get(1, PAGE)


def test_where_only_customers_may_pass_an_unknown_address_is_refused(town: Town) -> None:
    driver = town.driver(strict=True)
    a_pass(driver, [EVA])
    assert town.seconds_until_refused(1, 80) < AT_ONCE_S
    assert "internet" in town.get(2, PAGE)


def test_rules_that_somebody_emptied_are_found_and_written_again(town: Town) -> None:
    driver = town.driver()
    services = [replace(ANA, suspended=True), EVA]
    a_pass(driver, services)
    town.router.sh("nft flush chain inet caudal limits")
    assert "internet" in town.get(1, f"http://{SERVER}:81/")
    plan, _ = a_pass(driver, services)
    assert plan.cut == {"1"}
    assert town.get(1, f"http://{SERVER}:81/") == ""


def test_shaping_that_somebody_removed_is_found_and_put_back(town: Town) -> None:
    town.router.sh("tc qdisc del dev lan1 clsact; ip link del caudal-up")
    driver = town.driver()
    a_pass(driver, [ANA, EVA])
    assert a_pass(driver, [ANA, EVA])[0].ops == ()
    assert town.megabits(1, near=10) == pytest.approx(10, rel=0.1)


def test_a_router_that_restarted_gets_everything_again_without_a_person(town: Town) -> None:
    services = [replace(ANA, suspended=True), EVA]
    driver = town.driver()
    a_pass(driver, services)
    town.router.sh("nft delete table inet caudal; ip link del caudal-up; ip link del caudal-down")
    town.router.sh("for d in lan1 lan2 wan; do tc qdisc del dev $d clsact; done")
    want, found = wanted(services, owner="lab"), driver.read()
    plan = diff(want, found)
    assert brakes(plan, found, want, Remembered(found.device.serial, owned_rows=5_000)) == ()
    assert all(result.ok for result in driver.apply(plan.ops))
    assert town.get(1, f"http://{SERVER}:81/") == ""
    assert town.megabits(2, near=50) == pytest.approx(50, rel=0.1)


def test_a_thousand_cuts_are_one_short_transaction_while_a_neighbour_goes_on(town: Town) -> None:
    driver = town.driver()
    many = [
        replace(ANA, service_id=f"m{n}", name=f"m{n}", address=f"10.60.{n // 250}.{n % 250 + 1}")
        for n in range(1_000)
    ]
    a_pass(driver, [ANA, EVA, *many])
    flow = town.download(2, seconds=5)
    cut = [replace(access, suspended=True) for access in many]
    began = time.monotonic()
    plan, results = a_pass(driver, [ANA, EVA, *cut])
    took = time.monotonic() - began
    assert (len(plan.cut), sum(result.ok for result in results)) == (1_000, 1_000)
    assert a_pass(driver, [ANA, EVA, *cut])[0].ops == ()
    assert took < 10
    moved = _megabits_per_second(flow)[1:-1]
    assert min(moved) > 0 and statistics.median(moved) > 35


def _megabits_per_second(flow: "subprocess.Popen[str]") -> list[float]:
    """What arrived in each second."""
    printed = flow.communicate(timeout=90)[0]
    return [
        float(rate) for rate in re.findall(r"sec +\S+ \w+ +([0-9.]+) Mbits/sec *$", printed, re.M)
    ]
