"""Writes of the RADIUS room: who may ask, what has ended without a word, the policy."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from caudal.apps.network.models import Router
from caudal.apps.network.sync.wanted import RADIUS
from caudal.apps.radius.models import Client, Login, Policy, Rejection, Session
from caudal.apps.radius.models.heard import SILENCES
from caudal.apps.radius.queries import LOST
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.addressing import AddressError, canonical

POLICY_FIELDS = [
    "on_cut", "on_cancelled", "on_unknown", "notice_pool", "notice_rate", "interim_s",
    "one_session", "any_router",
]  # fmt: skip
REFUSALS_KEPT = timedelta(days=30)
SESSIONS_KEPT = timedelta(days=400)


def policy() -> Policy:
    return Policy.objects.get_or_create(pk=1)[0]


@transaction.atomic
def save_policy(*, actor: Actor, now: datetime, policy: Policy) -> Policy:
    """Holds from the next login on; FreeRADIUS reads it at every one."""
    before = snapshot(Policy.objects.select_for_update().get(pk=policy.pk), POLICY_FIELDS)
    policy.save()
    after = snapshot(policy, POLICY_FIELDS)
    record(actor, "radius.policy", policy, now=now, before=before, after=after)
    return policy


@transaction.atomic
def write_clients() -> int:
    """Bring the routers that may ask up to date with the rows of routers; how many changed."""
    policy()
    held = {client.router_id: client for client in Client.objects.all()}
    wanted = {
        router.pk: values
        for router in Router.objects.filter(driver=RADIUS, is_active=True)
        if (values := _client(router))
    }
    gone = held.keys() - wanted.keys()
    Client.objects.filter(router__in=gone).delete()
    changed = len(gone)
    for pk, values in wanted.items():
        client = held.get(pk)
        if client is None or any(getattr(client, name) != values[name] for name in values):
            Client.objects.filter(address=values["address"]).exclude(router=pk).delete()
            Client.objects.update_or_create(router_id=pk, defaults=values)
            changed += 1
    Login.objects.exclude(router__driver=RADIUS).delete()
    return changed


def note_signs(at: datetime) -> None:
    """When each router last asked and reported, from what FreeRADIUS wrote. `at` is the machine's
    time; to be called before silent sessions are ended.

    One that misses its reports stays busy: its sessions ended for us alone.
    """
    silence = int(at.timestamp()) - SILENCES * policy().interim_s
    open_now = Session.objects.open().values("router").annotate(Max("heard"), Max("started"))
    live: dict[int, Mapping[str, Any]] = {
        row["router"]: {**row} for row in open_now.order_by() if row["router"] is not None
    }
    refused = dict(Rejection.objects.values_list("router").annotate(Max("latest")).order_by())
    for client in Client.objects.all():
        row = live.get(client.router_id, {})
        found: dict[str, int | None] = {
            "heard": _later(client.heard, row.get("heard__max")),
            "asked": _later(client.asked, row.get("started__max"), refused.get(client.router_id)),
        }
        missing = client.busy and found["heard"] is not None and found["heard"] < silence
        found["busy"] = bool(row) or missing
        if any(getattr(client, name) != value for name, value in found.items()):
            Client.objects.filter(pk=client.pk).update(**found)


def _later(*times: int | None) -> int | None:
    return max((each for each in times if each is not None), default=None)


def close_silent(at: datetime) -> int:
    """End the sessions that missed three reports at their last one. `at` is the machine's time."""
    silent = Session.objects.all().silent(int(at.timestamp()))
    return silent.update(ended=F("heard"), cause=LOST)


def forget(at: datetime) -> int:
    """Old refusals and sessions; how many."""
    refusals = Rejection.objects.filter(latest__lt=int((at - REFUSALS_KEPT).timestamp()))
    sessions = Session.objects.filter(ended__lt=int((at - SESSIONS_KEPT).timestamp()))
    return refusals.delete()[0] + sessions.delete()[0]


def _client(router: Router) -> dict[str, str]:
    """Empty where the router cannot ask: no secret, or a name in the place of an address."""
    try:
        address = canonical(router.host)
    except AddressError:
        return {}
    if not router.password or "/" in address:
        return {}
    values = {"address": address, "secret": router.password}
    return values | {"blocked_list": router.blocked_list}
