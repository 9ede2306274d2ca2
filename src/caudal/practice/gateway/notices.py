"""Notices as gateways send them: address, headers and body, signed."""

import base64
import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen


@dataclass(frozen=True, slots=True)
class Sent:
    """A request to be made, as often and as late as one likes."""

    url: str
    headers: dict[str, str]
    body: bytes

    def post(self, timeout_s: float = 22) -> int:
        """Send it; the status of the answer. 22 seconds is how long Mercado Pago waits."""
        request = Request(self.url, self.body, self.headers, method="POST")
        try:
            with urlopen(request, timeout=timeout_s) as answer:
                return int(answer.status)
        except HTTPError as error:
            error.close()
            return int(error.code)


def signed_notice(
    url: str, key: str, payment_id: str, *, event_id: str, stamp: int, action: str = "updated"
) -> Sent:
    """As Mercado Pago's Webhooks: the id in the query, the signature over it."""
    request_id = f"req-{event_id}"
    manifest = f"id:{payment_id};request-id:{request_id};ts:{stamp};"
    mark = hmac.new(key.encode(), manifest.encode(), sha256).hexdigest()
    body = {
        "id": event_id,
        "live_mode": False,
        "type": "payment",
        "api_version": "v1",
        "action": f"payment.{action}",
        "data": {"id": payment_id},
    }
    headers = {
        "Content-Type": "application/json",
        "x-request-id": request_id,
        "x-signature": f"ts={stamp},v1={mark}",
    }
    query = urlencode({"data.id": payment_id, "type": "payment"})
    return Sent(f"{url}?{query}", headers, json.dumps(body).encode())


def standard_notice(url: str, key: str, told: dict[str, Any], *, event_id: str, stamp: int) -> Sent:
    """As the Standard Webhooks specification has it: everything is in the body."""
    body = json.dumps(told).encode()
    signed = b".".join((event_id.encode(), str(stamp).encode(), body))
    mark = base64.b64encode(hmac.new(key.encode(), signed, sha256).digest()).decode()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": f"v1,{mark}",
    }
    return Sent(url, headers, body)
