"""What the clock does for monitoring: check, read, tell, credit, roll up and forget."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, daily, frequent
from caudal.apps.monitoring.actions.credits import post_approved
from caudal.apps.monitoring.actions.outages import tell_customers
from caudal.apps.monitoring.actions.recalls import book_recalled
from caudal.apps.monitoring.collect import check_due, read_due
from caudal.apps.monitoring.rollup import forget_old, roll_up
from caudal.core.ports.probe import ProbeError


@frequent("monitoring.check", seconds=20, label=_("Check devices"))
def check_devices(run: Run, now: datetime) -> dict[str, Any]:
    try:
        return dict(check_due(now, run))
    except ProbeError as error:
        run.fail("ping", error)
        return {}


@frequent("monitoring.read", seconds=60, label=_("Read devices over SNMP"))
def read_devices(run: Run, now: datetime) -> dict[str, Any]:
    return _some(read=read_due(now, run))


@frequent("monitoring.tell", seconds=60, label=_("Tell customers of outages"))
def tell_of_outages(run: Run, now: datetime) -> dict[str, Any]:
    return _some(told=tell_customers(run, now))


@frequent("monitoring.credits", seconds=60, label=_("Post credits for outages"))
def post_credits(run: Run, now: datetime) -> dict[str, Any]:
    return _some(**post_approved(run, now), **book_recalled(run, now))


@frequent("monitoring.roll_up", seconds=900, label=_("Roll measures up by hour and day"))
def roll_up_measures(run: Run, now: datetime) -> dict[str, Any]:
    return _some(summaries=roll_up(now, run))


@daily("monitoring.forget", hour=4, order=85, label=_("Forget old measures"))
def forget_measures(run: Run, today: date, zone: str, now: datetime) -> dict[str, Any]:
    return _some(forgotten=forget_old(now, run))


def _some(**counts: int) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}
