"""Why services are suspended, kept by an undo and opened again."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from caudal.apps.customers.actions.services import suspend
from caudal.apps.customers.models import Customer, Service, ServiceState
from caudal.apps.staff.actor import Actor

CAN_BE_SUSPENDED = (ServiceState.ACTIVE, ServiceState.SUSPENDED)


def reasons_of(service: Service) -> list[dict[str, Any]]:
    """The open reasons of a service, as an undo keeps them."""
    rows = service.suspensions.filter(closed_at=None).order_by("opened_at", "pk")
    names = ("service", "reason", "note", "trace", "is_automatic")
    return list(rows.values(*names))


def reopen(
    *,
    actor: Actor,
    now: datetime,
    today: date,
    customer: Customer,
    reasons: Iterable[Mapping[str, Any]],
) -> int:
    """Suspend again for reasons that `reasons_of` kept; how many were opened."""
    opened = 0
    for kept in reasons:
        service = customer.services.filter(pk=kept["service"], state__in=CAN_BE_SUSPENDED).first()
        if service is None:
            continue
        opened += suspend(
            actor=actor, now=now, today=today, service=service, reason=kept["reason"],
            note=kept["note"], trace=kept["trace"], automatic=kept["is_automatic"],
        )  # fmt: skip
    return opened
