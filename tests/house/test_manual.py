"""The operators' manual: every screen has its place in it, and nothing in it leads nowhere."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from caudal.apps.manual import pages
from caudal.apps.manual.pages import Page, anchor_of
from caudal.apps.manual.screens import BY_ROOM, BY_SCREEN, target_of
from tests.e2e.pictures import pictured
from tests.e2e.screens import SCREENS
from tests.house import code

IMAGES = code.ROOT / "docs" / "images"


@pytest.fixture(params=pages.slugs())
def page(request: pytest.FixtureRequest) -> Page:
    found = pages.page(request.param)
    assert found is not None
    return found


def exists(target: str) -> bool:
    slug, _, anchor = target.partition("#")
    found = pages.page(slug)
    return found is not None and (
        not anchor or anchor in {section.anchor for section in found.sections}
    )


def names() -> set[str]:
    """Every "room:screen" of the panel."""

    def walk(resolver: URLResolver, space: str) -> set[str]:
        found = set()
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                found |= walk(each, each.namespace or space)
            elif isinstance(each, URLPattern) and each.name and space:
                found.add(f"{space}:{each.name}")
        return found

    return {name for name in walk(get_resolver(), "") if not name.startswith(("api", "admin"))}


def test_every_screen_has_a_place_in_the_manual_that_exists() -> None:
    assert [name for name in sorted(names()) if not exists(target_of(name) or "-")] == []


def test_no_target_is_left_over() -> None:
    rooms = {name.partition(":")[0] for name in names()}
    assert sorted(set(BY_ROOM) - rooms) == []
    assert sorted(set(BY_SCREEN) - names()) == []


def test_every_page_stands_in_the_contents_once() -> None:
    listed = [each.slug for chapter in pages.chapters() for each in chapter.pages]
    assert sorted(listed) == sorted(set(pages.slugs()) - {pages.INDEX})


def test_a_page_begins_with_its_title_and_no_two_headings_share_an_anchor(page: Page) -> None:
    assert page.sections[0].level == 1
    anchors = [section.anchor for section in page.sections]
    assert len(anchors) == len(set(anchors))


def test_every_link_of_a_page_leads_somewhere(page: Page) -> None:
    inside = [link for link in page.links if not re.match(r"https?:", link)]
    wrong = [
        link
        for link in inside
        if "/" in link or not exists(re.sub(r"\.md(#|$)", r"\1", link) or page.slug)
    ]
    assert wrong == []


def test_every_picture_of_a_page_is_there(page: Page) -> None:
    assert [name for name in page.pictures if not (IMAGES / name).exists()] == []


def test_every_picture_is_used_and_taken_by_the_browser_tests() -> None:
    there = {path.stem for path in IMAGES.glob("*.png")}
    assert there == pictured()
    assert there <= {screen.name for screen in SCREENS}


def test_anchors_are_those_that_a_repository_makes() -> None:
    assert anchor_of("¿Por qué?") == "por-qué"
    assert anchor_of("Suspender, reconectar, cancelar") == "suspender-reconectar-cancelar"
