"""What the catalog's four lists show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company, Plan, Product, Tax
from caudal.web.money import format_money
from caudal.web.speeds import format_kbps
from caudal.web.table import Column


@dataclass(frozen=True)
class Shelf:
    key: str
    model: type[Model]
    title: str | Promise
    new_title: str | Promise
    icon: str
    empty: str | Promise
    """What the empty list says that these rows are for."""
    columns: tuple[Column, ...]


def _price(row: Any) -> str:
    return format_money(row.price, row.currency)


def _speed(row: Any) -> str:
    return f"{format_kbps(row.down_kbps)} / {format_kbps(row.up_kbps)}"


NAME = Column("name", _("Name"), sort=("name",), template="catalog/_name.html")
PRICE = Column("price", _("Price"), sort=("price", "name"), css="number", value=_price)
STATE = Column("is_active", _("State"), template="catalog/_state.html")

PLANS = Shelf(
    "plans",
    Plan,
    _("Plans"),
    _("New plan"),
    "gauge",
    _("A plan is the speed and price that a service has."),
    (
        NAME,
        Column("get_technology_display", _("Technology"), sort=("technology", "name")),
        Column("down_kbps", _("Download / upload"), sort=("down_kbps", "name"), value=_speed),
        PRICE,
        STATE,
    ),
)
PRODUCTS = Shelf(
    "products",
    Product,
    _("Products"),
    _("New product"),
    "package",
    _("Installation, equipment, television: anything else on an invoice."),
    (NAME, Column("description", _("Description")), PRICE, STATE),
)
COMPANIES = Shelf(
    "companies",
    Company,
    _("Companies"),
    _("New company"),
    "building",
    _("The company gives its name, taxes and numbers to invoices."),
    (
        NAME,
        Column("tax_id", _("Tax number")),
        Column("currency", _("Currency")),
        Column("get_tax_mode_display", _("Taxes")),
        STATE,
    ),
)
TAXES = Shelf(
    "taxes",
    Tax,
    _("Taxes"),
    _("New tax"),
    "percentage",
    _("A rate and its name, such as IVA 16 %."),
    (
        NAME,
        Column("rate", _("Rate"), css="number", value=lambda tax: f"{tax.rate.normalize():f} %"),
        STATE,
    ),
)
SHELVES = (PLANS, PRODUCTS, COMPANIES, TAXES)
