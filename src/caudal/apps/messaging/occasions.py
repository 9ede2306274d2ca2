"""The occasions on which customers are told something, and what each may say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Context = Mapping[str, Any]
"""Plain values by name: texts, numbers, Decimal amounts, dates, and mappings or lists of them.

`currency` (three letters) says how amounts are written.
"""


class Occasion(models.TextChoices):
    INVOICE_ISSUED = "invoice_issued", _("Invoice issued")
    PAYMENT_REMINDER = "payment_reminder", _("Payment reminder")
    CUT_NOTICE = "cut_notice", _("Service cut")
    SERVICE_RESTORED = "service_restored", _("Service restored")
    PAYMENT_RECEIPT = "payment_receipt", _("Payment received")
    PAYMENT_REJECTED = "payment_rejected", _("Reported payment rejected")
    WELCOME = "welcome", _("Welcome")
    OUTAGE_BEGUN = "outage_begun", _("Outage: it began")
    OUTAGE_ENDED = "outage_ended", _("Outage: it is over")
    DEVICE_DOWN = "device_down", _("Device down (to the staff)")
    DEVICE_UP = "device_up", _("Device back (to the staff)")
    DEVICE_POOR = "device_poor", _("Device slow or lossy (to the staff)")
    DEVICE_FAIR = "device_fair", _("Device answers well again (to the staff)")
    PROMISE_GIVEN_UP = "promise_given_up", _("Cut not done after a promise (to the company)")
    ROUTER_ALARM = "router_alarm", _("Router alarm (to the owner)")
    ROUTER_RECOVERED = "router_recovered", _("Router recovered (to the owner)")


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that templates may use, what it is, and an example for the preview."""

    name: str
    label: str | Promise
    sample: Any


_PEOPLE = (
    Variable("customer.name", _("Customer's name"), "María Peña Núñez"),
    Variable("customer.code", _("Customer's code"), "000123"),
    Variable("customer.address", _("Customer's address"), "Calle Juárez #12"),
    Variable("company.name", _("Company's name"), "Red Andina"),
    Variable("company.phone", _("Company's phone"), "55 1234 5678"),
    Variable("company.email", _("Company's e-mail"), "hola@redandina.example"),
    Variable("balance", _("What the customer owes"), Decimal("250.00")),
)
_INVOICE = (
    Variable("invoice.number", _("Number of the invoice"), "A102"),
    Variable("invoice.total", _("Total of the invoice"), Decimal("250.00")),
    Variable("invoice.remaining", _("Still to pay of the invoice"), Decimal("250.00")),
    Variable("invoice.emission", _("Date of the invoice"), date(2026, 7, 28)),
    Variable("invoice.due", _("Last day to pay"), date(2026, 8, 1)),
    Variable("invoice.cut", _("Day of the cut"), date(2026, 8, 5)),
)
_SERVICE = (
    Variable("service.plan", _("Plan"), "Básico 10Mb"),
    Variable("service.address", _("IP address"), "10.20.0.15"),
)
_PAYMENT = (
    Variable("payment.number", _("Number of the receipt"), "R87"),
    Variable("payment.amount", _("Amount paid"), Decimal("250.00")),
    Variable("payment.paid_on", _("Day of the payment"), date(2026, 7, 30)),
    Variable("payment.method", _("Form of payment"), "Efectivo"),
)
_REPORT = (
    Variable("report.amount", _("Amount that the customer reported"), Decimal("250.00")),
    Variable("report.paid_on", _("Day on which he says he paid"), date(2026, 7, 30)),
    Variable("report.reference", _("Reference that he gave"), "SPEI 889911"),
    Variable("report.reason", _("Why it was rejected"), "El depósito no aparece en el banco."),
)
_PROMISE = (
    Variable("promise.until", _("Day of the promise"), date(2026, 7, 10)),
    Variable("promise.last_day", _("Last day on which the cut was tried"), date(2026, 7, 15)),
    Variable("promise.attempts", _("Tries to cut"), 6),
)
_ROUTER = (
    Variable("router.name", _("Router"), "Torre Norte"),
    Variable("router.host", _("Address of the router"), "10.0.0.1"),
    Variable("router.since", _("Since when"), "5/7/2026 14:30"),
    Variable("router.trouble", _("What is the matter"), "El router no responde."),
    Variable("router.waiting", _("Changes that wait"), 12),
    Variable("company.name", _("Company's name"), "Red Andina"),
)
_OUTAGE = (
    Variable("outage.title", _("What fails"), "Torre Norte"),
    Variable("outage.cause", _("Cause of the outage"), "Corte de energía en la torre."),
    Variable("outage.since", _("Since when"), "05/07/2026 14:10"),
    Variable("outage.until", _("Until when, once it is over"), "05/07/2026 18:40"),
    Variable("outage.hours", _("Hours that it lasted"), 5),
)
_DEVICE = (
    Variable("device.name", _("Name of the device"), "Torre Norte – sector 1"),
    Variable("device.kind", _("Kind of device"), "Punto de acceso"),
    Variable("device.address", _("Address of the device"), "10.0.0.12"),
    Variable("device.site", _("Site of the device"), "Torre Norte"),
    Variable("device.since", _("Since when"), "05/07/2026 14:10"),
    Variable("device.until", _("Until when, once it is over"), "05/07/2026 18:40"),
    Variable("device.minutes", _("Minutes that it lasted"), 270),
    Variable("device.customers", _("Customers behind it"), 42),
)
_QUALITY = (
    Variable("device.latency", _("Milliseconds until it answers"), 320),
    Variable("device.loss", _("Percentage of lost pings"), 30),
    Variable("device.signal", _("Signal in dBm, where it is read"), -81),
)

VARIABLES: dict[str, tuple[Variable, ...]] = {
    Occasion.INVOICE_ISSUED: (*_PEOPLE, *_INVOICE),
    Occasion.PAYMENT_REMINDER: (*_PEOPLE, *_INVOICE),
    Occasion.CUT_NOTICE: (*_PEOPLE, *_INVOICE, *_SERVICE),
    Occasion.SERVICE_RESTORED: (*_PEOPLE, *_SERVICE),
    Occasion.PAYMENT_RECEIPT: (*_PEOPLE, *_PAYMENT),
    Occasion.PAYMENT_REJECTED: (*_PEOPLE, *_REPORT),
    Occasion.WELCOME: (*_PEOPLE, *_SERVICE),
    Occasion.OUTAGE_BEGUN: (*_PEOPLE, *_SERVICE, *_OUTAGE),
    Occasion.OUTAGE_ENDED: (*_PEOPLE, *_SERVICE, *_OUTAGE),
    Occasion.DEVICE_DOWN: _DEVICE,
    Occasion.DEVICE_UP: _DEVICE,
    Occasion.DEVICE_POOR: (*_DEVICE, *_QUALITY),
    Occasion.DEVICE_FAIR: (*_DEVICE, *_QUALITY),
    Occasion.PROMISE_GIVEN_UP: (*_PEOPLE, *_PROMISE),
    Occasion.ROUTER_ALARM: _ROUTER,
    Occasion.ROUTER_RECOVERED: _ROUTER,
}
"""What whoever leaves a message of the occasion puts in its context."""


def sample(occasion: str) -> dict[str, Any]:
    """An example context of the occasion, for previews."""
    found: dict[str, Any] = {"currency": "MXN"}
    for variable in VARIABLES[occasion]:
        place = found
        *path, last = variable.name.split(".")
        for part in path:
            place = place.setdefault(part, {})
        place[last] = variable.sample
    return found
