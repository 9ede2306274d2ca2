"""Merging translations loses none, and a text with a context has a translation of its own."""

import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from caudal.project import messages


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    catalog = Catalog(fuzzy=False)
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(messages, "gather", lambda: catalog)
    return catalog


def _merge(monkeypatch: pytest.MonkeyPatch, *files: Path) -> int:
    monkeypatch.setattr(sys, "argv", ["messages", *map(str, files)])
    return messages.main()


def _pairs(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_text(text)
    return path


def test_what_was_translated_stays_without_its_pairs(
    source: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.add("Zone")
    assert _merge(monkeypatch, _pairs(tmp_path, "Zone\tZona\n")) == 0
    assert _merge(monkeypatch) == 0
    assert messages.load("es")["Zone"].string == "Zona"


def test_a_pair_replaces_what_stood_there(
    source: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.add("Zone")
    _merge(monkeypatch, _pairs(tmp_path, "Zone\tLugar\n"))
    _merge(monkeypatch, _pairs(tmp_path, "Zone\tZona\n"))
    assert messages.load("es")["Zone"].string == "Zona"


def test_a_text_with_a_context_needs_a_pair_of_its_own(
    source: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.add("To")
    source.add("To", context="recipient")
    assert _merge(monkeypatch, _pairs(tmp_path, "To\tHasta\n")) == 1
    assert _merge(monkeypatch, _pairs(tmp_path, "[recipient] To\tPara\n")) == 0
    es = messages.load("es")
    found = (es.get("To"), es.get("To", "recipient"))
    assert [message and message.string for message in found] == ["Hasta", "Para"]
