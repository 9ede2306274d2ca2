"""The words of results are their own, whatever columns are called."""

from django.utils.translation import gettext, override

from caudal.apps.joblog.words import RESULTS, result_word


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
