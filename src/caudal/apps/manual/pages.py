"""The manual's pages: Markdown files of one folder, drawn once and again when a file changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote

from django.conf import settings
from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token

INDEX = "README"
"""Its headings and links are the manual's table of contents."""
PICTURES = "../images/"


@dataclass(frozen=True)
class Section:
    """A heading with the words under it, as far as the next heading."""

    anchor: str
    title: str
    level: int
    text: str


@dataclass(frozen=True)
class Page:
    slug: str
    title: str
    html: str
    sections: tuple[Section, ...]
    links: tuple[str, ...]
    """As the file writes them, e.g. "pagos.md#corregir"."""
    pictures: tuple[str, ...]

    @property
    def url(self) -> str:
        return address(self.slug)

    @property
    def contents(self) -> list[Section]:
        """The headings of the second level."""
        return [section for section in self.sections if section.level == 2]


@dataclass(frozen=True)
class Chapter:
    """A heading of the index with the pages it lists."""

    title: str
    pages: tuple[Page, ...]


def address(target: str) -> str:
    """The address of "pagos" or "pagos#corregir"."""
    slug, mark, anchor = target.partition("#")
    page = reverse("manual:index") if slug == INDEX else reverse("manual:page", args=[slug])
    return f"{page}{mark}{quote(anchor)}"


def slugs() -> list[str]:
    return sorted(path.stem for path in Path(settings.MANUAL).glob("*.md"))


def page(slug: str) -> Page | None:
    path = Path(settings.MANUAL) / f"{slug}.md"
    try:
        return _drawn(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


def pages() -> list[Page]:
    return [found for slug in slugs() for found in [page(slug)] if found is not None]


def chapters() -> list[Chapter]:
    """The table of contents: chapters of the index, in its order."""
    path = Path(settings.MANUAL) / f"{INDEX}.md"
    if not path.exists():
        return []
    found: list[tuple[str, list[Page]]] = []
    for token, inside in _with_inline(_parser().parse(path.read_text())):
        if token.type == "heading_open" and token.tag == "h2":
            found.append((_plain(inside), []))
        elif token.type == "paragraph_open" and found:
            linked = (page(_slug(href)) for href in _hrefs([inside]))
            found[-1][1].extend(each for each in linked if each is not None)
    return [Chapter(title, tuple(dict.fromkeys(listed))) for title, listed in found if listed]


def anchor_of(title: str) -> str:
    """As the pages of a repository make it: lower case, without signs, words joined by "-"."""
    kept = (sign for sign in title.strip().lower() if sign.isalnum() or sign in " -_")
    return "".join(kept).replace(" ", "-")


@lru_cache(maxsize=256)
def _drawn(path: Path, changed: int) -> Page:
    """`changed` is when the file was written: another time is another page."""
    parser = _parser()
    tokens = parser.parse(path.read_text())
    links = tuple(_hrefs(tokens))
    pictures = tuple(
        str(child.attrs["src"]).removeprefix(PICTURES)
        for token in tokens
        for child in token.children or ()
        if child.type == "image"
    )
    sections = tuple(_sections(tokens))
    _lead_within(tokens)
    title = sections[0].title if sections else path.stem
    return Page(
        path.stem, title, parser.renderer.render(tokens, parser.options, {}), sections, links,
        pictures,
    )  # fmt: skip


def _parser() -> MarkdownIt:
    """Raw HTML stays text."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _sections(tokens: Sequence[Token]) -> Iterator[Section]:
    """Every heading, which also gets its anchor, with the words that follow it."""
    level, title, words = 0, "", list[str]()
    for token, inside in _with_inline(tokens):
        if token.type == "heading_open":
            if level:
                yield Section(anchor_of(title), title, level, " ".join(words))
            level, title, words = int(token.tag[1]), _plain(inside), []
            token.attrSet("id", anchor_of(title))
        elif token.type == "inline" and _plain(token) != title:
            words.append(_plain(token))
    if level:
        yield Section(anchor_of(title), title, level, " ".join(words))


def _lead_within(tokens: Sequence[Token]) -> None:
    """Let links between files become addresses of the panel, and tables scroll by themselves."""
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("class", "table")
        for child in token.children or ():
            if child.type == "image":
                name = str(child.attrs["src"]).removeprefix(PICTURES).removesuffix(".png")
                child.attrSet("src", reverse("manual:picture", args=[name]))
                child.attrSet("loading", "lazy")
            elif child.type == "link_open":
                href = unquote(str(child.attrs["href"]))
                if ".md" in href and "/" not in href:
                    child.attrSet("href", address(href.replace(".md", "")))


def _with_inline(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Each token with the one after it, which holds the words of a heading or a paragraph."""
    yield from zip(tokens, [*tokens[1:], tokens[-1]] if tokens else [], strict=True)


def _plain(token: Token) -> str:
    """The words alone."""
    return "".join(
        child.content if child.type in ("text", "code_inline") else " "
        for child in token.children or ()
        if child.type in ("text", "code_inline", "softbreak")
    )


def _hrefs(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                yield unquote(str(child.attrs["href"]))


def _slug(href: str) -> str:
    return href.partition("#")[0].removesuffix(".md")
