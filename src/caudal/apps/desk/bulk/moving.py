"""Move many customers to another zone and router (WH-113..120), but for those who do not fit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.bulk.acts import Act, Context, Done, Preview, Shown, register
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.network.reads import served_by
from caudal.apps.network.ways import needs_address
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.core.addressing import ip_interface_address
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import PanelForm

PREVIEWED, LISTED = 50, 200


class MoveForm(PanelForm):
    zone: Any = forms.ModelChoiceField(
        Zone.objects.filter(is_active=True), label=_("New zone"), empty_label=None
    )
    router: Any = forms.ModelChoiceField(
        Router.objects.all(),
        label=_("Router"),
        required=False,
        empty_label=_("The one that serves the zone"),
    )
    pool: Any = forms.ModelChoiceField(
        Pool.objects.select_related("router"),
        label=_("Address pool"),
        required=False,
        empty_label=_("The first one of the router"),
    )
    keep_address = forms.BooleanField(
        label=_("Keep each address where the new router can give it"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            target_of(given)
        except RuleError as error:
            self.add_error("router", explain(error))
        except KeyError:
            pass  # A field that has its own error already.
        return given


@dataclass(frozen=True, slots=True)
class Target:
    """Where they go; without a router of its own the zone changes and connections stay."""

    zone: Zone
    router: Router | None
    pools: tuple[Pool, ...]
    keep_address: bool


def target_of(given: dict[str, Any]) -> Target:
    """What the form's values, rows or their keys, name. Raises RuleError where they do not fit."""
    zone = _row(Zone, given["zone"])
    router, pool = _row(Router, given.get("router")), _row(Pool, given.get("pool"))
    assert zone is not None
    if pool is not None and router is not None and pool.router_id != router.pk:
        raise RuleError("pool-elsewhere", pool=pool.name, router=router.name)
    router = router or (pool.router if pool else None) or _only_router(zone)
    pools: list[Pool] = [pool] if pool else list(router.pools.order_by("id")) if router else []
    return Target(zone, router, tuple(pools), bool(given.get("keep_address")))


def move(context: Context, customer: Customer) -> Done:
    """His zone, and each living connection to the new router; the old one is cleaned."""
    target = target_of(context.options)
    held = list(_connections(customer))
    if customer.zone_id == target.zone.pk and not any(_moves(each, target) for each in held):
        raise RuleError("there-already")
    before: dict[str, Any] = {"zone": customer.zone_id, "to": target.zone.pk, "connections": []}
    for connection in held:
        _require_served(connection, target)
        if _moves(connection, target):
            before["connections"].append(_kept(connection, target))
            _take(context, connection, target)
    customers.edit_customer(
        actor=context.actor, now=context.now, customer=customer, data={"zone": target.zone}
    )
    return Done(_told(target, held), before)


