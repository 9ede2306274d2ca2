"""Parts of pages that are drawn once: in the reader's language, and each person his own menu."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.translation import override

from caudal.web.templatetags.caudal import still

pytestmark = pytest.mark.django_db


def test_a_still_part_speaks_the_readers_language() -> None:
    for _ in range(2):
        with override("es"):
            assert "Buscar" in still("web/_palette.html")
        with override("en"):
            assert "Search everything" in still("web/_palette.html")


def test_the_foot_of_a_phone_marks_the_present_page(client_as: Callable[..., Client]) -> None:
    client = client_as("owner")
    feet = [
        client.get(page).content.decode().split('class="footbar')[1].split("</nav>")[0]
        for page in ("/customers/", "/", "/customers/")
    ]
    assert feet[0] == feet[2] != feet[1]
    assert 'href="/customers/" aria-current="page"' in feet[0]
    assert 'href="/customers/" aria-current="page"' not in feet[1]


def test_who_may_less_has_another_foot(client_as: Callable[..., Client]) -> None:
    feet = {
        role: client_as(role)
        .get("/")
        .content.decode()
        .split('class="footbar')[1]
        .split("</nav>")[0]
        for role in ("owner", "technician")
    }
    assert feet["owner"] != feet["technician"]
