"""What a router redirects arrives with the Host of the site that the customer wanted."""

import pytest
from django.test import Client

NOTICE = "http://10.0.0.5:8010/aviso/"


@pytest.fixture
def stranded(settings) -> Client:
    settings.NOTICE_URL = NOTICE
    settings.ALLOWED_HOSTS = ["isp.example", "10.0.0.5"]
    return Client()


@pytest.mark.parametrize(
    "host", ["www.noticias.example", "1.2.3.4:80", "[2001:db8::1]", "xn--p1ai"]
)
def test_any_foreign_page_leads_to_the_notice_and_is_not_remembered(
    stranded: Client, host: str
) -> None:
    answer = stranded.get("/portada?x=1", headers={"host": host})
    assert (answer.status_code, answer["Location"]) == (302, NOTICE)
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_what_a_program_sends_elsewhere_is_refused_in_one_word(stranded: Client) -> None:
    answer = stranded.post("/api", {"secret": "x"}, headers={"host": "app.example"})
    assert (answer.status_code, answer.content) == (511, b"")


@pytest.mark.parametrize("host", ["isp.example", "10.0.0.5:8010"])
def test_our_own_pages_are_left_alone(db: None, stranded: Client, host: str) -> None:
    assert stranded.get("/staff/login/", headers={"host": host}).status_code == 200


def test_without_an_address_of_the_page_nothing_is_redirected(settings) -> None:
    settings.NOTICE_URL = settings.PUBLIC_URL = ""
    settings.ALLOWED_HOSTS = ["isp.example"]
    assert Client().get("/", headers={"host": "otra.example"}).status_code == 400


def test_the_page_is_under_the_public_address_where_no_other_is_said(settings) -> None:
    settings.NOTICE_URL, settings.PUBLIC_URL = "", "https://isp.example/"
    settings.ALLOWED_HOSTS = ["isp.example"]
    answer = Client().get("/", headers={"host": "otra.example"})
    assert answer["Location"] == "https://isp.example/aviso/"
