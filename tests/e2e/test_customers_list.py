"""The customers list as people use it all day, wide and narrow: found, chosen, done, taken back."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import SIZES
from tests.e2e.looks import picture, violations
from tests.e2e.person import Person

ROWS = "#list tbody tr"


@pytest.fixture(params=SIZES)
def person(
    request: pytest.FixtureRequest, people: Callable[[str, bool], Person]
) -> Iterator[Person]:
    """Somebody at the list, at both widths."""
    found = people(request.param, True)
    found.noise.clear()
    found.size = request.param  # type: ignore[attr-defined]
    found.goto("/customers/")
    yield found
    assert found.noise == []


def look(person: Person, name: str) -> None:
    """Keep a picture in both themes; nothing serious may be wrong in either."""
    for theme in ("light", "dark"):
        person.page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
        picture(person.page, f"{name}-{person.size}-{theme}")  # type: ignore[attr-defined]
        assert violations(person.page) == []
    assert not person.scrolls_sideways()
    person.page.evaluate("document.documentElement.dataset.bsTheme = 'light'")


def names(page: Page) -> list[str]:
    return page.locator("#list td.who a").all_inner_texts()


def shown(page: Page, act: Callable[[], None]) -> None:
    """Do something that changes the list, and wait until it has changed."""
    with page.expect_response(lambda answer: "/customers/?" in answer.url):
        act()
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_typing_finds_and_a_chip_gives_everybody_back(person: Person) -> None:
    page = person.page
    many = names(page)
    wanted = page.locator("#list td.code").nth(3).inner_text()
    shown(page, lambda: page.locator("#q").press_sequentially(wanted))
    expect(page.locator(ROWS)).to_have_count(1)
    assert f"q={wanted}" in page.url
    page.locator(".chips a.chip").click()
    person.settle()
    assert names(page) == many


def test_filters_stand_in_tabs_combine_and_are_cleared(person: Person) -> None:
    page = person.page
    page.get_by_role("button", name="Filtros").click()
    page.get_by_role("tab", name="Servicio").click()
    shown(page, lambda: page.locator("[name=state]").select_option("active"))
    page.get_by_role("tab", name="Facturación").click()
    shown(page, lambda: page.locator("[name=debt]").select_option("yes"))
    assert page.locator(".chips a.chip").count() == 2
    look(person, "customers-filters")
    page.get_by_role("link", name="Limpiar").click()
    person.settle()
    assert page.locator(".chips a.chip").count() == 0


def test_columns_are_chosen_and_ordered_and_a_view_is_named(person: Person) -> None:
    page = person.page
    page.get_by_role("button", name="Columnas").click()
    side = page.locator("#side")
    expect(side.locator("[data-columns] li").first).to_be_visible()
    side.locator("[name=columns][value=phones]").check()
    side.locator("[data-columns] [data-column-down]").first.click()
    look(person, "customers-columns")
    person.submit(side.get_by_role("button", name="Guardar"))
    heads = page.locator("#list th").all_inner_texts()
    assert (
        any("teléfono" in text.lower() for text in heads)
        or page.locator("td[data-label*='eléfono']").count()
    )
    page.get_by_role("button", name="Vistas").click()
    page.locator("#view-name").fill("Para llamar")
    person.submit(page.get_by_role("button", name="Guardar vista"))
    page.get_by_role("button", name="Vistas").click()
    expect(page.locator(".saved-view a", has_text="Para llamar")).to_be_visible()
    look(person, "customers-views")
    person.submit(page.locator(".saved-view button"))
    page.get_by_role("button", name="Columnas").click()
    person.submit(page.get_by_role("button", name="Las de siempre"))


def test_a_row_opens_its_details_in_tabs(person: Person) -> None:
    page = person.page
    open_side(page)
    side = page.locator("#side")
    person.settle()
    for tab in ("Mapa", "Equipos", "Bitácora"):
        side.get_by_role("tab", name=tab).click()
        expect(side.locator(".tab-pane.active [data-panel] > *").first).to_be_visible()
        person.settle()
    side.get_by_role("tab", name="Equipos").click()
    look(person, "customers-side")
    side.get_by_role("button", name="Cerrar").click()
    expect(side).to_be_hidden()


def test_chosen_ones_are_suspended_in_bulk_and_brought_back(person: Person) -> None:
    page = person.page
    person.goto("/customers/?state=active")
    for at in (0, 1):
        page.locator("#list input[name=pick]").nth(at).check()
    look(person, "customers-chosen")
    page.get_by_role("button", name="Hacer con ellos").click()
    person.submit(act_button(page, "Suspender"))
    expect(page.locator("main")).to_contain_text("2")
    look(person, "bulk-start")
    person.submit(page.locator("main").get_by_role("button", name="Suspender"))
    expect(page.locator("[data-list]")).to_contain_text("2 hechas")
    look(person, "bulk-act")
    with page.expect_navigation():
        page.get_by_role("link", name="Deshacer").click()
    look(person, "bulk-undo")
    person.submit(page.locator("main").get_by_role("button", name="Deshacer"))
    expect(page.locator("[data-list]")).to_contain_text("2 hechas")


def test_an_edit_of_many_shows_before_and_after(person: Person) -> None:
    page = person.page
    page.locator("[data-bulk-page]").check()
    page.get_by_role("button", name="Hacer con ellos").click()
    person.submit(act_button(page, "Editar en bloque"))
    page.locator("details", has_text="Dónde viven").locator("summary").click()
    page.locator("[name=city]").fill("San Pedro")
    person.submit(page.locator("main").get_by_role("button", name="Ver qué cambia"))
    expect(page.locator(".bulk-preview .cell-after").first).to_have_text("San Pedro")
    look(person, "bulk-preview")


def test_deleting_wants_the_typed_word(person: Person) -> None:
    page = person.page
    page.locator("#list input[name=pick]").first.check()
    page.get_by_role("button", name="Hacer con ellos").click()
    person.submit(act_button(page, "Eliminar del sistema y del router"))
    page.locator("[name=reason]").fill("duplicado")
    button = page.locator("main").get_by_role("button", name=re.compile("Eliminar"))
    button.click()
    assert "/bulk/" in page.url and page.locator("#typed-count").is_visible()
    look(person, "bulk-delete")


def test_pasted_codes_choose_customers(person: Person) -> None:
    page = person.page
    codes = page.locator("#list td.code").all_inner_texts()[:3]
    person.goto("/customers/codes/")
    page.locator("#codes").fill("\n".join([*codes, "NADIE-9"]))
    look(person, "customers-codes")
    person.submit(page.get_by_role("button", name="Enviar un mensaje"))
    expect(page.locator("main")).to_contain_text("NADIE-9")
    expect(page.locator("main")).to_contain_text("3")


def act_button(page: Page, name: str) -> Locator:
    return page.locator("#bulk .dropdown-menu").get_by_role("button", name=name, exact=True)


def open_side(page: Page) -> None:
    """A click beside the words of the first row."""
    page.locator(ROWS).first.locator("td.code").click()
    expect(page.locator("#side [role=tab]").first).to_be_visible()
