"""API tokens: given once, limited to some of their owner's verbs, taken back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from secrets import token_urlsafe

from django.db import transaction

from caudal.apps.staff import journal
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.errors import StaffCode, StaffError
from caudal.apps.staff.models import ApiToken, User

PREFIX_LENGTH = 12
ONE_MINUTE = timedelta(minutes=1)


@transaction.atomic
def create_token(
    *,
    actor: Actor,
    now: datetime,
    user: User,
    name: str,
    verbs: Iterable[str],
    expires_at: datetime | None = None,
    networks: Iterable[str] = (),
) -> tuple[ApiToken, str]:
    """(row, the whole token). The token is never to be seen again: only its hash is kept."""
    chosen = sorted(set(verbs))
    if not all(user.may(verb) for verb in chosen):
        raise StaffError(StaffCode.VERB_NOT_YOURS, "verbs")
    text = f"cau_{token_urlsafe(32)}"
    row = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=text[:PREFIX_LENGTH],
        digest=digest_of(text),
        verbs=chosen,
        created_at=now,
        expires_at=expires_at,
        networks=[_network(text) for text in networks],
    )
    journal.record(actor, "token.create", row, now=now, after=journal.snapshot(row))
    return row, text


@transaction.atomic
def revoke_token(*, actor: Actor, now: datetime, token: ApiToken) -> None:
    """From now on whoever uses it is nobody."""
    if token.revoked_at is not None:
        return
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    journal.record(actor, "token.revoke", token, now=now)


def digest_of(text: str) -> str:
    """The token has 256 random bits, so one round of a plain hash is enough."""
    return sha256(text.encode()).hexdigest()


def use_token(text: str, *, now: datetime, address: str = "") -> ApiToken | None:
    """The living token of this text, where it may be used from this address; that it was used is
    kept to the minute."""
    row = (
        ApiToken.objects.select_related("user__role")
        .filter(digest=digest_of(text), revoked_at=None, user__is_active=True)
        .exclude(expires_at__lte=now)
        .first()
    )
    if row is None or not _may_come_from(row, address):
        return None
    if row.last_used_at is None or now - row.last_used_at > ONE_MINUTE:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now, last_address=address or None)
    return row


def _may_come_from(token: ApiToken, address: str) -> bool:
    if not token.networks:
        return True
    try:
        come = ip_address(address)
    except ValueError:
        return False
    # An IPv4 client of a dual-stack server is ::ffff:203.0.113.7.
    come = getattr(come, "ipv4_mapped", None) or come
    return any(come in ip_network(each) for each in token.networks)


def _network(text: str) -> str:
    """The network in its usual writing. Raises StaffError for what is none."""
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise StaffError(StaffCode.NETWORK_NOT_READ, "networks", text=text) from error
