"""From a number of a report to the customers that it counts: addresses of the customers list."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from caudal.apps.reports.churn import Span

NAMED = {"seller": "salesperson"}
"""What the list calls a filter where it does not call it as reports do."""


def list_of(what: str, span: Span, narrowed: Mapping[str, Any]) -> str:
    """`what` is activations, suspensions or cancellations; `narrowed` maps filters to keys."""
    asked = {NAMED.get(name, name): key for name, key in narrowed.items() if key}
    return f"{reverse('desk:customers')}?{urlencode({**asked, **_asked(what, span)})}"


def _asked(what: str, span: Span) -> dict[str, str]:
    days = {"from": span.first.isoformat(), "to": span.last.isoformat(), "archived": "all"}
    name = {"activations": "started", "suspensions": "suspended", "cancellations": "cancelled"}[
        what
    ]
    return {f"{name}_from": days["from"], f"{name}_to": days["to"], "archived": "all"}
