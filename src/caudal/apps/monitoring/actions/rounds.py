"""Rounds of checks: which devices are taken, what their answers make of them, what is kept."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from caudal.apps.monitoring.actions.alarms import clear_alarm, clear_poor, raise_alarm, raise_poor
from caudal.apps.monitoring.models import Device, Sample
from caudal.core.metrics import Metric
from caudal.core.ports.probe import Echo
from caudal.core.quality import Quality, grade
from caudal.core.watching import Judged, Node, judge_all
from caudal.store.bulk import insert_values

SEEN = [
    "health", "failures", "failing_since", "answers", "answering_since", "falls", "checked_at",
    "blamed", "fault", "latency_ms", "loss", "bad_checks", "bad_since", "fair_checks",
    "is_degraded",
]  # fmt: skip
COLUMNS = ("device_id", "metric", "at", "value")
Row = tuple[int, str, datetime, float]


@transaction.atomic
def claim_due(now: datetime, limit: int = 1000) -> list[Device]:
    """Take devices whose check is due, so that nobody else checks them; longest waiting first.

    A worker that dies with them misses one check of theirs.
    """
    rows = Device.objects.due(now).select_related("template")
    found = list(
        rows.select_for_update(of=("self",), skip_locked=True).order_by("next_check_at", "pk")[
            :limit
        ]
    )
    _postpone(found, "next_check_at", "interval_s", now)
    return found


@transaction.atomic
def claim_readings(now: datetime, limit: int = 500) -> list[Device]:
    """As claim_due, of devices that answer and are to be read over SNMP."""
    due = Q(next_read_at=None) | Q(next_read_at__lte=now)
    rows = Device.objects.watched().filter(due, health=Device.Health.UP)
    rows = rows.exclude(template__profile="").select_related("template")
    found = list(
        rows.select_for_update(of=("self",), skip_locked=True).order_by("next_read_at", "pk")[
            :limit
        ]
    )
    _postpone(found, "next_read_at", "read_s", now)
    return found


def silent_parents(echoes: Mapping[int, Echo]) -> list[Device]:
    """The devices before those that did not answer, as far as nobody has asked them just now."""
    parents = _parents()
    wanted: set[int] = set()
    for key, echo in echoes.items():
        at = None if echo.received else parents.get(key)
        while at is not None and at not in wanted and at not in echoes:
            wanted.add(at)
            at = parents.get(at)
    return list(Device.objects.watched().filter(pk__in=wanted).select_related("template"))


@transaction.atomic
def note_round(echoes: Mapping[int, Echo], now: datetime) -> dict[str, int]:
    """Judge the whole tree by these answers, store it, and begin and end alarms. Returns counts."""
    rows = Device.objects.watched().select_related("template", "site")
    devices = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    parents, silent = _parents(), _silent_too_long(devices.values(), now)
    judged = judge_all({pk: _node(row, parents, echoes) for pk, row in devices.items()}, now)
    changed = [
        _written(devices[pk], found, echoes.get(pk))
        for pk, found in judged.items()
        if pk in echoes or _differs(devices[pk], found)
    ]
    grades = [_graded(device, echoes[device.pk], silent, now) for device in changed
              if device.pk in echoes]  # fmt: skip
    _store(changed)
    insert_values(Sample, COLUMNS, list(_pings(echoes.values(), devices, now)))
    fell = [devices[pk] for pk, found in judged.items() if found.fell]
    rose = [devices[pk] for pk, found in judged.items() if found.rose]
    for device in fell:
        raise_alarm(device, now)
    for device in rose:
        clear_alarm(device, now)
    for device, act in grades:
        if act is not None:
            act(device, now)
    return {"checked": len(echoes), "fell": len(fell), "rose": len(rose)}


@transaction.atomic
def note_readings(
    found: Mapping[int, Mapping[Metric, float]], faults: Mapping[int, str], now: datetime
) -> None:
    """Keep what devices told over SNMP; their last signal stands on their row."""
    rows = Device.objects.select_for_update().filter(pk__in=[*found, *faults]).order_by("pk")
    changed = []
    for device in rows:
        values = found.get(device.pk, {})
        device.signal = values.get(Metric.SIGNAL)
        device.read_fault = faults.get(device.pk, "")
        changed.append(device)
    Device.objects.bulk_update(changed, ["signal", "read_fault"], batch_size=200)
    samples: list[Row] = [
        (pk, str(metric), now, value)
        for pk, values in found.items()
        for metric, value in values.items()
    ]
    insert_values(Sample, COLUMNS, samples)


def _postpone(rows: Sequence[Device], column: str, seconds: str, now: datetime) -> None:
    """One statement per template."""
    by_template: dict[int, list[int]] = {}
    for row in rows:
        by_template.setdefault(row.template_id or 0, []).append(row.pk)
    waits = {row.template_id or 0: getattr(row.template, seconds) for row in rows}
    for template, keys in by_template.items():
        later = now + timedelta(seconds=waits[template])
        Device.objects.filter(pk__in=keys).update(**{column: later})


def _parents() -> dict[int, int | None]:
    """Each device's nearest one above that is watched: what nobody checks tells nothing."""
    rows = Device.objects.order_by().values_list("pk", "parent", "is_active", "template")
    above = {pk: parent for pk, parent, _, _ in rows}
    watched = {pk for pk, _, active, template in rows if active and template is not None}
    found = {}
    for pk in watched:
        at, seen = above[pk], {pk}
        while at is not None and at not in watched and at not in seen:
            seen.add(at)
            at = above.get(at)
        found[pk] = at if at in watched else None
    return found


