"""An alarm begins and ends: staff learn of it once, and an outage opens for who is behind it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, translation

from caudal.apps.catalog.models import Company
from caudal.apps.messaging.actions import Notice, queue_all
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.monitoring.behind import Covered, behind, count_behind
from caudal.apps.monitoring.models import Alarm, Cover, Device, Rules
from caudal.apps.outages import actions as outages
from caudal.apps.outages.models import Outage
from caudal.apps.staff.actor import Actor

CLOCK = Actor.system("clock")


def raise_alarm(device: Device, now: datetime) -> Alarm:
    """The device is down since its first missed check; the caller holds its row."""
    began = device.failing_since or now
    alarm, is_new = Alarm.objects.get_or_create(
        device=device,
        kind=Alarm.Kind.DOWN,
        ended_at=None,
        defaults={"began_at": began, "raised_at": now},
    )
    if not is_new:
        return alarm
    rows = behind(Covered(devices={device.pk}))
    if device.template is not None and device.template.opens_outage and rows:
        alarm.outage = _open_outage(device, began, now)
        outages.affect(outage=alarm.outage, services=rows)
        alarm.save(update_fields=["outage"])
    _tell(alarm, Occasion.DEVICE_DOWN, now, customers=len({customer for _, customer, _ in rows}))
    return alarm


def clear_alarm(device: Device, now: datetime) -> None:
    """It is back since the first answer of those that counted."""
    ended = device.answering_since or now
    open_ones = device.alarms.filter(ended_at=None, kind=Alarm.Kind.DOWN)
    for alarm in open_ones.select_related("outage"):
        alarm.ended_at = max(ended, alarm.began_at)
        alarm.save(update_fields=["ended_at"])
        outage = alarm.outage
        if outage is not None and outage.is_automatic and not outage.alarms.open().exists():
            since = max(alarm.ended_at, outage.started_at)
            outages.end_outage(actor=CLOCK, now=now, outage=outage, ended_at=since)
        _tell(alarm, Occasion.DEVICE_UP, now)


def raise_poor(device: Device, now: datetime) -> None:
    """It has been slow, lossy or weak since its first such check: staff learn of it, no outage."""
    began = device.bad_since or now
    alarm, is_new = Alarm.objects.get_or_create(
        device=device,
        kind=Alarm.Kind.POOR,
        ended_at=None,
        defaults={"began_at": began, "raised_at": now},
    )
    if is_new:
        _tell(alarm, Occasion.DEVICE_POOR, now, customers=count_behind(device))


def clear_poor(device: Device, now: datetime, *, is_told: bool = True) -> None:
    """It answers well again; or it does not answer at all, which is another alarm's to tell."""
    for alarm in device.alarms.filter(ended_at=None, kind=Alarm.Kind.POOR):
        alarm.ended_at = now
        alarm.save(update_fields=["ended_at"])
        if is_told:
            _tell(alarm, Occasion.DEVICE_FAIR, now)


def told_of_routers() -> dict[int, Collection[str]]:
    """By router, who was told that the device which is the same box is down, as long as it is."""
    rows = Alarm.objects.open().filter(
        kind=Alarm.Kind.DOWN, device__router__isnull=False, device__template__raises_alarm=True
    )
    routers = list(rows.values_list("device__router_id", flat=True))
    people = list(_recipients()) if routers else []
    return dict.fromkeys(routers, people)


def _open_outage(device: Device, began: datetime, now: datetime) -> Outage:
    outage = outages.open_outage(
        actor=CLOCK,
        now=now,
        title=str(device),
        started_at=began,
        grace_days=Rules.current().grace_days,
        is_automatic=True,
    )
    Cover.objects.create(outage=outage, device=device)
    return outage


def _tell(alarm: Alarm, occasion: str, now: datetime, customers: int = 0) -> None:
    device = alarm.device
    if device.template is None or not device.template.raises_alarm:
        return
    with translation.override(settings.LANGUAGE_CODE):
        context = {"device": _values(alarm, now) | {"customers": customers}}
    queue_all(
        (
            Notice(f"alarm:{alarm.pk}:{occasion}:{to}"[:120], to, occasion, context, None)
            for to in _recipients()
        ),
        now=now,
    )


def _values(alarm: Alarm, now: datetime) -> dict[str, Any]:
    device, zone = alarm.device, ZoneInfo(settings.TIME_ZONE)
    until = alarm.ended_at or now
    return {
        "name": device.name,
        "kind": str(device.get_kind_display()),
        "address": device.address,
        "site": str(device.site or ""),
        "since": _clock(alarm.began_at.astimezone(zone)),
        "until": _clock(until.astimezone(zone)),
        "latency": "" if device.latency_ms is None else round(device.latency_ms),
        "loss": "" if device.loss is None else round(device.loss),
        "signal": "" if device.signal is None else round(device.signal),
        "minutes": int((until - alarm.began_at).total_seconds() // 60),
    }


def _clock(moment: datetime) -> str:
    return f"{formats.date_format(moment, 'SHORT_DATE_FORMAT')} {moment:%H:%M}"


def _recipients() -> Iterable[str]:
    chosen = Rules.current().recipients()
    if chosen:
        return chosen
    emails = Company.objects.filter(is_active=True).exclude(email="").order_by("pk")
    return list(dict.fromkeys(emails.values_list("email", flat=True)))
