"""docs/parity.md from its two tables, and the check that every identifier and test exists.

`docs/parity.tsv`: identifier, state (works, planned, replaced), what it is, proof.
`docs/parity-tests.tsv`: name of a proof, test that shows it (file::function).
A planned row names the part of the product it will belong to instead of a proof.
"""

import ast
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
STATES = ("works", "planned", "replaced")
IDENTIFIERS = {
    *(f"IW-{n}" for n in range(1, 25)),
    *(f"IW-x{n}" for n in range(1, 5)),
    *(f"MW-{n}" for n in range(1, 64)),
    *(f"WH-{n}" for n in range(1, 125)),
    *(f"WP-{n}" for n in range(1, 55)),
    *(f"IC-{n}" for n in range(1, 77)),
}
"""Every line of the five reference systems' manuals, numbered per system."""


@dataclass(frozen=True)
class Row:
    identifier: str
    state: str
    what: str
    proof: str


def read_rows(root: Path = ROOT) -> list[Row]:
    return [Row(*fields) for fields in _fields(root / "docs/parity.tsv", 4)]


def read_proofs(root: Path = ROOT) -> dict[str, str]:
    return {name: test for name, test in _fields(root / "docs/parity-tests.tsv", 2)}


def problems(rows: list[Row], proofs: dict[str, str], root: Path = ROOT) -> list[str]:
    """What is wrong with the tables, in words; empty when all is well."""
    counted = Counter(row.identifier for row in rows)
    found = [f"missing identifier {name}" for name in sorted(IDENTIFIERS - counted.keys())]
    found += [f"unknown identifier {name}" for name in sorted(counted.keys() - IDENTIFIERS)]
    found += [f"{name} stands {count} times" for name, count in counted.items() if count > 1]
    found += [
        f"{row.identifier}: unknown state {row.state}" for row in rows if row.state not in STATES
    ]
    found += [
        f"{row.identifier}: no such proof {row.proof}"
        for row in rows
        if row.state == "works" and row.proof not in proofs
    ]
    found += [
        f"{name}: no such test {test}" for name, test in proofs.items() if not _exists(test, root)
    ]
    used = {row.proof for row in rows}
    return found + [f"proof {name} is not used" for name in proofs if name not in used]


def render(rows: list[Row], proofs: dict[str, str]) -> str:
    counted = Counter(row.state for row in rows)
    lines = [
        "# Parity with the five reference systems",
        "",
        "Made by `./caudal parity` from parity.tsv and parity-tests.tsv; do not edit it by hand.",
        "IW = iWISP, MW = Mikrowisp, WH = WispHub, WP = Wispro, IC = ISPCube, by line of manual.",
        "",
        ", ".join(f"{state}: {counted[state]}" for state in STATES) + f"; {len(rows)} in all.",
        "",
        "| line | what | state | shown by, or planned with |",
        "|---|---|---|---|",
    ]
    for row in rows:
        proof = f"`{proofs[row.proof]}`" if row.proof in proofs else row.proof
        lines.append(f"| {row.identifier} | {row.what} | {row.state} | {proof} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    rows, proofs = read_rows(), read_proofs()
    table, page = render(rows, proofs), ROOT / "docs/parity.md"
    found = problems(rows, proofs)
    if "--check" in sys.argv:
        if not page.exists() or page.read_text() != table:
            found.append("docs/parity.md is out of date: run ./caudal parity")
    else:
        page.write_text(table)
    print("\n".join(found) or f"parity: {len(rows)} lines, all known, every proof exists")
    return 1 if found else 0


def _fields(path: Path, width: int) -> list[list[str]]:
    rows = [line.split("\t") for line in path.read_text().splitlines() if line.strip()]
    wrong = [row for row in rows if len(row) != width]
    if wrong:
        raise SystemExit(f"{path.name}: {len(wrong[0])} fields instead of {width} in {wrong[0]}")
    return rows


def _exists(test: str, root: Path) -> bool:
    file, _, function = test.partition("::")
    return function in _functions(root / file)


@cache
def _functions(path: Path) -> frozenset[str]:
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


if __name__ == "__main__":
    sys.exit(main())
