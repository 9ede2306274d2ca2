"""Blocks of addresses: stored, forgotten, and what they keep from customers."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.apps.network.models import AddressBlock, Pool
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core import addressing
from caudal.core.address_tree import holds
from caudal.core.addressing import AddressError, Network, Range

BLOCK_FIELDS = [
    "name", "network", "purpose", "zone_id", "site_id", "router_id", "gateway", "reserved", "notes",
]  # fmt: skip


@transaction.atomic
def save_block(*, actor: Actor, now: datetime, block: AddressBlock) -> AddressBlock:
    """Store a new or edited block; its network in the usual spelling. Raises NetworkError."""
    _require_sound(block)
    old = AddressBlock.objects.filter(pk=block.pk).first()
    before = snapshot(old, BLOCK_FIELDS) if old else {}
    block.save()
    record(actor, "block.save", block, now=now, before=before, after=snapshot(block, BLOCK_FIELDS))
    return block


@transaction.atomic
def remove_block(*, actor: Actor, now: datetime, block: AddressBlock) -> None:
    """Forget a block. What lies inside it stays, one level up."""
    record(actor, "block.remove", block, now=now, before=snapshot(block, BLOCK_FIELDS))
    block.delete()


def given_by(pools: Iterable[Pool]) -> dict[int, addressing.Pool]:
    """By a pool's number, what it may give to customers once the blocks have kept theirs.

    One query. A pool that is written badly is not in it.
    """
    blocks = [(block.parsed(), block) for block in AddressBlock.objects.all()]
    found = {}
    for pool in pools:
        try:
            addresses = pool.addresses()
            network = addressing.parse_network(pool.network)
        except AddressError:
            continue
        found[pool.pk] = addressing.Pool(
            addresses.ranges, (*addresses.excluded, *_kept(network, blocks))
        )
    return found


def _kept(network: Network, blocks: Iterable[tuple[Network, AddressBlock]]) -> Iterable[Range]:
    """Reserved parts and gateways of the blocks around and inside, and whole blocks inside that
    are not for customers at all."""
    for each, block in blocks:
        inside = holds(network, each)
        if inside and not block.is_for_customers:
            yield addressing.whole(each)
        elif inside or holds(each, network):
            yield from block.barred()


def _require_sound(block: AddressBlock) -> None:
    try:
        network = addressing.parse_network(block.network)
    except AddressError as error:
        raise NetworkError(error.fault, "network", text=error.text) from None
    block.network = str(network)
    same = AddressBlock.objects.filter(network=block.network).exclude(pk=block.pk or 0).first()
    if same:
        names = {"network": block.network, "block": same.name}
        raise NetworkError(NetworkCode.BLOCK_EXISTS, "network", **names)
    _require_inside(block, network)


def _require_inside(block: AddressBlock, network: Network) -> None:
    field = "gateway"
    try:
        if block.gateway:
            _inside(addressing.parse_ranges("", gateway=block.gateway), network, field)
        field = "reserved"
        _inside(addressing.parse_ranges(block.reserved), network, field)
    except AddressError as error:
        raise NetworkError(error.fault, field, text=error.text) from None


def _inside(ranges: Iterable[Range], network: Network, field: str) -> None:
    for each in ranges:
        for end in (each.first, each.last):
            if end not in network:
                names = {"address": str(end), "network": str(network)}
                raise NetworkError(NetworkCode.OUTSIDE_NETWORK, field, **names)
