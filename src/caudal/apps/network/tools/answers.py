"""What the API answers where a router did not do as asked."""

from rest_framework.exceptions import ValidationError

from caudal.apps.network.tools.asking import in_words
from caudal.core.ports.access import AccessError


def not_done(error: AccessError) -> ValidationError:
    """400 with the fault's code and the sentence of the screens."""
    return ValidationError({"code": str(error.fault), "detail": in_words(error)})
