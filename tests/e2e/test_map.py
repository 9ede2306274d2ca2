"""The map as people use it: found, opened, put right, taken back, and seen as a list."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SIZES
from tests.e2e.looks import picture, violations
from tests.e2e.person import Person


@pytest.fixture(params=SIZES)
def person(
    request: pytest.FixtureRequest, people: Callable[[str, bool], Person]
) -> Iterator[Person]:
    """Somebody at the map, at both widths."""
    found = people(request.param, True)
    found.noise.clear()
    found.size = request.param  # type: ignore[attr-defined]
    see(found, "/map/")
    yield found
    assert found.noise == []


def see(person: Person, address: str) -> None:
    person.goto(address)
    expect(person.page.locator("#chart[data-drawn][data-sites-drawn]")).to_be_visible()


def look(person: Person, name: str) -> None:
    """Keep a picture in both themes; nothing serious may be wrong in either."""
    for theme in ("light", "dark"):
        person.page.evaluate(
            "theme => { document.documentElement.dataset.bsTheme = theme;"
            " document.dispatchEvent(new CustomEvent('caudal:theme')); }",
            theme,
        )
        picture(person.page, f"{name}-{person.size}-{theme}")  # type: ignore[attr-defined]
        assert violations(person.page) == []
    assert not person.scrolls_sideways()
    person.page.evaluate("document.documentElement.dataset.bsTheme = 'light'")


def drawn(page: Page) -> int:
    return int(page.locator("#chart").get_attribute("data-drawn") or 0)


def open_first(page: Page) -> str:
    """The card of the first customer in view; his name."""
    page.get_by_role("button", name="Listar lo que se ve").click()
    first = page.locator("#map-panel [data-open]").first
    name = first.inner_text().strip()
    first.click()
    expect(page.locator("#map-panel h2")).to_have_text(name)
    return name


def test_the_filter_narrows_the_map_and_goes_along_to_the_list(person: Person) -> None:
    page, everybody = person.page, drawn(person.page)
    assert everybody > 100
    page.get_by_role("button", name="Filtros").click()
    page.get_by_role("tab", name="Servicio").click()
    with page.expect_response(lambda answer: "points.json" in answer.url):
        page.locator("[name=state]").select_option("suspended")
    expect(page.locator(".chips .chip")).to_have_count(1)
    page.wait_for_function(f"Number(document.getElementById('chart').dataset.drawn) < {everybody}")
    look(person, "map-filtered")
    many = drawn(page)
    page.get_by_role("link", name="Ver como lista").click()
    page.wait_for_url(re.compile(r"/customers/\?.*state=suspended"))
    expect(page.locator("#list tbody tr").first).to_be_visible()
    assert page.locator("#list tbody tr").count() >= many > 0
    page.get_by_role("link", name="Ver en el mapa").click()
    page.wait_for_url(re.compile(r"/map/\?.*state=suspended"))
    person.settle()


def test_a_pin_opens_a_card_and_is_put_right_and_back(person: Person) -> None:
    page = person.page
    open_first(page)
    look(person, "map-card")
    page.locator("#map-panel summary").click()
    box = page.locator("#map-panel [data-place]")
    stood = box.input_value()
    box.fill("19.190000, -100.130000")
    page.get_by_role("button", name="Guardar la posición").click()
    expect(page.locator("#map-panel [data-moved]")).to_be_visible()
    expect(page.locator("#map-panel [data-card]")).to_have_attribute(
        "data-at", "19.190000, -100.130000"
    )
    page.get_by_role("button", name="Deshacer").click()
    expect(page.locator("#map-panel [data-card]")).to_have_attribute("data-at", stood)
    page.keyboard.press("Escape")
    expect(page.locator("#map-panel")).to_be_hidden()


def test_a_dragged_pin_writes_where_it_was_left(person: Person) -> None:
    page = person.page
    open_first(page)
    page.locator("#map-panel summary").click()
    box = page.locator("#map-panel [data-place]")
    stood = box.input_value()
    pin = page.locator(".leaflet-marker-draggable").bounding_box()
    assert pin is not None
    x, y = pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 25, y - 25, steps=5)
    page.mouse.up()
    assert box.input_value() != stood


def test_a_pin_on_the_canvas_is_clicked(person: Person) -> None:
    page = person.page
    at = page.evaluate(
        "() => { const map = document.getElementById('chart').map; const all = [];"
        " map.eachLayer((each) => { if (each.options.id) all.push(each); });"
        " const spots = all.map((each) => map.latLngToContainerPoint(each.getLatLng()));"
        " const size = map.getSize();"
        " const free = spots.find((one) => one.x > 60 && one.y > 90 && one.x < size.x - 60 &&"
        "   one.y < size.y - 60 && spots.filter((two) => one.distanceTo(two) < 20).length === 1 &&"
        "   document.elementFromPoint(one.x + map.getContainer().getBoundingClientRect().x,"
        "     one.y + map.getContainer().getBoundingClientRect().y)?.tagName === 'CANVAS');"
        " const box = map.getContainer().getBoundingClientRect();"
        " return free && { x: free.x + box.x, y: free.y + box.y }; }"
    )
    assert at, "no pin stands alone in view"
    page.mouse.click(at["x"], at["y"])
    expect(page.locator("#map-panel [data-card]")).to_be_visible()


def test_a_site_is_reached_with_the_keyboard_and_shows_its_devices(person: Person) -> None:
    page = person.page
    site = page.get_by_role("button", name=re.compile("Torre El Mirador"))
    site.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#map-panel h2")).to_have_text("Torre El Mirador")
    expect(page.locator("#map-panel .map-devices li").first).to_contain_text("Enlace")
    look(person, "map-site")


def test_a_file_of_positions_is_looked_at_first(person: Person) -> None:
    page = person.page
    person.goto("/map/files/")
    kml = (
        "<kml><Placemark><name>Torre El Mirador</name><Point><coordinates>-100.1,19.2"
        "</coordinates></Point></Placemark><Placemark><name>Nadie así</name><Point>"
        "<coordinates>-100.2,19.1</coordinates></Point></Placemark></kml>"
    )
    page.locator("input[type=file]").set_input_files(
        {"name": "torres.kml", "mimeType": "text/xml", "buffer": kml.encode()}
    )
    page.get_by_role("button", name="Ver qué dice").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("button", name="Cambiar 1 posición")).to_be_visible()
    look(person, "map-file")
