"""What the demo watches: three towers, their links and sectors, one of which does not answer."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from caudal.apps.customers.models import Service
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.models import CheckTemplate, Device
from caudal.apps.network import actions as network
from caudal.apps.network.models import Router, Site
from caudal.apps.staff.actor import Actor
from caudal.practice import demo

TOWER = "Torre Cerro Gordo"
OTHERS = {
    "Torre El Mirador": ("19.203900", "-100.141200", 3_500),
    "Repetidora Peñitas": ("19.158800", "-100.152300", 2_500),
}
SECTOR_CUSTOMERS = 12


@dataclass(frozen=True, slots=True)
class Watched:
    """A device of the demo, by the names of what it stands at and hangs from."""

    name: str
    kind: str
    site: str
    address: str
    parent: str = ""
    router: str = ""


# Every address of 127.0.0.0/8 is this machine, which answers; 192.0.2.0/24 belongs to nobody.
DEVICES = (
    Watched("RB Centro", "router", TOWER, "127.0.0.1", router="RB Centro"),
    Watched("RB Norte", "router", TOWER, "127.0.1.1", "RB Centro", router="RB Norte"),
    Watched("Enlace a El Mirador", "link", TOWER, "127.0.2.1", "RB Centro"),
    Watched("Enlace en El Mirador", "link", "Torre El Mirador", "127.0.2.2", "Enlace a El Mirador"),
    Watched("Sector Norte", "ap", "Torre El Mirador", "127.0.2.11", "Enlace en El Mirador"),
    Watched("Sector Sur", "ap", "Torre El Mirador", "127.0.2.12", "Enlace en El Mirador"),
    Watched("Enlace a Peñitas", "link", TOWER, "127.0.3.1", "RB Centro"),
    Watched("Enlace en Peñitas", "link", "Repetidora Peñitas", "192.0.2.33", "Enlace a Peñitas"),
    Watched("Sector Peñitas", "ap", "Repetidora Peñitas", "192.0.2.34", "Enlace en Peñitas"),
)


def watch_network(actor: Actor, now: datetime) -> None:
    """Once; the worker checks them from then on."""
    if Device.objects.exists():
        return
    templates = {
        make: actions.save_template(actor=actor, now=now, template=template)
        for make, template in _templates().items()
    }
    sites = {TOWER: Site.objects.get(name=TOWER)} | {
        name: _site(actor, now, name) for name in OTHERS
    }
    made: dict[str, Device] = {}
    for watched in DEVICES:
        device = Device(
            name=watched.name,
            kind=watched.kind,
            site=sites[watched.site],
            address=watched.address,
            parent=made.get(watched.parent),
            router=Router.objects.filter(name=watched.router).first() if watched.router else None,
            template=templates[_make(watched)],
            community=demo.SNMP_COMMUNITY,
            snmp_port=demo.SNMP_PORT,
        )
        made[watched.name] = actions.save_device(actor=actor, now=now, device=device)
    for name in ("Sector Norte", "Sector Sur"):
        _serve(actor, now, made[name])


def _templates() -> dict[str, CheckTemplate]:
    """By make: what is asked of its devices, every minute while somebody looks on."""
    return {
        "ubnt": CheckTemplate(
            name="Enlaces y sectores", max_latency_ms=250, min_signal=-75, profile="ubnt",
            read_s=60,
        ),
        "routeros": CheckTemplate(
            name="Routers", max_latency_ms=250, profile="routeros", read_s=60
        ),
    }  # fmt: skip


def _make(watched: Watched) -> str:
    """Those that do not answer are radios."""
    return demo.SNMP_BOXES.get(watched.address, "ubnt")


def _site(actor: Actor, now: datetime, name: str) -> Site:
    latitude, longitude, radius_m = OTHERS[name]
    site = Site.objects.filter(name=name).first() or Site(
        name=name, latitude=Decimal(latitude), longitude=Decimal(longitude), radius_m=radius_m
    )
    return network.save_site(actor=actor, now=now, site=site)


def _serve(actor: Actor, now: datetime, sector: Device) -> None:
    """Some customers who have no sector yet get this one."""
    free = Service.objects.filter(state="active", served_by=None, connection__released_at=None)
    rows = list(free.select_related("customer").order_by("pk")[:SECTOR_CUSTOMERS])
    actions.serve_through(actor=actor, now=now, services=rows, device=sector)
