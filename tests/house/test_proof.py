"""docs/proof.md names at least one test that exists for every case and every invariant."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IDENTIFIERS = [*(f"P{n:02}" for n in range(1, 41)), *(f"I{n}" for n in range(1, 23))]


@cache
def proofs() -> dict[str, list[str]]:
    """Identifier -> its tests, from the rows of the tables."""
    rows = re.findall(r"^\| ([PI]\d+) \|.*\| (.*) \|$", (ROOT / "docs/proof.md").read_text(), re.M)
    return {name: re.findall(r"`([^`]+)`", tests) for name, tests in rows}


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_every_case_and_invariant_is_proved_by_tests_that_exist(identifier: str) -> None:
    tests = proofs()[identifier]
    assert tests
    for test in tests:
        path, _, function = test.partition("::")
        assert f"def {function}(" in (ROOT / path).read_text(), test


def test_every_case_has_a_flow_of_its_own_name() -> None:
    for identifier in IDENTIFIERS[:40]:
        named = f"::test_{identifier.lower()}_"
        assert any("tests/flows/" in test and named in test for test in proofs()[identifier])
