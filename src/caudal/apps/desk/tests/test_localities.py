"""The operator's localities complete addresses; they come one by one or out of a file."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caudal.apps.clock.now import now
from caudal.apps.customers.actions.localities import save_locality
from caudal.apps.customers.models import Locality
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import JournalEntry

SEPOMEX = (
    "El Catálogo Nacional de Códigos Postales, es elaborado por Correos de México\n"
    "d_codigo|d_asenta|d_tipo_asenta|D_mnpio|d_estado|d_ciudad|d_CP\n"
    "06700|Roma Norte|Colonia|Cuauhtémoc|Ciudad de México|Ciudad de México|06002\n"
    "06760|Roma Sur|Colonia|Cuauhtémoc|Ciudad de México|Ciudad de México|06002\n"
    "06700|Roma Norte|Colonia|Cuauhtémoc|Ciudad de México|Ciudad de México|06002\n"
)


@pytest.fixture
def owner(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


def known(code: str, neighbourhood: str, city: str, state: str = "") -> Locality:
    row = Locality(postal_code=code, neighbourhood=neighbourhood, city=city, state=state)
    return save_locality(actor=Actor.system("test"), now=now(), locality=row)


def offered(owner: Client, **query: str) -> str:
    return owner.get("/localities/suggest/", query).content.decode()


def take(owner: Client, content: bytes, name: str = "cp.txt") -> str:
    file = SimpleUploadedFile(name, content)
    return owner.post("/localities/file/", {"file": file}, follow=True).content.decode()


def test_a_postal_code_offers_its_neighbourhoods_and_fills_what_they_share(owner: Client) -> None:
    known("06700", "Roma Norte", "Cuauhtémoc", "CDMX")
    known("06700", "La Romita", "Cuauhtémoc", "CDMX")
    known("50000", "Centro", "Toluca", "México")
    found = offered(owner, field="postal_code", text="06700")
    assert "Roma Norte" in found and "La Romita" in found and "Toluca" not in found
    assert "&quot;state&quot;: &quot;CDMX&quot;" in found.split("</button>")[0]
    shared = found.split('data-shared="')[1].split('"')[0]
    assert "Cuauht" in shared and "Romita" not in shared
    assert "Roma Norte" in offered(owner, field="postal_code", text="067")


def test_a_neighbourhood_is_found_without_accents_and_within_its_postal_code(
    owner: Client,
) -> None:
    known("06700", "Peñón Norte", "Cuauhtémoc")
    known("50000", "Peñón", "Toluca")
    assert "Toluca" in offered(owner, field="neighbourhood", text="penon")
    found = offered(owner, field="neighbourhood", text="penon", postal_code="06700")
    assert "Cuauht" in found and "Toluca" not in found
    assert "button" not in offered(owner, field="neighbourhood", text="p")
    assert "button" not in offered(owner, field="name", text="penon")


def test_a_city_is_offered_once_and_fills_its_state(owner: Client) -> None:
    known("50000", "Centro", "Toluca", "México")
    known("50010", "Norte", "Toluca", "México")
    found = offered(owner, field="city", text="tolu")
    assert found.count("<button") == 1
    assert "postal_code" not in found


def test_the_post_offices_file_is_taken_as_it_comes_and_twice_is_once(owner: Client) -> None:
    shown = take(owner, SEPOMEX.encode("latin-1"))
    assert "06760" in shown
    rows = Locality.objects.order_by("postal_code").values_list(
        "postal_code", "neighbourhood", "city", "state"
    )
    assert list(rows) == [
        ("06700", "Roma Norte", "Cuauhtémoc", "Ciudad de México"),
        ("06760", "Roma Sur", "Cuauhtémoc", "Ciudad de México"),
    ]
    take(owner, SEPOMEX.encode())
    assert Locality.objects.count() == 2
    assert JournalEntry.objects.get(verb="locality.take").after == {"rows": 2}


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_made_by_hand_is_read_by_the_names_of_its_columns(
    owner: Client, separator: str
) -> None:
    lines = [["Distrito", "Departamento", "Barrio"], ["Miraflores", "Lima", "San Antonio"]]
    lines += [["", "Lima", "Sin distrito"]]
    take(owner, "\n".join(separator.join(line) for line in lines).encode(), "barrios.csv")
    row = Locality.objects.get()
    assert (row.city, row.state, row.neighbourhood) == ("Miraflores", "Lima", "San Antonio")


@pytest.mark.parametrize(
    "content", [b"nombre;telefono\nAna;5512345678\n", b"", b"\x89PNG\r\n\x1a\n"]
)
def test_a_file_without_cities_is_refused_in_words(owner: Client, content: bytes) -> None:
    answer = owner.post("/localities/file/", {"file": SimpleUploadedFile("a.csv", content)})
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not Locality.objects.exists()


def test_localities_are_added_changed_and_removed_on_their_page(owner: Client) -> None:
    typed = {"postal_code": "06700", "neighbourhood": "Roma  Norte", "city": "Cuauhtémoc"}
    assert owner.post("/localities/new/", typed).status_code == 302
    row = Locality.objects.get()
    assert row.neighbourhood == "Roma Norte"
    twin = owner.post("/localities/new/", typed | {"neighbourhood": "Roma Norte "})
    assert twin.context["form"].errors
    owner.post(f"/localities/{row.pk}/", typed | {"state": "CDMX"})
    assert "CDMX" in owner.get("/localities/", {"q": "roma cdmx"}).content.decode()
    owner.post(f"/localities/{row.pk}/remove/")
    assert not Locality.objects.exists()


def test_only_who_configures_customers_fills_the_table(client_as: Callable[..., Client]) -> None:
    seller = client_as("seller")
    assert seller.get("/localities/").status_code == 403
    assert seller.get("/localities/suggest/", {"field": "city", "text": "to"}).status_code == 200


def test_the_list_asks_the_same_however_long_it_is(
    owner: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(60):
        known(f"{number:05}", "Centro", "Toluca")
    owner.get("/localities/")
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        owner.get("/localities/")
