"""Everything that a cell may name, looked up once for many rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Customer, Tag, Zone
from caudal.apps.network.models import Pool, Router
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.updates.words import Wrong, nobody
from caudal.core.addressing import ip_interface_address
from caudal.core.text import fold, key


class Named:
    """Rows of one table by their name, however it is spelled."""

    def __init__(self, rows: Iterable[Model], what: object, attributes: Iterable[str]) -> None:
        self.what = what
        self._exact: dict[str, Any] = {}
        self._loose: dict[str, list[Any]] = defaultdict(list)
        names = list(attributes)
        for row in rows:
            for text in {str(getattr(row, name)) for name in names}:
                self._exact.setdefault(fold(text), row)
                self._loose[key(text)].append(row)

    def find(self, text: str) -> Any:
        """Raises Wrong where nobody, or more than one, is called so."""
        if exact := self._exact.get(fold(text)):
            return exact
        found = self._loose.get(key(text), []) if key(text) else []
        if len(found) > 1:
            raise Wrong(_("Several are called “%(name)s”.") % {"name": text[:60]})
        if not found:
            raise nobody(self.what, text)
        return found[0]


@dataclass(slots=True)
class Known:
    """Tables by name, and how the file writes dates."""

    plans: Named
    routers: Named
    tables: dict[type[Model], Named]
    """What fields of a customer lead to."""
    tags: Named
    pools: dict[int, list[Pool]]
    month_first: bool = False

    @classmethod
    def now(cls, user: User, *, month_first: bool = False) -> "Known":
        """What this person may choose from; one query per table."""
        pools: dict[int, list[Pool]] = defaultdict(list)
        for pool in Pool.objects.order_by("id"):
            pools[pool.router_id].append(pool)
        plans = Plan.objects.filter(is_active=True)
        return cls(
            Named(plans, Plan._meta.verbose_name, ["name"]),
            _table(user, Router),
            {model: _table(user, model) for model in related_models()},
            Named(Tag.objects.filter(archived_at=None), Tag._meta.verbose_name, ["name"]),
            dict(pools),
            month_first,
        )

    def row(self, model: type[Model], text: str) -> Any:
        return self.tables[model].find(text)

    def pool(self, router: Router, address: str) -> Pool | None:
        """The pool of the router that holds the address."""
        wanted = ip_interface_address(address)
        pools = self.pools.get(router.pk, [])
        return next((pool for pool in pools if wanted in pool.addresses()), None)


def related_models() -> list[type[Model]]:
    """The tables that fields of a customer lead to, each once."""
    fields = (field for field in Customer._meta.concrete_fields if field.is_relation)
    return list(dict.fromkeys(field.related_model for field in fields))  # type: ignore[misc]


def _table(user: User, model: type[Model]) -> Named:
    rows: QuerySet[Any] = model._default_manager.all()
    names = {field.name for field in model._meta.concrete_fields}
    if "is_active" in names:
        rows = rows.filter(is_active=True)
    if model in (Zone, Router):
        rows = visible(user, rows)
    attributes = ["name", "username"] if model is User else ["name"]
    return Named(rows, model._meta.verbose_name, attributes)
