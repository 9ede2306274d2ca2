"""Every number of the churn report leads to exactly the services that it counts."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer
from caudal.apps.reports import services
from caudal.apps.reports.drilling import KINDS
from caudal.apps.reports.tests.town import CLERK, Town, at
from caudal.apps.staff.models import Branch, User

ClientAs = Callable[..., Client]
WHOLE = "first=2025-10&last=2026-07"


def counted(client: Client, address: str) -> int:
    """How many the page says there are, and lists."""
    answer = client.get(address)
    assert answer.status_code == 200
    [told] = re.findall(r'data-count="(\d+)"', answer.content.decode())
    rows = b"".join(
        client.get(address.replace("/services/", "/services.csv")).streaming_content  # type: ignore[attr-defined]
    ).decode()
    assert rows.count("\r\n") - 1 == int(told)
    return int(told)


@pytest.mark.parametrize("by", ["plan", "zone", "seller", "branch"])
def test_months_and_parts_lead_to_as_many_services_as_they_count(
    town: Town, client_as: ClientAs, by: str
) -> None:
    Branch.objects.create(name="Centro").zones.add(town.zones[0])
    town.live(24)
    town.suspend(town.service(date(2026, 1, 2)), date(2026, 2, 3))
    page = client_as("owner").get(f"/reports/churn/?{WHOLE}&by={by}")
    client, looked = client_as("owner"), 0
    for _name, row, links in [*page.context["months"], *page.context["parts"]]:
        for kind in KINDS:
            assert counted(client, links[kind]) == getattr(row, kind), (by, _name, kind)
            looked += getattr(row, kind)
    assert looked > 40


def test_reasons_lead_to_the_services_that_left_for_them(town: Town, client_as: ClientAs) -> None:
    town.live(24)
    cut = town.service(date(2026, 1, 2))
    town.suspend(cut, date(2026, 2, 3), "manual", "Obra en su casa")
    town.suspend(town.service(date(2026, 1, 2)), date(2026, 2, 3), "manual", "obra en su casa.")
    town.suspend(town.service(date(2026, 1, 2)), date(2026, 2, 4), "hold", "Vacaciones")
    client = client_as("owner")
    page = client.get(f"/reports/churn/?{WHOLE}")
    left, held = page.context["left_for"], page.context["suspended_for"]
    assert len(left) == 3
    assert [count for _label, count, _link in held] == [2, 1]
    for _label, count, link in [*left, *held]:
        assert counted(client, link) == count


def test_old_texts_count_as_the_reason_they_were_merged_into(
    town: Town, client_as: ClientAs, owner: User
) -> None:
    for day, text in enumerate(
        ("Se mudó", "se fue a otra ciudad", "Precio", "Se mudó: a Puebla"), 1
    ):
        town.cancel(town.service(date(2025, 1, 1)), date(2026, 5, day), text)
    back = town.service(date(2025, 1, 1))
    town.cancel(back, date(2026, 5, 9), "MUDANZA")
    town.back(back, date(2026, 6, 9))
    cause = actions.create_cause(
        actor=CLERK, now=at(date(2026, 7, 1)), use="cancel", name="Se mudó"
    )
    client = client_as("owner")
    texts = {"texts": ["se fue a otra ciudad", "mudanza"], "cause": cause.pk}
    client.post("/customers/causes/cancel/merge/", texts)
    page = client.get(f"/reports/churn/?{WHOLE}")
    assert [(label, count) for label, count, _ in page.context["left_for"]] == [
        ("Se mudó", 4), ("Precio", 1),
    ]  # fmt: skip
    assert counted(client, page.context["left_for"][0][2]) == 4
    actions.rename_cause(actor=CLERK, now=at(date(2026, 7, 1)), cause=cause, name="Mudanza lejana")
    answer = client.get(f"/api/v1/reports/churn/?{WHOLE}").json()
    assert answer["cancelled_for"][0] == {
        "key": f"cause-{cause.pk}", "reason": "Mudanza lejana", "cause": cause.pk, "services": 4,
    }  # fmt: skip
    listed = client.get(
        f"/api/v1/reports/churn/services/?from=2026-05-01&to=2026-05-31&why=cause-{cause.pk}"
    ).json()
    assert listed["count"] == 4
    assert {row["reason"] for row in listed["results"]} == {"Mudanza lejana"}
    assert Customer.objects.filter(services__cancel_reason="se fue a otra ciudad").exists()


def test_pages_hold_each_service_once_and_ask_a_fixed_number_of_queries(
    town: Town, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("owner")
    monkeypatch.setattr(services, "PAGE", 4)
    address = "/reports/churn/services/?what=activations&from=2025-10-01&to=2026-07-31"

    def asked(page: int) -> tuple[int, list[Any]]:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"{address}&page={page}")
        return len(captured), [move.service for move, *_more in answer.context["rows"]]

    for _n in range(4):
        town.service(date(2026, 1, 2))
    asked(1)
    few = asked(1)[0]
    for _n in range(6):
        town.service(date(2026, 1, 2))
    assert asked(1)[0] == few
    pages = [asked(page)[1] for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [4, 4, 2]
    assert len({key for page in pages for key in page}) == 10
    assert asked(99)[1] == pages[2]


def test_only_what_a_person_sees_is_listed(
    town: Town, client_as: ClientAs, user_with_role: Callable[..., User]
) -> None:
    town.service(date(2026, 1, 2))
    manager = client_as("manager")
    branch = Branch.objects.create(name="Otra")
    town.zones[0].branch = branch
    town.zones[0].save()
    User.objects.filter(username="manager").update(branch_ids=[branch.pk + 1])
    address = "/reports/churn/services/?what=activations&from=2025-10-01&to=2026-07-31"
    assert counted(manager, address) == 0
    assert counted(client_as("owner"), address) == 1


@pytest.mark.parametrize(
    "query", ["what=x", "from=x&to=y", "plan=a", "zone=99999999999999999999", "why=nothing",
              "page=x", "page=-1", "from=2027-01-01&to=2026-01-01", "seller=none"],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_error(town: Town, client_as: ClientAs, query: str) -> None:
    town.live(3)
    client = client_as("owner")
    assert client.get(f"/reports/churn/services/?{query}").status_code == 200
    assert client.get(
        f"/api/v1/reports/churn/services/?{query.replace('page=-1', '')}"
    ).status_code in (200, 404)
