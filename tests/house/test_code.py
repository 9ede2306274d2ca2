"""How modules are written: short, with a sentence on top, without clocks, floats or signals."""

import ast
import sys

from tests.house import code

LONGEST = 400
CLOCK = "src/caudal/apps/clock/now.py"
NOW = {
    "date.today", "datetime.date.today", "datetime.now", "datetime.today", "datetime.utcnow",
    "datetime.datetime.now", "timezone.now", "timezone.localdate", "timezone.localtime",
    "time.time", "localdate",
}  # fmt: skip
KEEP_BOOKS = ("billing", "ledger", "payments", "catalog")
"""Rooms whose numbers are money."""
WRITES = {"save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create"}


def test_no_file_has_more_than_400_lines() -> None:
    long = {s.name: s.text.count("\n") for s in code.everything() if s.text.count("\n") > LONGEST}
    assert long == {}


def test_every_module_says_in_a_sentence_what_it_is_for() -> None:
    silent = [
        source.name
        for source in code.everything()
        if source.text.strip() and not ast.get_docstring(source.tree)
    ]
    assert silent == []


def test_core_imports_only_the_standard_library_and_itself() -> None:
    foreign = [
        f"{source.at(node)} {name}"
        for source in code.product()
        if source.name.startswith("src/caudal/core/")
        for node in ast.walk(source.tree)
        for name in _imported(node)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("caudal.core")
    ]
    assert foreign == []


def test_only_the_clock_reads_the_clock() -> None:
    asked = [
        source.at(call)
        for source in code.product()
        if source.name != CLOCK and not source.name.startswith("src/caudal/practice/")
        for call in source.calls()
        if code.dotted(call.func) in NOW
    ]
    assert asked == []


def test_there_are_no_signals_of_our_own() -> None:
    receivers = [
        source.at(node)
        for source in code.product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if code.dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
        == "receiver"
    ]
    assert receivers == []


def test_views_write_nothing_themselves() -> None:
    writes = [
        source.at(call)
        for source in code.product()
        if source.room and ("views" in source.path.parts or source.path.stem in ("views", "api"))
        for call in source.calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in WRITES
        and not _is_no_row(call.func.value)
    ]
    assert writes == []


def test_money_is_never_a_float() -> None:
    floats = [
        source.at(call)
        for source in code.product()
        for call in source.calls()
        if code.dotted(call.func).endswith("FloatField")
        or (code.dotted(call.func) == "float" and _counts_money(source))
    ]
    assert floats == []


def _counts_money(source: code.Source) -> bool:
    return (
        source.room in KEEP_BOOKS
        or source.name.startswith("src/caudal/core/money")
        or source.name.startswith("src/caudal/store/")
    )


def _is_no_row(value: ast.expr) -> bool:
    """`context.update(...)` and `actions.create(...)` change no row by themselves."""
    name = code.dotted(value)
    return name.split(".")[0] in {"actions", "context", "form", "data", "initial", "params"}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module or ""]
    return []
