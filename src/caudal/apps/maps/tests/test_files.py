"""Files of positions: whom placemarks mean, what moves and comes back, what is refused."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from caudal.apps.bulk.models import BulkAct
from caudal.apps.clock.jobs import Run
from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer
from caudal.apps.maps import actions
from caudal.apps.maps.actions import claim, read_file
from caudal.apps.maps.files import reading
from caudal.apps.maps.files.reading import read_marks
from caudal.apps.maps.files.writing import Spot, geojson, kml
from caudal.apps.maps.jobs import read_files
from caudal.apps.maps.models import Placemark, PositionFile
from caudal.apps.maps.tests.conftest import OAXACA, Town
from caudal.apps.network.models import Site
from caudal.apps.staff.models import Role, User
from caudal.core.errors import RuleError

ClientAs = Callable[..., Client]
HEAD = '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'


def point(name: str, spot: str = "-96.7,17.1", code: str = "") -> str:
    data = f'<ExtendedData><Data name="Código"><value>{code}</value></Data></ExtendedData>'
    return (
        f"<Placemark><name>{name}</name>{data if code else ''}"
        f"<Point><coordinates>{spot},0</coordinates></Point></Placemark>"
    )


def kml_of(*marks: str) -> bytes:
    return f"{HEAD}<Folder>{''.join(marks)}</Folder></Document></kml>".encode()


def packed(content: bytes, name: str = "doc.kml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("images/pin.png", b"no picture")
        zipped.writestr(name, content)
    return file.getvalue()


def sent(client: Client, content: bytes, name: str = "torres.kml") -> Any:
    answer = client.post(reverse("maps:files"), {"file": SimpleUploadedFile(name, content)})
    read_files(Run(), now())
    return answer


def outcomes() -> dict[str, str]:
    return dict(Placemark.objects.values_list("name", "outcome"))


def apply(client: Client) -> BulkAct:
    query = f"file={PositionFile.objects.get().pk}"
    asked = {"act": "placemarks.move", "all": "1", "query": query}
    page = client.post("/bulk/", asked)
    key = page.context["key"]
    client.post("/bulk/", {**asked, "confirmed": "1", "key": str(key)})
    return BulkAct.objects.get(undoes=None)


def test_placemarks_mean_customers_by_code_or_name_and_sites_by_name(
    town: Town, client_as: ClientAs
) -> None:
    people = [town.customer(name) for name in ("José Peña", "Ana", "Ana", "Beto")]
    content = kml_of(
        point("x", "-96.1,17.1", code=people[1].code.lstrip("0")),
        point("josé  PEÑA", "-96.2,17.2"),
        point("Ana", "-96.3,17.3"),
        point(f"{people[3].code} - casa azul", "-96.4,17.4"),
        point("12 de octubre"),
        point("cerro", "-96.5,17.5"),
    )
    assert sent(client_as("owner"), content).status_code == 302
    assert outcomes() == {
        "x": "moves", "josé PEÑA": "moves", "Ana": "ambiguous",
        f"{people[3].code} - casa azul": "moves", "12 de octubre": "unknown", "cerro": "moves",
    }  # fmt: skip
    assert Placemark.objects.get(name="x").customer == people[1]
    assert Placemark.objects.get(name="cerro").site == town.site


def test_a_file_moves_nobody_until_it_is_said_and_is_taken_back_as_one(
    town: Town, client_as: ClientAs
) -> None:
    ana, beto = town.customer("Ana"), town.customer("Beto", placed=False)
    client = client_as("owner")
    sent(client, packed(kml_of(point("Ana"), point("Beto"), point("Cerro"))), "torres.kmz")
    page = client.get(reverse("maps:files"), {"file": PositionFile.objects.get().pk})
    assert "-96.720000" in page.content.decode() and "-96.700000" in page.content.decode()
    ana.refresh_from_db()
    assert ana.latitude == OAXACA[0]
    done = apply(client)
    assert set(done.rows.values_list("status", flat=True)) == {"done"}
    spots = {*Customer.objects.values_list("latitude", flat=True), Site.objects.get().latitude}
    assert spots == {Decimal("17.1")}
    Customer.objects.filter(pk=ana.pk).update(latitude="18.0")
    key = "11111111-1111-4111-8111-111111111111"
    client.post(reverse("bulk:undo", args=[done.pk]), {"key": key})
    beto.refresh_from_db()
    ana.refresh_from_db()
    assert (beto.latitude, Site.objects.get().latitude) == (None, OAXACA[0])
    assert ana.latitude == 18, "somebody moved her since: she stays"


def test_who_stands_there_or_comes_twice_is_not_moved(town: Town, client_as: ClientAs) -> None:
    ana = town.customer("Ana")
    town.customer("Beto")
    here = f"{ana.longitude},{ana.latitude}"
    content = kml_of(point("Ana", here), point("Beto", "-96.1,17.1"), point("BETO", "-96.2,17.2"))
    sent(client_as("owner"), content)
    assert outcomes() == {"Ana": "same", "Beto": "twice", "BETO": "twice"}


def test_a_collector_moves_only_his_own_and_no_sites(
    town: Town, client_as: ClientAs, user_with_role: Callable[..., User]
) -> None:
    Role.objects.filter(code="seller").update(only_own_customers=True)
    town.customer("Mía", collector=user_with_role("seller"))
    town.customer("Ajena")
    client = client_as("seller")
    sent(client, kml_of(point("Mía"), point("Ajena"), point("Cerro")))
    assert outcomes() == {"Mía": "moves", "Ajena": "unknown", "Cerro": "unknown"}
    file = PositionFile.objects.get().pk
    sent(client_as("owner"), kml_of(point("Ajena")))
    other = PositionFile.objects.exclude(pk=file).get().pk
    assert client.get(reverse("maps:files"), {"file": file}).status_code == 200
    assert client.get(reverse("maps:files"), {"file": other}).status_code == 404


def test_lines_areas_and_points_in_the_sea_of_zero_are_left_out_and_said(
    town: Town, client_as: ClientAs
) -> None:
    line = "<Placemark><name>Ruta</name><LineString><coordinates>1,1 2,2</coordinates></LineString></Placemark>"  # noqa: E501
    sent(client_as("owner"), kml_of(line, point("Ana", "0,0"), point("Eva", "200,1"), point("x")))
    file = PositionFile.objects.get()
    assert (file.shapes, file.nowhere, file.placemarks.count()) == (1, 2, 1)


def test_geojson_is_read_as_kml_is() -> None:
    data = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"Nombre": "Ana", "codigo": 12},
         "geometry": {"type": "Point", "coordinates": [-96.7, 17.1, 1500]}},
        {"type": "Feature", "properties": None,
         "geometry": {"type": "Polygon", "coordinates": []}},
        {"type": "Feature", "properties": {}, "geometry": None},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": ["x", True]}},
    ]}  # fmt: skip
    found = read_marks(b"\xef\xbb\xbf" + json.dumps(data).encode())
    assert [(mark.name, mark.code) for mark in found.marks] == [("Ana", "12")]
    assert found.skipped == {"shape": 2, "position": 1}


BOMB = '<!DOCTYPE k [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><kml>&b;</kml>'
OUTSIDE = '<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><name>&x;</name></kml>'


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"\x00\xff\x00", b"<kml>", BOMB.encode(), OUTSIDE.encode(), b"{}", b"[1]",
        b'{"features": 1}', b"[" * 100_000, b'{"features": [NaN]}', b"PK\x03\x04 no zip",
        packed(b"x", "readme.txt"), b"<?xml version='1.0' encoding='nothing'?><kml/>",
    ],
)  # fmt: skip
def test_what_is_no_map_is_refused_beside_the_field(content: bytes) -> None:
    with pytest.raises(RuleError, match="map-file-not-read"):
        read_marks(content)


def test_files_that_are_or_unfold_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 20_000)
    monkeypatch.setattr(reading, "LARGEST_UNPACKED", 100_000)
    with pytest.raises(RuleError, match="map-file-too-large"):
        read_marks(b" " * 20_001)
    bomb = packed(kml_of() + b" " * 10_000_000)
    assert len(bomb) < 20_000
    with pytest.raises(RuleError, match="map-file-too-large"):
        read_marks(bomb)
    monkeypatch.setattr(reading, "MOST_MARKS", 2)
    with pytest.raises(RuleError, match="map-file-too-long"):
        read_marks(kml_of(*[point("x")] * 3))


def test_a_refused_file_is_said_on_the_page(town: Town, client_as: ClientAs) -> None:
    client = client_as("owner")
    page = sent(client, b"%PDF-1.7")
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not PositionFile.objects.exists()
    page = client.get(sent(client, BOMB.encode()).url)
    assert page.context["why"] and not Placemark.objects.exists()
    assert bytes(PositionFile.objects.get().content) == b""


def test_the_page_tells_how_far_the_reading_is_and_a_kill_begins_it_anew(
    town: Town, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    client = client_as("owner")
    for name in ("Ana", "Beto", "Caro"):
        town.customer(name)
    content = kml_of(*(point(name, f"-96.{n},17.1") for n, name in
                       enumerate(("Ana", "Beto", "Caro"))))  # fmt: skip
    answer = client.post(reverse("maps:files"), {"file": SimpleUploadedFile("a.kml", content)})
    file = PositionFile.objects.get()
    progress = reverse("maps:file_progress", args=[file.pk])
    assert client.get(answer.url).context["progress"].status == "running"

    def dies(count: int) -> None:
        shown = client.get(progress).context["progress"]
        assert (shown.done, shown.planned) == (2, 3)
        raise KeyboardInterrupt

    moment = now()
    with pytest.raises(KeyboardInterrupt):
        read_file(claim(moment), told=dies)
    assert claim(moment) is None, "somebody is at it"
    read_files(Run(), moment + timedelta(hours=1))
    assert sorted(outcomes().items()) == [("Ana", "moves"), ("Beto", "moves"), ("Caro", "moves")]
    assert Placemark.objects.count() == 3
    assert client.get(progress)["HX-Refresh"] == "true"


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    for text in (content, b"<kml>" + content, b"{" + content, b"PK" + content):
        try:
            read_marks(text)
        except RuleError as error:
            assert error.code.startswith("map-file-")


@given(st.text(max_size=30))
def test_every_name_survives_the_way_through_a_file(name: str) -> None:
    wanted = " ".join(name.replace("\0", "").split())
    spot = Spot("customer", name, "000001", "active", "17.060000", "-96.720000")
    (mark,) = read_marks("".join(geojson([spot])).encode("utf-8", "replace")).marks
    assert mark.code == "000001"
    if name.isprintable():
        assert mark.name == wanted
        (mark,) = read_marks("".join(kml([spot], "t")).encode()).marks
        assert (mark.name, mark.code) == (wanted, "000001")


def test_what_the_map_shows_is_exported_and_read_back(town: Town, client_as: ClientAs) -> None:
    ana, beto = town.customer("Ana & <Hijos>"), town.customer("Beto")
    town.suspend(beto, "unpaid")
    client = client_as("owner")
    for kind in ("kml", "kmz", "geojson"):
        answer = client.get(reverse("maps:export", args=[kind]), {"state": "suspended"})
        content = b"".join(answer.streaming_content)
        assert f'.{kind}"' in answer["Content-Disposition"]
        marks = read_marks(content).marks
        assert [(mark.kind, mark.name, mark.code) for mark in marks] == [
            ("site", "Cerro", ""), ("", "Beto", beto.code)
        ]  # fmt: skip
    whole = b"".join(client.get(reverse("maps:export", args=["kml"])).streaming_content)
    sent(client, whole)
    assert outcomes() == {"Cerro": "same", ana.name: "same", "Beto": "same"}


def test_an_export_holds_only_the_customers_that_its_reader_sees(
    town: Town, client_as: ClientAs, user_with_role: Callable[..., User]
) -> None:
    Role.objects.filter(code="manager").update(only_own_customers=True)
    town.customer("Mía", collector=user_with_role("manager"))
    town.customer("Ajena")
    answer = client_as("manager").get(reverse("maps:export", args=["geojson"]))
    text = b"".join(answer.streaming_content).decode()
    assert "Mía" in text and "Ajena" not in text
    assert client_as("cashier").get(reverse("maps:export", args=["kml"])).status_code == 403


def test_a_file_is_sent_looked_at_and_moved_over_the_api(
    town: Town, client_as: ClientAs, user_with_role: Callable[..., User]
) -> None:
    api = "/api/v1/position-files/"
    ana = town.customer("Ana")
    client = client_as("owner")
    file = SimpleUploadedFile("a.kml", kml_of(point("Ana"), point("Nadie")))
    made = client.post(f"{api}bring/", {"file": file})
    assert made.status_code == 201 and made.json()["status"] == "waiting"
    pk = made.json()["id"]
    read_files(Run(), now())
    assert client.get(f"{api}{pk}/").json()["read"] == 2
    marks = client.get(f"{api}{pk}/placemarks/").json()["results"]
    assert {mark["name"]: mark["outcome"] for mark in marks} == {"Ana": "moves", "Nadie": "unknown"}
    asked = {"act": "placemarks.move", "rows": {"all": True, "query": f"file={pk}"}, "count": 1}
    done = client.post("/api/v1/bulk-acts/", asked, content_type="application/json")
    assert done.status_code == 201, done.content
    ana.refresh_from_db()
    assert ana.latitude == Decimal("17.1")
    wrong = client.post(f"{api}bring/", {"file": SimpleUploadedFile("a.pdf", b"%PDF")})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "map-file-not-read")
    assert client_as("cashier").get(f"{api}{pk}/").status_code == 403
    Role.objects.filter(code="seller").update(only_own_customers=True)
    assert client_as("seller").get(f"{api}{pk}/").status_code == 404
