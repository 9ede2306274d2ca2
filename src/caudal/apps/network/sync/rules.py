"""Installing the blocking rules on a router, and looking whether they stand there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from caudal.apps.network import actions
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import CutRules, Router
from caudal.apps.network.sync.door import opened
from caudal.apps.network.sync.lease import leased
from caudal.apps.network.sync.wanted import installation_key
from caudal.apps.staff.actor import Actor
from caudal.core.access import Device
from caudal.core.ports.access import AccessDriver
from caudal.core.ports.blocking import BlockingRules, CutPolicy, RulesReport


def install_rules(*, actor: Actor, now: datetime, rules: CutRules) -> RulesReport:
    """Write what is missing and read it back; never inside a transaction.

    Raises AccessError, and NetworkError where the router is busy, frozen, off, or takes no rules.
    """
    router = rules.router
    if router.is_frozen or actions.is_stopped():
        raise NetworkError(NetworkCode.ROUTER_FROZEN, router=router.name)
    with _driver(router, now) as (driver, blocking):
        report = blocking.install_rules(policy_of(rules))
        _note_facts(router, driver.probe())
    if report.ok:
        actions.note_rules(actor=actor, now=now, rules=rules, written=report.written)
    return report


def check_rules(*, now: datetime, rules: CutRules) -> RulesReport:
    """Reads only. Raises as install_rules."""
    with _driver(rules.router, now) as (driver, blocking):
        report = blocking.check_rules(policy_of(rules))
        _note_facts(rules.router, driver.probe())
    return report


def policy_of(rules: CutRules) -> CutPolicy:
    interfaces = (part.strip() for part in rules.wan_interfaces.split(","))
    allowed = (line.strip() for line in rules.allowed.splitlines())
    return CutPolicy(
        owner=installation_key(),
        wan_list=rules.wan_list,
        wan_interfaces=tuple(part for part in interfaces if part),
        notice_address=rules.notice_address or "",
        notice_port=rules.notice_port,
        allowed=tuple(line for line in allowed if line),
    )


@contextmanager
def _driver(router: Router, now: datetime) -> Iterator[tuple[AccessDriver, BlockingRules]]:
    if not router.is_active:
        raise NetworkError(NetworkCode.ROUTER_OFF, router=router.name)
    with leased(router, now), opened(router) as driver:
        if not isinstance(driver, BlockingRules):
            raise NetworkError(NetworkCode.RULES_NOT_HERE)
        if router.serial and driver.probe().serial != router.serial:
            raise NetworkError(NetworkCode.OTHER_ROUTER, router=router.name)
        yield driver, driver


def _note_facts(router: Router, device: Device) -> None:
    """The router's page tells at once what the next pass would find."""
    router.facts = router.facts | {"noticed": dict(device.facts)}
    Router.objects.filter(pk=router.pk).update(facts=router.facts)
