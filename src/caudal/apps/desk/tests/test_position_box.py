"""The box of a position: what it reads, what it says, and a geocoder asked over a real socket."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from caudal.apps.customers.models import Customer

NEW = "/customers/new/"
ROMA = {"lat": "19.4186", "lon": "-99.1620", "display_name": "Álvaro Obregón 12, Roma Norte"}


@dataclass
class Map:
    """A Nominatim of our own: what it answers next, and what it was asked."""

    url: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def answer(self, rows: object, status: int = 200) -> None:
        self.answers.append((status, json.dumps(rows).encode()))


@pytest.fixture
def nominatim(settings: Any) -> Iterator[Map]:
    told = Map()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            told.paths.append(parts.path)
            told.asked.append({name: texts[0] for name, texts in parse_qs(parts.query).items()})
            status, body = told.answers.pop(0) if told.answers else (200, b"[]")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    settings.GEOCODER_URL = told.url
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def owner(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


def asked(owner: Client, page: dict[str, Any], what: str, url: str = NEW) -> str:
    answer = owner.post(url, page | {"refresh": what}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "76F2CVC8+R8",
        "19°25'19.0\"N 99°08'02.9\"W",
        "https://www.google.com/maps/place/X/@19.5,-99.5,17z/data=!3d19.421944!4d-99.134139",
        "https://waze.com/ul?ll=19.421944,-99.134139",
    ],
)
def test_what_only_the_server_can_read_comes_back_as_coordinates(
    owner: Client, page: dict[str, Any], typed: str
) -> None:
    shown = asked(owner, page | {"position": typed}, "position")
    spot = shown.split('data-spot="')[1].split('"')[0]
    latitude, longitude = (Decimal(part) for part in spot.split(", "))
    assert abs(latitude - Decimal("19.4219")) < Decimal("0.001")
    assert abs(longitude + Decimal("99.134")) < Decimal("0.001")
    owner.post(NEW, page | {"position": typed})
    assert Customer.objects.get().latitude == latitude


def test_a_short_code_is_looked_for_around_the_customers_of_the_zone(
    owner: Client, page: dict[str, Any], customer: Customer
) -> None:
    typed = page | {"position": "CVC8+R8 Ciudad de México", "address": "Otra 5"}
    assert "position" in owner.post(NEW, typed).context["form"].errors
    Customer.objects.update(latitude=Decimal("19.40"), longitude=Decimal("-99.20"))
    owner.post(NEW, typed)
    made = Customer.objects.get(name="María Peña")
    assert (round(made.latitude or 0, 3), round(made.longitude or 0, 3)) == (
        Decimal("19.422"),
        Decimal("-99.134"),
    )


def test_a_short_link_is_refused_with_what_to_do(owner: Client, page: dict[str, Any]) -> None:
    typed = page | {"position": "https://maps.app.goo.gl/AbCdEf"}
    short = owner.post(NEW, typed).context["form"].errors["position"][0]
    nothing = owner.post(NEW, page | {"position": "por ahí"}).context["form"].errors["position"][0]
    assert short != nothing
    assert not Customer.objects.exists()


def test_an_address_is_looked_for_where_the_setting_says(
    owner: Client, page: dict[str, Any], nominatim: Map
) -> None:
    assert 'refresh": "geocode"' in owner.get(NEW).content.decode()
    nominatim.answer([ROMA, {"lat": "no", "lon": "es"}, {"lat": "95", "lon": "0"}])
    shown = asked(owner, page | {"city": "Cuauhtémoc"}, "geocode")
    assert 'data-place="19.418600, -99.162000"' in shown and "Roma Norte" in shown
    assert shown.count("data-place") == 1
    assert nominatim.paths == ["/search"]
    question = nominatim.asked[0]
    assert question["q"] == "Calle #12, Colonia Centro, Cuauhtémoc"
    assert (question["countrycodes"], question["format"]) == ("mx", "jsonv2")


def test_what_the_map_does_not_know_is_asked_without_the_neighbourhood(
    owner: Client, page: dict[str, Any], nominatim: Map, customer: Customer
) -> None:
    nominatim.answer([])
    nominatim.answer([ROMA])
    typed = page | {"neighbourhood": "Roma", "city": "CDMX"}
    shown = asked(owner, typed, "geocode", f"/customers/{customer.pk}/edit/")
    assert "data-place" in shown
    assert [each["q"] for each in nominatim.asked] == [
        "Calle #12, Colonia Centro, Roma, CDMX",
        "Calle #12, Colonia Centro, CDMX",
    ]
    assert "field-errors" in asked(owner, page, "geocode")


@pytest.mark.parametrize(
    ("status", "body"), [(403, b"[]"), (500, b""), (200, b"<html>"), (200, b"{}")]
)
def test_a_geocoder_that_fails_is_told_beside_the_box(
    owner: Client, page: dict[str, Any], nominatim: Map, status: int, body: bytes
) -> None:
    nominatim.answers.append((status, body))
    shown = asked(owner, page, "geocode")
    assert "field-errors" in shown and "data-place" not in shown


def test_a_geocoder_that_is_off_is_told_beside_the_box(
    owner: Client, page: dict[str, Any], settings: Any
) -> None:
    settings.GEOCODER_URL = "http://127.0.0.1:1/search?key=abc"
    assert "field-errors" in asked(owner, page, "geocode")
    settings.GEOCODER_URL = ""
    assert "field-errors" not in asked(owner, page, "geocode")
    assert 'refresh": "geocode"' not in owner.get(NEW).content.decode()


def test_a_key_in_the_setting_goes_along(
    owner: Client, page: dict[str, Any], nominatim: Map, settings: Any
) -> None:
    settings.GEOCODER_URL = f"{nominatim.url}/v1/search?key=abc"
    nominatim.answer([ROMA])
    asked(owner, page, "geocode")
    assert (nominatim.paths, nominatim.asked[0]["key"]) == (["/v1/search"], "abc")