def _node(device: Device, parents: Mapping[int, int | None], echoes: Mapping[int, Echo]) -> Node:
    assert device.template is not None
    echo = echoes.get(device.pk)
    answered = None if echo is None else echo.received > 0
    watch, rule = device.watch(), device.template.rule()
    return Node(device.pk, parents.get(device.pk), watch, rule, answered)


def _differs(device: Device, found: Judged) -> bool:
    return device.health != found.watch.health or device.blamed_id != found.blamed


def _written(device: Device, found: Judged, echo: Echo | None) -> Device:
    watch = found.watch
    device.health = watch.health.value
    device.failures, device.failing_since = watch.failures, watch.failing_since
    device.answers, device.answering_since = watch.answers, watch.answering_since
    device.falls = [fall.isoformat() for fall in watch.falls]
    device.checked_at, device.blamed_id = watch.checked_at, found.blamed
    if echo is not None:
        device.fault = str(echo.fault or "")
        device.latency_ms, device.loss = echo.latency_ms, echo.loss
    return device


Change = Callable[[Device, datetime], None]


def _graded(
    device: Device, echo: Echo, silent: Collection[int], now: datetime
) -> tuple[Device, Change | None]:
    """Note how well it answered; with what its alarm begins or ends by, where it does."""
    assert device.template is not None
    before = Quality(is_poor=device.is_degraded) if device.pk in silent else device.quality()
    if not echo.received:
        # While nobody answers nothing is slow; once it is down, that is the alarm.
        over = device.health in (Device.Health.DOWN, Device.Health.UNREACHABLE)
        device.keep_quality(Quality() if over else before)
        return device, _drop_poor if over and before.is_poor else None
    found = grade(before, device.is_poor, device.template.rule(), now)
    device.keep_quality(found.quality)
    return device, raise_poor if found.fell else clear_poor if found.rose else None


def _drop_poor(device: Device, now: datetime) -> None:
    clear_poor(device, now, is_told=False)


def _silent_too_long(rows: Iterable[Device], now: datetime) -> set[int]:
    """Who has not been checked for so long (the worker was off) that the count begins anew."""
    return {
        row.pk
        for row in rows
        if row.checked_at is not None
        and row.template is not None
        and now - row.checked_at > timedelta(minutes=row.template.rule().silence_minutes)
    }


def _store(rows: Sequence[Device]) -> None:
    """The rows are locked, so that none of them can have gone: this only updates."""
    Device.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=SEEN,
        batch_size=1000,
    )


def _pings(echoes: Iterable[Echo], devices: Mapping[int, Device], now: datetime) -> Iterable[Row]:
    for echo in echoes:
        if echo.key not in devices:
            continue
        yield echo.key, Metric.LOSS.value, now, echo.loss
        if echo.latency_ms is not None:
            yield echo.key, Metric.LATENCY.value, now, echo.latency_ms
