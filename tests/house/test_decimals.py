"""Whoever types or sends a number with decimals meets the same rule, on every form and endpoint."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django import forms
from rest_framework import serializers
from rest_framework.serializers import ModelSerializer
from rest_framework.test import APIClient

import caudal.apps
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.actions import create_token
from caudal.apps.staff.actor import Actor
from caudal.core.cells import CellError, is_plain, read_amount
from caudal.web.decimals import SentDecimal, TypedDecimal

ONLY_SHOWN = {"DiscountSerializer", "TaxSerializer", "PlacemarkSerializer"}
"""Serializers that answer and never read."""
OURS = re.compile(r"caudal\.(?!.*\.tests\.)")
"""Modules of the product: other tests of the same process may have forms of their own."""
STRANGE = ("1_000", "1e3", "１２", "٣", "1,5", "1 000", "NaN", "Infinity", "--1", ".", "0x10")


def below(kind: type) -> Iterator[Any]:
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


def ours(kind: type) -> list[Any]:
    for module in pkgutil.walk_packages(caudal.apps.__path__, "caudal.apps."):
        if not {"tests", "migrations", "management"} & set(module.name.split(".")):
            importlib.import_module(module.name)
    found = [each for each in {*below(kind)} if OURS.match(each.__module__)]
    return [
        each for each in found if not issubclass(each, ModelSerializer) or hasattr(each, "Meta")
    ]


def test_every_form_types_its_decimals_by_the_one_rule() -> None:
    found = [
        f"{form.__name__}.{name}"
        for form in ours(forms.BaseForm)
        for name, field in form.base_fields.items()
        if isinstance(field, forms.DecimalField) and not isinstance(field, TypedDecimal)
    ]
    assert found == []


def test_every_endpoint_reads_its_decimals_by_the_one_rule() -> None:
    found = [
        f"{each.__name__}.{name}"
        for each in ours(serializers.Serializer)
        if each.__name__ not in ONLY_SHOWN
        for name, field in each().fields.items()
        if isinstance(field, serializers.DecimalField)
        and not (field.read_only or isinstance(field, SentDecimal))
    ]
    assert found == []


@pytest.mark.parametrize("text", STRANGE)
def test_what_is_no_plain_number_is_refused_in_words(text: str) -> None:
    typed = TypedDecimal(max_digits=12, decimal_places=2)
    sent = SentDecimal(max_digits=12, decimal_places=2)
    with pytest.raises(forms.ValidationError, match=r"1250\.50"):
        typed.clean(text)
    with pytest.raises(serializers.ValidationError, match=r"1250\.50"):
        sent.run_validation(text)


@pytest.mark.parametrize("text", ["0", "250", "250.", ".5", " 1250.50 ", "-3", "+3"])
def test_plain_numbers_are_read_as_they_are(text: str) -> None:
    typed = TypedDecimal(max_digits=12, decimal_places=2)
    assert is_plain(text.strip())
    assert typed.clean(text) == SentDecimal(max_digits=12, decimal_places=2).run_validation(text)


def test_cells_of_files_hold_no_digits_of_other_scripts() -> None:
    for text in ("１２", "1２.50", "$ ٣"):
        with pytest.raises(CellError):
            read_amount(text)


@pytest.mark.django_db
def test_a_payment_of_1_underscore_000_is_refused_on_the_screen_and_by_the_api(
    client_as: Callable[..., Any], user_with_role: Callable[..., Any], now: datetime
) -> None:
    till = Till()
    customer = till.customer(name="Ana")
    address = f"/payments/customers/{customer.pk}/new/"
    page = client_as("owner").post(address, {"amount": "1_000"})
    assert "1250.50" in page.content.decode()
    user = user_with_role("owner", "programa")
    _row, text = create_token(
        actor=Actor.system("test"), now=now, user=user, name="t",
        verbs=list(user.role.verbs), expires_at=None,
    )  # fmt: skip
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    sent = {"customer": customer.pk, "amount": "1_000"}
    answer = api.post("/api/v1/payments/", sent, format="json")
    assert answer.status_code == 400 and "1250.50" in answer.json()["amount"][0]
