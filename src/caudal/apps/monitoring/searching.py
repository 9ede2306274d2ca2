"""What the search everywhere finds of monitoring: devices by name or address."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caudal.apps.monitoring.models import Device
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web import places, search
from caudal.web.places import Place
from caudal.web.search import Hit, Searcher, by_words


def find_devices(user: Any, typed: str, limit: int) -> list[Hit]:
    """By part of the name, address or site."""
    rows = visible(user, Device.objects.select_related("site").order_by("name"))
    fitting = by_words(rows, typed, limit, lambda row: f"{row.name} {row.address} {row.site or ''}")
    return [_hit(device) for device in fitting]


def recall_devices(user: Any, keys: Sequence[int]) -> dict[int, Hit]:
    rows = visible(user, Device.objects.filter(pk__in=keys).select_related("site"))
    return {device.pk: _hit(device) for device in rows}


def _hit(device: Device) -> Hit:
    parts = (device.get_kind_display(), device.address, device.site)
    return Hit(
        device.name,
        reverse("monitoring:device", args=[device.pk]),
        " · ".join(str(part) for part in parts if part),
        state=device.health,
        state_label=device.get_health_display(),
    )


def _places() -> Iterable[Place]:
    yield Place(
        _("Monitoring"), "monitoring:devices", "heart-rate-monitor", Verb.SEE_NETWORK,
        _("devices alarms ping snmp down"), "g e", is_act=False,
    )  # fmt: skip
    yield Place(
        _("Open an outage"), "monitoring:new_outage", "alert-triangle", Verb.MANAGE_OUTAGES,
        _("failure fault tower down"), order=55,
    )  # fmt: skip


search.register(
    Searcher(
        "devices", _("Monitored devices"), "heart-rate-monitor", Verb.SEE_NETWORK, find_devices,
        order=45, url_name="monitoring:device", recall=recall_devices,
    )
)  # fmt: skip
places.register(*_places())
