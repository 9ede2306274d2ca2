"""Finding the section of the manual that speaks of some words."""

from dataclasses import dataclass

from caudal.apps.manual.pages import INDEX, Page, Section, address, pages
from caudal.core.text import fold

SHORTEST = 3
"""Shorter words (de, la, un) stand in nearly every section and say nothing."""


@dataclass(frozen=True)
class Found:
    page: Page
    section: Section

    @property
    def url(self) -> str:
        return address(f"{self.page.slug}#{self.section.anchor}")


def find_sections(typed: str) -> list[Found]:
    """Sections with every word, those with the words in their title first."""
    words = [word for word in fold(typed).split() if len(word) >= SHORTEST]
    if not words:
        return []
    ranked = [
        (rank, place, Found(page, section))
        for place, (page, section) in enumerate(
            (page, section) for page in pages() if page.slug != INDEX for section in page.sections
        )
        for rank in [_rank(words, page, section)]
        if rank is not None
    ]
    return [found for _rank, _place, found in sorted(ranked, key=lambda each: each[:2])]


def _rank(words: list[str], page: Page, section: Section) -> int | None:
    """0: the title has them; 1: with the page's title; 2: with the text; None: some are nowhere."""
    title = fold(section.title)
    for rank, names in enumerate(
        (title, f"{title} {fold(page.title)}", f"{title} {fold(page.title)} {fold(section.text)}")
    ):
        if all(word in names for word in words):
            return rank
    return None
