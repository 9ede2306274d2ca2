"""The manual as somebody reads it: opened from a screen, drawn, searched, with its pictures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from caudal.apps.manual.finding import find_sections
from caudal.apps.manual.pages import page

ClientAs = Callable[..., Client]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A manual of two pages and a picture."""
    manual = tmp_path / "manual"
    manual.mkdir()
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "cobrar.png").write_bytes(b"picture")
    (manual / "README.md").write_text("# Manual\n\n## Cobros\n\n- [Pagos](pagos.md): cobrar.\n")
    (manual / "pagos.md").write_text(
        "# Pagos\n\n![Cobrar](../images/cobrar.png)\n\n## ¿Por qué?\n\nVea [el índice](README.md) y"
        " [esto](pagos.md#por-qué). <script>alert(1)</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    settings.MANUAL = manual
    return manual


def test_the_sign_of_a_screen_opens_its_page(client_as: ClientAs) -> None:
    assert (
        'href="/ayuda/lista-de-clientes/"' in client_as("owner").get("/customers/").content.decode()
    )
    shown = client_as("owner").get("/payments/cheques/").content.decode()
    assert 'href="/ayuda/caja/#cheques"' in shown


def test_a_page_is_drawn_with_its_links_pictures_and_tables(
    folder: Path, client_as: ClientAs
) -> None:
    shown = client_as("cashier").get("/ayuda/pagos/").content.decode()
    for text in (
        '<h2 id="por-qué">¿Por qué?</h2>',
        'href="/ayuda/"',
        'href="/ayuda/pagos/#por-qu%C3%A9"',
        'src="/ayuda/imagenes/cobrar.png"',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        '<table class="table">',
        'aria-current="page">Pagos</a>',
    ):
        assert text in shown, text


def test_a_changed_file_is_drawn_anew(folder: Path) -> None:
    first = page("pagos")
    path = folder / "pagos.md"
    path.write_text("# Otra\n")
    assert first is not None and first.title == "Pagos"
    assert (found := page("pagos")) is not None and found.title == "Otra"


def test_words_are_found_in_titles_first(folder: Path) -> None:
    (folder / "caja.md").write_text("# Caja\n\n## Cierre\n\nEl por qué de todo.\n")
    assert [found.section.title for found in find_sections("POR que")] == ["¿Por qué?", "Cierre"]
    assert find_sections("de") == []


def test_what_is_not_a_page_is_not_found(folder: Path, client_as: ClientAs) -> None:
    client = client_as("owner")
    for address in ("/ayuda/nada/", "/ayuda/imagenes/nada.png"):
        assert client.get(address).status_code == 404
    assert client.get("/ayuda/imagenes/cobrar.png").headers["Content-Type"] == "image/png"
    assert "zzz" in client.get("/ayuda/", {"q": "zzz"}).content.decode()


def test_who_has_not_signed_in_reads_nothing(folder: Path, client: Client) -> None:
    assert client.get("/ayuda/pagos/").status_code == 302
