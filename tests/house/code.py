"""The product's source as the rules of the house read it."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "caudal"
MADE = {
    ".git", ".venv", ".tools", "node_modules", "data", "static", "__pycache__", ".mypy_cache",
    ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache", "output",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    path: Path

    @property
    def name(self) -> str:
        """Path from the repository's root."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.relative_to(ROOT).parts or self.path.name == "conftest.py"

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.path.parts

    @property
    def room(self) -> str:
        """The room under apps that it stands in, or an empty text."""
        parts = self.path.relative_to(PACKAGE).parts if PACKAGE in self.path.parents else ()
        return parts[1] if len(parts) > 2 and parts[0] == "apps" else ""

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 0)}"


@cache
def product() -> list[Source]:
    """Every module of the package but tests and migrations."""
    found = (Source(path) for path in sorted(PACKAGE.rglob("*.py")))
    return [source for source in found if not (source.is_test or source.is_migration)]


@cache
def everything() -> list[Source]:
    """Every Python file of the repository but migrations."""
    found = (Source(path) for path in _files() if path.suffix == ".py")
    return [source for source in found if not source.is_migration]


def templates() -> list[Path]:
    return sorted(PACKAGE.rglob("templates/**/*.html"))


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every text file of the repository."""
    for path in _files():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text()
        except UnicodeDecodeError:
            continue


def dotted(node: ast.AST) -> str:
    """`datetime.now` for the expression datetime.now; empty for anything that is no such name."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def lines_with(pattern: str, text: str) -> list[int]:
    return [text.count("\n", 0, found.start()) + 1 for found in re.finditer(pattern, text)]


@cache
def _files() -> list[Path]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder)
        # `data` and `static` at the top are what runs leave; inside the package they are ours.
        left_out = MADE if here == ROOT else MADE - {"data", "static", "output"}
        folders[:] = sorted(set(folders) - left_out)
        found += [here / name for name in sorted(names) if (here / name).is_file()]
    return found
