"""The words of results are their own, whatever columns are called."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext, override

from caudal.apps.joblog.words import RESULTS, result_word

APPS = Path(__file__).parents[2]


def test_a_result_and_a_column_of_the_same_name_read_differently() -> None:
    with override("es"):
        assert (result_word("cut"), gettext("cut")) == ("cortados", "corte")


def test_every_known_result_has_spanish_words() -> None:
    with override("es"):
        assert [str(word) for word in RESULTS if str(word) in {"", "created", "cut"}] == []
        assert result_word("in_sync") == "al día"


def test_an_unknown_result_is_shown_as_it_is() -> None:
    with override("es"):
        assert result_word("something-new") == "something new"


def test_whatever_a_job_answers_has_its_word() -> None:
    with override("en"):
        known = {str(word) for word in RESULTS}
    files = [*APPS.glob("*/jobs.py"), *APPS.glob("*/*/jobs.py")]
    told = {(path.parent.name, name) for path in files for name in _answered(path)}
    assert len(files) > 10 and len(told) > 10
    assert {each for each in told if each[1] not in known} == set()


def _answered(path: Path) -> Iterator[str]:
    """Keys of the dictionaries that functions return, as the screen looks them up."""
    for returned in ast.walk(ast.parse(path.read_text())):
        if isinstance(returned, ast.Return):
            for node in ast.walk(returned):
                if isinstance(node, ast.Dict):
                    names = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                    yield from (name.replace("_", " ") for name in names if isinstance(name, str))
                elif isinstance(node, ast.Call) and ast.unparse(node.func) == "_some":
                    yield from (word.arg.replace("_", " ") for word in node.keywords if word.arg)
