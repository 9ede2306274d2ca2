"""How often strangers may knock at the doors that are open to all."""

from typing import Any

from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class Strangers(SimpleRateThrottle):
    """Counts by network address; `scope` keeps one door's count apart from another's."""

    def __init__(self, scope: str, rate: str) -> None:
        self.scope = scope
        self.rate = rate
        super().__init__()

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"treasury:{self.scope}:{self.get_ident(request)}"


def may_knock(request: Any, scope: str, rate: str) -> bool:
    """One more knock; False where there were too many, e.g. more than rate "30/min"."""
    return bool(Strangers(scope, rate).allow_request(request, APIView()))
