"""Devices and their templates, the rules, and which service hangs from which device."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction

from caudal.apps.clock import jobs
from caudal.apps.customers.models import Service
from caudal.apps.monitoring.behind import Tree
from caudal.apps.monitoring.errors import MonitoringCode
from caudal.apps.monitoring.models import CheckTemplate, Device, Rules, ServedBy
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import OLD_SECRET, record, snapshot
from caudal.core.errors import RuleError
from caudal.core.quality import Quality

Row = TypeVar("Row", bound=models.Model)

DEVICE_FIELDS = [
    "name", "kind", "address", "site_id", "parent_id", "router_id", "template_id", "community",
    "snmp_version", "snmp_port", "notes", "is_active",
]  # fmt: skip
REACH = ("address", "template_id", "is_active", "parent_id")
"""What makes the memory of earlier checks worthless."""


@transaction.atomic
def save_device(*, actor: Actor, now: datetime, device: Device) -> Device:
    """Store a new or edited device; an empty community keeps the one it has.

    Raises RuleError where it would hang from something that hangs from it.
    """
    old = Device.objects.select_for_update().filter(pk=device.pk).first()
    if old and not device.community:
        device.community = old.community
    _require_sound(device)
    before = snapshot(old, DEVICE_FIELDS) if old else {}
    if old is None or any(getattr(old, name) != getattr(device, name) for name in REACH):
        _forget(device)
        device.alarms.filter(ended_at=None).update(ended_at=now) if old else None
    if old and old.community != device.community:
        before["community"] = OLD_SECRET
    device.save()
    after = snapshot(device, DEVICE_FIELDS)
    record(actor, "device.save", device, now=now, before=before, after=after)
    jobs.wake()
    return device


@transaction.atomic
def save_template(*, actor: Actor, now: datetime, template: CheckTemplate) -> CheckTemplate:
    return _save(actor, "checktemplate.save", template, now)


@transaction.atomic
def save_rules(*, actor: Actor, now: datetime, rules: Rules) -> Rules:
    return _save(actor, "monitoringrules.save", rules, now)


@transaction.atomic
def serve_through(
    *, actor: Actor, now: datetime, services: Iterable[Service], device: Device | None
) -> int:
    """These services get their internet through the device; None: through none that is known."""
    rows = list(services)
    ServedBy.objects.filter(service__in=rows).delete()
    if device is not None:
        ServedBy.objects.bulk_create(ServedBy(service=row, device=device) for row in rows)
    for row in rows:
        record(
            actor,
            "service.served_by",
            row,
            now=now,
            customer_id=row.customer_id,
            after={"device": device.name if device else ""},
        )
    return len(rows)


def _require_sound(device: Device) -> None:
    template = device.template
    if template is not None and template.profile and not device.community:
        raise RuleError(MonitoringCode.NO_COMMUNITY, field="community")
    parent = device.parent_id
    if device.pk is None or parent is None:
        return
    if parent in Tree.read().below([device.pk]):
        raise RuleError(MonitoringCode.PARENT_BELOW, field="parent", parent=str(device.parent))


def _forget(device: Device) -> None:
    device.health = Device.Health.UNKNOWN
    device.failures = device.answers = 0
    device.failing_since = device.answering_since = device.checked_at = None
    device.next_check_at = device.next_read_at = device.blamed = None
    device.falls = []
    device.latency_ms = device.loss = device.signal = None
    device.fault = device.read_fault = ""
    device.keep_quality(Quality())


def _save(actor: Actor, verb: str, row: Row, now: datetime) -> Row:
    old = type(row)._base_manager.filter(pk=row.pk).first()
    before = snapshot(old) if old else {}
    row.save()
    record(actor, verb, row, now=now, before=before, after=snapshot(row))
    return row
