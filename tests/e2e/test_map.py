"""The map as people use it: found, opened, put right, taken back, and seen as a list."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looks import look
from tests.e2e.person import Person


@pytest.fixture(autouse=True)
def at_the_map(person: Person) -> None:
    see(person, "/map/")


def see(person: Person, address: str) -> None:
    person.goto(address)
    expect(person.page.locator("#chart[data-drawn][data-sites-drawn]")).to_be_visible()


def drawn(page: Page) -> int:
    return int(page.locator("#chart").get_attribute("data-drawn") or 0)


def open_first(person: Person) -> str:
    """The card of the first customer in view; his name."""
    page = person.page
    person.button("List what is in view").click()
    first = page.locator("#map-panel [data-open]").first
    name = first.inner_text().strip()
    first.click()
    expect(page.locator("#map-panel h2")).to_have_text(name)
    return name


def test_the_filter_narrows_the_map_and_goes_along_to_the_list(person: Person) -> None:
    page, everybody = person.page, drawn(person.page)
    assert everybody > 100
    person.button("Filters").click()
    person.tab("Service").click()
    with page.expect_response(lambda answer: "points.json" in answer.url):
        page.locator("[name=state]").select_option("suspended")
    expect(page.locator(".chips .chip")).to_have_count(1)
    page.wait_for_function(f"Number(document.getElementById('chart').dataset.drawn) < {everybody}")
    look(person, "map-filtered")
    many = drawn(page)
    person.link("See as a list").click()
    page.wait_for_url(re.compile(r"/customers/\?.*state=suspended"))
    expect(page.locator("#list tbody tr").first).to_be_visible()
    assert page.locator("#list tbody tr").count() >= many > 0
    person.link("See on the map").click()
    page.wait_for_url(re.compile(r"/map/\?.*state=suspended"))
    person.settle()


def test_a_pin_opens_a_card_and_is_put_right_and_back(person: Person) -> None:
    page = person.page
    open_first(person)
    look(person, "map-card")
    page.locator("#map-panel summary").click()
    box = page.locator("#map-panel [data-place]")
    stood = box.input_value()
    box.fill("19.190000, -100.130000")
    person.button("Save the position").click()
    expect(page.locator("#map-panel [data-moved]")).to_be_visible()
    expect(page.locator("#map-panel [data-card]")).to_have_attribute(
        "data-at", "19.190000, -100.130000"
    )
    person.button("Undo").click()
    expect(page.locator("#map-panel [data-card]")).to_have_attribute("data-at", stood)
    page.keyboard.press("Escape")
    expect(page.locator("#map-panel")).to_be_hidden()


def test_a_dragged_pin_writes_where_it_was_left(person: Person) -> None:
    page = person.page
    open_first(person)
    page.locator("#map-panel summary").click()
    box = page.locator("#map-panel [data-place]")
    stood = box.input_value()
    marker = page.locator(".leaflet-marker-draggable")
    marker.hover()  # which waits until the map stands still
    pin = marker.bounding_box()
    assert pin is not None
    x, y = pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 25, y - 25, steps=5)
    page.mouse.up()
    expect(box).not_to_have_value(stood)


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


def test_the_map_is_taken_along_as_it_is_filtered(person: Person) -> None:
    page = person.page
    see(person, "/map/?state=suspended")
    many = drawn(page)
    person.button("Export").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="GeoJSON", exact=True).click()
    features = json.loads(Path(saved.value.path()).read_text())["features"]
    kinds = [each["properties"]["kind"] for each in features]
    assert kinds.count("customer") == many > 0


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
    person.button("See what it says").click()
    expect(page.locator("tbody tr")).to_have_count(2)  # a worker reads it
    change = person.counted("Change %(n)s position", "Change %(n)s positions", 1) % {"n": 1}
    expect(page.get_by_role("button", name=change)).to_be_visible()
    look(person, "map-file")
