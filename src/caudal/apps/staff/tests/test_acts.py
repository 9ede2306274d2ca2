"""Every act that the code leaves in the journal has words for people to read."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.urls import get_resolver

from caudal.apps.staff import acts

APPS = Path(__file__).resolve().parents[2]


def recorded(tree: ast.AST) -> Iterator[str]:
    """The acts named in calls of `record(actor, act, ...)`, also as `"a" if x else "b"`."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or len(call.args) < 2:
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func
        if (name.id if isinstance(name, ast.Name) else name) != "record":
            continue
        yield from (
            node.value
            for node in ast.walk(call.args[1])
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )


def whole(act: str) -> bool:
    """Not a piece of an act that is put together, such as "billing.run_" or ".edit"."""
    return "." in act.strip(".") and not act.endswith("_")


def test_no_act_is_shown_as_its_code() -> None:
    get_resolver().url_patterns  # noqa: B018 - finds the rooms' panels, which bring the words
    known = {code for code, _ in acts.known()}
    silent = {
        f"{path.relative_to(APPS)}: {act}"
        for path in APPS.rglob("*.py")
        if "tests" not in path.parts and "management" not in path.parts
        for act in recorded(ast.parse(path.read_text()))
        if whole(act) and act not in known
    }
    assert silent == set()
