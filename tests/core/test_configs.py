"""Configurations as text: secrets hidden, lines whole, differences and searches."""

import pytest

from caudal.core.configs import HIDDEN, Line, difference, digest, hide_secrets, hits, whole_lines

EXPORT = """# 2026-11-21 10:00:00 by RouterOS 7.16.2
/interface wireless
set wlan1 ssid=torre
/ppp secret
add name=ana password=clave123 profile=10M
add name=beto password="con espacio" profile=10M
"""


@pytest.mark.parametrize(
    "line",
    [
        "add name=ana password=clave123",
        'add name=ana password="clave \\"123\\""',
        "set wpa2-pre-shared-key=clave123",
        "add address=10.0.0.1 secret=clave123 service=ppp",
        'add private-key="clave123="',
        "set authentication-password=clave123",
    ],
)
def test_secrets_are_hidden_in_every_spelling(line: str) -> None:
    hidden = hide_secrets(line)
    assert "clave" not in hidden and HIDDEN in hidden
    assert hidden.split("=")[0] == line.split("=")[0]


def test_what_is_no_secret_stays() -> None:
    line = "/ppp secret\nadd name=ana profile=10M service=pppoe comment=llave"
    assert hide_secrets(line) == line


def test_a_broken_line_becomes_whole_again_before_its_secret_is_sought() -> None:
    text = "add name=ana password=\\\r\n    clave123 \\\r\n    profile=10M\r\n"
    assert hide_secrets(whole_lines(text)) == f"add name=ana password={HIDDEN} profile=10M\n"


def test_only_the_time_of_the_export_does_not_make_another_configuration() -> None:
    later = EXPORT.replace("10:00:00", "11:11:11")
    assert digest(later) == digest(EXPORT)
    assert digest(EXPORT.replace("torre", "norte")) != digest(EXPORT)


def test_a_difference_tells_what_went_and_what_came_and_where() -> None:
    found = difference(EXPORT, EXPORT.replace("name=ana ", "name=anita "))
    assert found[0] == Line("@", "/interface wireless")
    assert [line.text[:14] for line in found if line.sign == "-"] == ["add name=ana p"]
    assert [line.text[:14] for line in found if line.sign == "+"] == ["add name=anita"]
    assert Line(" ", "/ppp secret") in found


def test_equal_configurations_do_not_differ() -> None:
    assert difference(EXPORT, EXPORT.replace("10:00:00", "11:11:11")) == []


def test_a_search_tells_the_line_and_its_menu_in_any_case() -> None:
    (found,) = hits(EXPORT, "NAME=BETO", 5)
    assert (found.number, found.section) == (6, "/ppp secret")
    assert len(hits(EXPORT, "add", 1)) == 1
