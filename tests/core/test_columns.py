"""Names of columns and what they mean."""

from caudal.core.columns import column_key, fit, names, propose, values_of
from caudal.core.ports.importer import Field, FileError, FileFault

OWN = names({Field.SERVICE_KEY: "Id Servicio", Field.USERNAME: "Servicio"})
ANYBODY = names({Field.NAME: "nombre|cliente", Field.USERNAME: "usuario", Field.MORE_NOTES: "a|b"})


def test_accents_case_and_signs_do_not_matter() -> None:
    assert column_key(" E-Mail  (Principal)") == column_key("e mail principal")


def test_the_systems_own_names_go_first_and_a_meaning_is_given_once() -> None:
    header = ["Usuario", "Servicio", "Nombre", "Cliente", "A", "B", "Color"]
    meanings = propose([OWN, ANYBODY], header)
    assert meanings == [
        None, Field.USERNAME, Field.NAME, None, Field.MORE_NOTES, Field.MORE_NOTES, None,
    ]  # fmt: skip
    assert fit(OWN, header) == 1


def test_several_columns_of_one_meaning_are_joined() -> None:
    mapping = [Field.NAME, Field.MORE_PHONES, Field.MORE_PHONES, Field.MORE_NOTES, Field.MORE_NOTES]
    values = values_of(["n", "t1", "t2", "ONU", "Nodo"], ["Eva", "1", "2", "X", "Y"], mapping)
    assert values == {
        Field.NAME: "Eva", Field.MORE_PHONES: "1; 2", Field.MORE_NOTES: "ONU: X\nNodo: Y",
    }  # fmt: skip


def test_empty_cells_columns_left_out_and_short_rows_say_nothing() -> None:
    assert values_of(["n", "x", "y"], ["", "1"], [Field.NAME, None, Field.CITY]) == {}


def test_a_file_error_tells_its_fault() -> None:
    assert str(FileError(FileFault.EMPTY)) == "empty"
    assert str(FileError(FileFault.TOO_MANY_ROWS, "9")) == "too-many-rows: 9"
