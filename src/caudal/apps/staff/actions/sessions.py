"""Signing in and out: which devices a person is signed in on, and closing one from another."""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction

from caudal.apps.staff import journal
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import SignIn, User


@transaction.atomic
def record_sign_in(
    *, user: User, now: datetime, session_key: str, address: str, agent: str
) -> SignIn:
    """Keep that the session belongs to this person, from which address and browser."""
    row = SignIn.objects.create(
        user=user,
        session_key=session_key,
        at=now,
        seen_at=now,
        address=address or None,
        agent=agent[:200],
    )
    journal.record(Actor.person(user), "session.open", user, now=now, note=address)
    return row


@transaction.atomic
def close_session(*, actor: Actor, now: datetime, sign_in: SignIn) -> None:
    """End a session wherever it is open; the next click there asks for the password."""
    if sign_in.ended_at is not None:
        return
    sign_in.ended_at = now
    sign_in.save(update_fields=["ended_at"])
    _store().delete(sign_in.session_key)
    journal.record(actor, "session.close", sign_in.user, now=now, note=str(sign_in))


def close_sessions(*, actor: Actor, now: datetime, user: User, except_key: str = "") -> int:
    """End all of a person's sessions, or all but the one he is using; returns how many."""
    open_ones = SignIn.objects.filter(user=user, ended_at=None).exclude(session_key=except_key)
    rows = list(open_ones)
    for row in rows:
        close_session(actor=actor, now=now, sign_in=row)
    return len(rows)


def end_sign_in(*, session_key: str, now: datetime) -> None:
    """The person signed out by himself."""
    SignIn.objects.filter(session_key=session_key, ended_at=None).update(ended_at=now)


def move_sign_in(*, old: str, new: str) -> None:
    """The same session goes on under a new key, as after a change of password."""
    SignIn.objects.filter(session_key=old, ended_at=None).update(session_key=new)


def see(*, session_key: str, now: datetime) -> None:
    """The session was used just now."""
    SignIn.objects.filter(session_key=session_key, ended_at=None).update(seen_at=now)


def living(rows: Sequence[SignIn], at: datetime) -> list[SignIn]:
    """Those still signed in at `at` by the machine's clock: sessions also end by their age."""
    keys = [row.session_key for row in rows]
    alive = Session.objects.filter(pk__in=keys, expire_date__gt=at)
    living_keys = set(alive.values_list("pk", flat=True))
    return [row for row in rows if row.session_key in living_keys]


def _store(key: str | None = None) -> SessionBase:
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return store
