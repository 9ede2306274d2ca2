"""A source that a company wrote itself can print, and can do nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from caudal.apps.catalog.models import Company
from caudal.apps.documents import press, sandbox
from caudal.apps.documents.errors import SourceError
from caudal.apps.documents.layout import page_data
from caudal.apps.documents.samples import sample
from caudal.apps.documents.styles import Kind, Style
from caudal.core.errors import RuleError


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    sandbox._cell.close()


@pytest.fixture
def data() -> dict[str, Any]:
    company = Company(name="Río Net", country="MX")
    return page_data(company, Style(), [sample(Kind.INVOICE, "MXN")])


def test_it_prints_as_ours_does(data: dict[str, Any]) -> None:
    (content,) = sandbox.press_own(press.original("invoice"), data)
    assert content.startswith(b"%PDF")


@pytest.mark.parametrize("kind", Kind.values)
def test_every_original_prints_as_an_edited_one(kind: str, data: dict[str, Any]) -> None:
    assert sandbox.press_own(press.original(kind), data, pictures=True)[0][1:4] == b"PNG"


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../../../../etc/passwd")',
        '#read("/proc/self/environ")',
        '#image("/etc/hostname")',
        '#import "/etc/hostname"',
        '#include "cell.py"',
        '#plugin("/x.wasm")',
        '#bibliography("/etc/passwd")',
    ],
)
def test_no_file_can_be_read(source: str, data: dict[str, Any]) -> None:
    with pytest.raises(SourceError):
        sandbox.press_own(source, data)


@pytest.mark.parametrize(
    "source", ['#import "@preview/cetz:0.3.1"', '#let n = "@" + "preview/cetz:0.3.1"\n#import n']
)
def test_no_package_is_fetched(source: str, data: dict[str, Any]) -> None:
    with pytest.raises(SourceError):
        sandbox.press_own(source, data)


def test_the_process_can_open_nothing_at_all() -> None:
    import subprocess
    import sys

    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import socket, cell; cell.lock_up()\n"
        "for act in (lambda: open('/etc/hostname'), socket.socket):\n"
        "    try:\n        act()\n    except OSError as error:\n        print(error.errno)\n"
    )
    folder = str(press.PAPER.parent)
    done = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["24", "24"]  # EMFILE


@pytest.mark.parametrize(
    "source",
    [
        "#for a in range(100000) { for b in range(100000) { let x = a * b } }",
        '#let x = "ab" * 2000000000\n#x.len()',
        "#for a in range(1000000) [#a #pagebreak()]",
    ],
)
def test_time_and_memory_have_an_end(
    source: str, data: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hurried, pytest.raises(RuleError):
        hurried.setattr(sandbox, "SECONDS", 1.5)
        sandbox.press_own(source, data)
    assert sandbox.press_own("Hola", data)  # the next print is not hurt


def test_a_source_that_is_too_long_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(RuleError) as refused:
        sandbox.press_own("x" * (sandbox.MOST_SOURCE + 1), data)
    assert refused.value.code == "template-too-long"


def test_an_error_names_the_line_of_the_source(data: dict[str, Any]) -> None:
    with pytest.raises(SourceError) as refused:
        sandbox.press_own("Hola\n\n#nothing-like-this", data)
    assert refused.value.params["line"] == 3
    assert "unknown variable" in str(refused.value.params["message"])
