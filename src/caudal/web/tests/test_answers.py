"""What API views raise: refusals are answers that a program can read, faults stay faults."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError as FieldErrors
from django.http import Http404
from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from caudal.core.errors import ErrorCode, RuleError


def answer_to(error: Exception) -> Response:
    class Raising(APIView):
        authentication_classes = permission_classes = throttle_classes = ()

        def get(self, request: Request) -> Response:
            raise error

    with translation.override("en"):
        answer: Any = Raising.as_view()(APIRequestFactory().get("/"))
    return answer


def test_a_refusal_is_answered_with_its_code_and_its_sentence() -> None:
    answer = answer_to(RuleError(ErrorCode.ZONE_UNKNOWN))
    assert (answer.status_code, answer.data) == (
        400, {"code": "zone-unknown", "detail": "That time zone does not exist."}
    )  # fmt: skip


def test_fields_that_a_row_refuses_are_answered_by_name() -> None:
    answer = answer_to(FieldErrors({"name": ["It is taken."]}))
    assert (answer.status_code, answer.data) == (400, {"name": ["It is taken."]})


def test_a_fault_is_no_answer() -> None:
    with pytest.raises(ZeroDivisionError):
        answer_to(ZeroDivisionError())


def test_what_is_not_there_is_answered_without_words_of_the_database() -> None:
    answer = answer_to(Http404("No Customer matches the given query."))
    assert (answer.status_code, answer.data) == (404, {"detail": "Not found."})
