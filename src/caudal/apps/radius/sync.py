"""Closing a session at the wish of a person: the only place of this room that asks a router."""

from datetime import datetime

from caudal.apps.network.sync.door import opened
from caudal.apps.radius.models import Session
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.access import Session as Live
from caudal.core.ports.access import Kick


def close_session(*, actor: Actor, now: datetime, session: Session) -> bool:
    """True if it was still there. Raises AccessError where the router does not do as asked."""
    if session.router is None or session.ended is not None:
        return False
    with opened(session.router) as driver:
        assert isinstance(driver, Kick)
        was_there = driver.kick(Live(session.username, session.address, ref=str(session.pk)))
    connection = session.connection
    customer = connection.service.customer_id if connection else None
    after = {"user": session.username, "address": session.address}
    record(actor, "radius.close", session, now=now, customer_id=customer, after=after)
    return was_there
