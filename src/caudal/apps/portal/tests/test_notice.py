"""The page of who is cut: what it tells to whom, and what it never tells."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import gettext, override

from caudal.apps.billing.tests.world import d
from caudal.apps.customers.models import Customer
from caudal.apps.dunning.tests.street import Street
from caudal.apps.network.models import Connection
from caudal.apps.portal.models import NoticePage
from caudal.apps.portal.reads import visitor_at
from caudal.apps.portal.tests.conftest import CUT, HERE

PAGE = "/aviso/"
SUSPENDED = "Your internet service is suspended"


def spanish(text: str) -> str:
    with override("es"):
        return gettext(text)


def test_who_is_cut_sees_what_he_owes_and_the_code_to_pay_with(
    ana: Customer, browser: Client
) -> None:
    answer = browser.get(PAGE)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert spanish(SUSPENDED) in page
    assert "300.00" in page and ana.code in page


def test_the_page_names_nobody(ana: Customer, browser: Client) -> None:
    page = browser.get(PAGE).content.decode()
    assert "Secreta" not in page and "Escondida" not in page and HERE not in page


def test_the_page_is_never_kept(ana: Customer, browser: Client) -> None:
    assert "no-store" in browser.get(PAGE)["Cache-Control"]


def test_a_stranger_sees_the_words_and_no_sum(ana: Customer) -> None:
    page = Client(REMOTE_ADDR="10.20.0.77").get(PAGE).content.decode()
    assert spanish(SUSPENDED) in page
    assert "300.00" not in page and ana.code not in page


def test_an_address_on_two_routers_tells_nobodys_debt(
    ana: Customer, street: Street, connect: Callable[..., Connection], browser: Client
) -> None:
    connect(street.customer(name="Otro"), router="Otra torre")
    page = browser.get(PAGE).content.decode()
    assert "300.00" not in page and ana.code not in page


def test_who_left_the_address_is_not_shown_to_who_has_it_now(
    ana: Customer, browser: Client
) -> None:
    Connection.objects.update(released_at="2026-07-07T00:00Z")
    assert ana.code not in browser.get(PAGE).content.decode()


def test_behind_our_proxy_the_customer_is_who_the_proxy_saw(ana: Customer, settings) -> None:
    proxy = Client(REMOTE_ADDR="127.0.0.1")
    forged = {"X-Forwarded-For": f"{HERE}, 10.20.0.77"}
    true = {"X-Forwarded-For": f"10.20.0.77, {HERE}"}
    assert ana.code not in proxy.get(PAGE, headers=true).content.decode()
    settings.BEHIND_PROXY = True
    assert ana.code in proxy.get(PAGE, headers=true).content.decode()
    assert ana.code not in proxy.get(PAGE, headers=forged).content.decode()


def test_who_owes_and_still_browses_is_reminded_on_his_days(
    street: Street, connect: Callable[..., Connection]
) -> None:
    connect(street.owing(may_be_cut=False))
    seen = {day: visitor_at(HERE, d(7, day)) for day in (4, 20)}
    assert {day: visitor.is_reminded for day, visitor in seen.items() if visitor} == {
        4: True,
        20: False,
    }


def test_a_company_words_the_page_and_her_sums_are_filled_in(
    ana: Customer, street: Street, browser: Client
) -> None:
    NoticePage.objects.create(
        company=street.company,
        headline="Hola desde {{ company }}",
        body="Debe {{ amount }}.\n<script>alert(1)</script>",
        how_to_pay="Cuenta 123, referencia {{ code }}",
        portal_url="https://pagos.example/",
    )
    page = browser.get(PAGE).content.decode()
    assert f"Hola desde {street.company.name}" in page
    assert "Debe $300.00" in page and f"referencia {ana.code}" in page
    assert 'href="https://pagos.example/"' in page
    assert "<script>alert" not in page


def test_a_company_may_keep_the_debt_to_herself(
    ana: Customer, street: Street, browser: Client
) -> None:
    NoticePage.objects.create(company=street.company, body="{{ amount }}", shows_debt=False)
    assert "300.00" not in browser.get(PAGE).content.decode()


def test_words_that_fail_give_way_to_the_usual_ones(
    ana: Customer, street: Street, browser: Client
) -> None:
    NoticePage.objects.create(company=street.company, body="{% if %}")
    assert spanish(SUSPENDED) in browser.get(PAGE).content.decode()


def test_the_logo_comes_within_the_page(
    ana: Customer, street: Street, browser: Client, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    street.company.logo = SimpleUploadedFile("logo.png", b"\x89PNG")
    street.company.save()
    assert "data:image/png;base64,iVBORw==" in browser.get(PAGE).content.decode()
    (tmp_path / street.company.logo.name).unlink()
    assert browser.get(PAGE).status_code == 200


def test_the_page_is_small_and_asks_little(
    ana: Customer, browser: Client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(4):
        answer = browser.get(PAGE)
    assert len(answer.content) < 8_000
    assert answer.content.count(b"src=") == 0


def test_an_installation_without_company_still_answers(db: None) -> None:
    answer = Client(REMOTE_ADDR=HERE).get(PAGE)
    assert answer.status_code == 503


@pytest.mark.parametrize(
    "state,words", [("cut", SUSPENDED), ("owes", "You have a payment to make")]
)
def test_staff_look_at_the_page_before_customers_do(
    street: Street, client_as: Callable[..., Client], state: str, words: str
) -> None:
    page = client_as("owner").get(f"/portal/pages/{street.company.pk}/preview/{state}/")
    assert spanish(words) in page.content.decode()
    assert client_as("cashier").get("/portal/pages/").status_code == 403


def test_staff_word_the_page_and_the_journal_tells(
    street: Street, client_as: Callable[..., Client]
) -> None:
    owner = client_as("owner")
    address = f"/portal/pages/{street.company.pk}/"
    rest = {"shows_debt": "on", "every_hours": 24, "for_seconds": 0}
    assert owner.get("/portal/pages/").status_code == 200
    wrong = owner.post(address, {"body": "{% if %}", **rest})
    assert wrong.status_code == 200 and not NoticePage.objects.exists()
    done = owner.post(address, {"body": "Pague {{ amount }}", **rest})
    assert done.status_code == 302
    again = owner.post(address, {"body": "Otra", **rest})
    assert again.status_code == 302
    assert NoticePage.objects.get().body == "Otra"


def test_cut_is_a_state_and_not_a_date(ana: Customer) -> None:
    visitor = visitor_at(HERE, CUT)
    assert visitor and visitor.is_cut and not visitor.is_reminded