def move_back(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    """Zone and routers as they were; an address that was given away meanwhile is taken anew."""
    if customer.zone_id != before["to"]:
        raise RuleError("changed-since")
    for kept in before["connections"]:
        connection = _connections(customer).filter(pk=kept["id"], router=kept["to"]).first()
        if connection is not None:
            _return(context, connection, kept)
    zone = Zone.objects.get(pk=before["zone"])
    customers.edit_customer(
        actor=context.actor, now=context.now, customer=customer, data={"zone": zone}
    )
    return zone.name


def preview(
    user: User, now: datetime, given: dict[str, Any], chosen: QuerySet[Customer]
) -> Preview:
    """The first ones with their zone and router before and after, and who is left out."""
    target = target_of(given)
    live = Connection.objects.live().filter(service__customer__in=chosen)
    wrong = live.exclude(technology__in=served_by(target.router)) if target.router else live.none()
    named = wrong.select_related("service__customer").order_by("service__customer__name")
    left_out = [
        Shown(str(each.service.customer), refusal=_unserved(each, target))
        for each in named[:LISTED]
    ]
    rows = chosen.exclude(services__connection__in=wrong).select_related("zone")
    return Preview(
        [_shown(customer, target) for customer in rows[:PREVIEWED]], left_out, wrong.count()
    )


def _shown(customer: Customer, target: Target) -> Shown:
    changes = [(now_in_language("Zone"), customer.zone.name, target.zone.name)]
    for connection in _connections(customer):
        if _moves(connection, target) and target.router is not None:
            where = (connection.router.name, target.router.name)
            changes.append((now_in_language("Router"), *where))
    return Shown(str(customer), [each for each in changes if each[1] != each[2]])


def _connections(customer: Customer) -> "QuerySet[Connection]":
    live = Connection.objects.live().filter(service__customer=customer)
    related = ("router", "pool", "service__customer", "service__plan")
    return live.select_related(*related).order_by("pk")


def _moves(connection: Connection, target: Target) -> bool:
    return target.router is not None and connection.router_id != target.router.pk


def _require_served(connection: Connection, target: Target) -> None:
    if target.router and connection.technology not in served_by(target.router):
        raise RuleError(
            "technology-not-served",
            technology=connection.get_technology_display(),
            router=target.router.name,
        )


def _unserved(connection: Connection, target: Target) -> str:
    try:
        _require_served(connection, target)
    except RuleError as error:
        return explain(error)
    return ""


def _take(context: Context, connection: Connection, target: Target) -> None:
    """On the new router, with its own address where that router may give it."""
    address, pool = _place(connection, target)
    network.move(
        actor=context.actor, now=context.now, connection=connection, router=target.router,
        pool=pool, address=address, local_address=None,
    )  # fmt: skip


def _place(connection: Connection, target: Target) -> tuple[str | None, Pool | None]:
    """(address, pool): the same address, else None for the first free one of the pool."""
    held = connection.address
    if held and target.keep_address:
        for pool in target.pools:
            if ip_interface_address(held) in pool.addresses() and _is_free(held, pool.router):
                return held, pool
    wants = bool(held) or needs_address(connection.technology)
    if not wants:
        return None, None
    if not target.pools:
        raise RuleError("no-pool-there", router=target.router.name if target.router else "")
    return None, target.pools[0]


def _return(context: Context, connection: Connection, kept: dict[str, Any]) -> None:
    router, pool = Router.objects.get(pk=kept["router"]), _row(Pool, kept["pool"])
    address = kept["address"]
    if address and not _is_free(address, router):
        address = None
    network.move(
        actor=context.actor, now=context.now, connection=connection, router=router, pool=pool,
        address=address, local_address=kept["local_address"],
    )  # fmt: skip


def _is_free(address: str, router: Router) -> bool:
    return not router.connections.live().filter(address=address).exists()


def _kept(connection: Connection, target: Target) -> dict[str, Any]:
    assert target.router is not None
    return {
        "id": connection.pk,
        "router": connection.router_id,
        "to": target.router.pk,
        "pool": connection.pool_id,
        "address": connection.address,
        "local_address": connection.local_address,
    }


def _told(target: Target, held: list[Connection]) -> str:
    addresses = ", ".join(_addresses(held))
    where = f"{target.zone} · {target.router}" if target.router else str(target.zone)
    return f"{where} · {addresses}" if addresses else where


def _addresses(held: list[Connection]) -> Iterator[str]:
    return (each.address for each in held if each.address)


def _only_router(zone: Zone) -> Router | None:
    """The zone's router; of several the one that most of its customers are on."""
    routers = list(zone.routers.all())
    if len(routers) < 2:
        return routers[0] if routers else None
    live = Connection.objects.live().filter(service__customer__zone=zone, router__in=routers)
    used = Counter(live.values_list("router_id", flat=True))
    if not used:
        raise RuleError("say-which-router", zone=zone.name)
    most = used.most_common(1)[0][0]
    return next(router for router in routers if router.pk == most)


def _row(model: Any, value: Any) -> Any:
    """A row by itself or by its key, as options keep it."""
    if value is None or value == "":
        return None
    return value if isinstance(value, model) else model.objects.get(pk=value)


register(
    Act(
        "customers.move",
        _("Move to another zone"),
        Verb.EDIT_SERVICES,
        "arrows-transfer-down",
        _("They change zone and billing calendar; the new router gets them and the old one loses "
          "them."),
        each=move,
        undo=move_back,
        preview=preview,
        form=MoveForm,
        order=40,
    )
)  # fmt: skip
