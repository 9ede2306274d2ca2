"""How a company reads the billing rules: born with the usual ones, changed on one screen."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.catalog.actions import create_company, edit_rules
from caudal.apps.catalog.forms import RulesForm
from caudal.apps.catalog.models import BillingRules, Company
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import JournalEntry

CLERK = Actor.system("clerk")
pytestmark = pytest.mark.django_db


@pytest.fixture
def company(now: datetime) -> Company:
    return create_company(actor=CLERK, now=now, name="Río Net")


def test_a_company_has_rules_from_birth_and_reads_them_with_it(
    company: Company, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert Company.objects.get(pk=company.pk).rules.late_fee_timing == "once"
    company.phone = "55"
    company.save()
    assert BillingRules.objects.count() == 1


def posted(company: Company, **values: object) -> dict[str, object]:
    form = RulesForm(instance=company.rules)
    given = {name: form[name].value() for name in form.fields}
    given = {
        name: value for name, value in given.items() if value is not None and value is not False
    }
    return given | values


def test_the_screen_changes_the_rules_and_holidays_and_tells_the_journal(
    company: Company, client_as: Callable[..., Client]
) -> None:
    address = reverse("catalog:rules", args=[company.pk])
    browser = client_as("owner")
    page = browser.get(address)
    assert page.status_code == 200
    given = posted(
        company,
        late_fee_timing="every-cycle",
        no_cut_weekdays=["5", "6"],
        holidays="25/12/2026 Navidad\n2026-01-01 Año Nuevo\n",
    )
    answer = browser.post(address, given)
    assert answer.status_code == 302, answer.context["form"].errors
    rules = BillingRules.objects.get()
    assert (rules.late_fee_timing, rules.no_cut_weekdays) == ("every-cycle", [5, 6])
    days = company.holidays.values_list("on", "name")
    assert list(days) == [(date(2026, 1, 1), "Año Nuevo"), (date(2026, 12, 25), "Navidad")]
    (entry,) = JournalEntry.objects.filter(verb="company.rules")
    assert entry.after["late_fee_timing"] == "every-cycle"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("holidays", "Navidad"),
        ("late_fee_percent", "101"),
        ("promise_control_days", "32"),
        ("emission_guard", "sometimes"),
        ("notice_from_day", "0"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    company: Company, client_as: Callable[..., Client], field: str, value: str
) -> None:
    given = posted(company, **{field: value})
    page = client_as("owner").post(reverse("catalog:rules", args=[company.pk]), given)
    assert page.status_code == 200
    assert field in page.context["form"].errors


def test_every_reading_is_explained_and_says_which_is_usual(company: Company) -> None:
    form = RulesForm(instance=company.rules)
    for name, field in form.fields.items():
        if name in ("notice_to_day",):
            continue
        assert field.help_text, name
    columns = {field.name for field in BillingRules._meta.fields} - {"company"}
    assert columns <= set(form.fields)
    shown = {cell if isinstance(cell, str) else cell[0] for s in form.sections for cell in s.fields}
    assert shown == set(form.fields)


def test_only_who_may_edit_the_catalog_sees_them(
    company: Company, client_as: Callable[..., Client]
) -> None:
    page = client_as("cashier").get(reverse("catalog:rules", args=[company.pk]))
    assert page.status_code == 403


def test_rules_by_action_leave_the_holidays_alone(company: Company, now: datetime) -> None:
    given = {"actor": CLERK, "now": now, "rules": company.rules}
    edit_rules(**given, holidays=[(date(2026, 5, 1), "Trabajo")])
    edit_rules(**given, late_from="cut")
    assert company.holidays.count() == 1
    assert BillingRules.objects.get().late_from == "cut"
