"""Any sender of signed JSON notices, as the Standard Webhooks specification describes them.

The body is one JSON object: payment_id, status (pending, rejected, approved, refunded,
charged_back), amount ("300.00"), currency, reference, and if known paid_at (ISO 8601) and
refunded.
"""

from dataclasses import dataclass, field

from caudal.integrations import Manifest
from caudal.integrations.gateways.signed.driver import Signed


@dataclass(frozen=True, slots=True)
class Config:
    """`link_template` makes payment links, e.g. https://pay.example/?ref={reference}&sum={amount};
    also {currency} and {title}. Empty: the gateway makes none."""

    secret: str = field(default="", repr=False)
    window_s: int = 300
    link_template: str = ""


def connect(config: Config) -> Signed:
    return Signed(config.secret, config.window_s, config.link_template)


MANIFEST = Manifest("signed", "Signed notices", Config, connect, secret=frozenset({"secret"}))
