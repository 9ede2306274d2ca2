"""The door for gateways: open to all, deaf to whatever is not signed."""

from typing import Any

import structlog
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from caudal.apps.clock.now import machine_time, now
from caudal.apps.staff.access import public
from caudal.apps.treasury import collect
from caudal.apps.treasury.models import Gateway
from caudal.apps.treasury.throttling import may_knock
from caudal.core.ports.gateway import GatewayError, GatewayFault, RawNotice

log = structlog.get_logger()

LARGEST = 64 * 1024
FORGED_RATE = "60/min"
STATUSES = {GatewayFault.FORGED: 401, GatewayFault.MALFORMED: 400}


@public
@csrf_exempt
@require_POST
def notice(request: HttpRequest, slug: str) -> JsonResponse:
    """200 for every genuine notice, the first time and always; 401 or 400 for others, of which
    only a line in the log is left. Only those are counted against their sender."""
    gateway = get_object_or_404(Gateway, slug=slug, is_active=True)
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > LARGEST:
        return _refuse(request, gateway, "too-large", 413)
    try:
        collect.receive(gateway, _raw(request), now(), machine_time())
    except GatewayError as error:
        return _refuse(request, gateway, error.fault, STATUSES.get(error.fault, 503))
    return JsonResponse({"received": True})


def _raw(request: HttpRequest) -> RawNotice:
    headers: dict[str, Any] = {name.lower(): value for name, value in request.headers.items()}
    return RawNotice(request.body, headers, request.GET.dict())


def _refuse(request: HttpRequest, gateway: Gateway, fault: str, status: int) -> JsonResponse:
    """Neither body nor signature is written down: they may hold what is not ours to keep."""
    if not may_knock(request, f"notices:{gateway.slug}", FORGED_RATE):
        return JsonResponse({"error": "too-many"}, status=429)
    log.warning(
        "treasury.notice_refused",
        gateway=gateway.slug,
        fault=str(fault),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    return JsonResponse({"error": str(fault)}, status=status)
