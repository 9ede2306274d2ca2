"""The launcher and its help; the lock files of what it installs."""

import subprocess
from importlib import import_module

import pytest

from caudal.project import cli, serving, testing
from tests.house.code import ROOT


def test_help_names_every_command() -> None:
    usage = cli.usage()
    assert [name for name in (*cli.OWN, *cli.DJANGO) if f"  {name} " not in usage] == []


def test_every_own_command_has_something_to_run() -> None:
    for module, _ in cli.OWN.values():
        assert callable(import_module(f"caudal.project.{module}").main)


def test_the_launcher_is_a_script_that_any_shell_reads() -> None:
    subprocess.run(["sh", "-n", str(ROOT / "caudal")], check=True)
    subprocess.run(["sh", "-n", str(ROOT / ".ci/run")], check=True)


def test_the_development_lock_holds_all_that_production_needs() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        return {line.removesuffix(" \\") for line in lines if "==" in line and line[0] != " "}

    assert pins("base.lock") <= pins("dev.lock")


def test_the_panel_listens_where_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9123")
    monkeypatch.setenv("WORKERS", "3")
    command = serving.panel()
    assert command[command.index("--port") + 1] == "9123"
    assert command[command.index("--workers") + 1] == "3"


def test_what_cannot_be_installed_is_said_and_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(testing, "_there", lambda sign: False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    testing.install_system_packages()
    said = capsys.readouterr().out
    assert "chromium (the browser tests drive it)" in said
    assert "the tests that need them are left out" in said
