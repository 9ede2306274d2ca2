"""Mercado Pago: Checkout Pro links, and Webhooks that say which payment changed.

Facts as its public documentation gives them: the signature and the answers at
https://www.mercadopago.com.mx/developers/en/docs/checkout-pro-preferences/payment-notifications.md
and https://www.mercadopago.com.mx/developers/es/docs/your-integrations/notifications/webhooks.md
"""

from dataclasses import dataclass, field

from caudal.integrations import Manifest
from caudal.integrations.gateways.mercadopago.driver import MercadoPago

API = "https://api.mercadopago.com"


@dataclass(frozen=True, slots=True)
class Config:
    """`access_token` speaks for the account; `signing_key` is what Your integrations > Webhooks
    shows as secret key. `base_url` is another one only for practice."""

    access_token: str = field(default="", repr=False)
    signing_key: str = field(default="", repr=False)
    base_url: str = API
    timeout_s: int = 10


def connect(config: Config) -> MercadoPago:
    return MercadoPago(
        config.access_token, config.signing_key, config.base_url.rstrip("/"), config.timeout_s
    )


MANIFEST = Manifest(
    "mercadopago",
    "Mercado Pago",
    Config,
    connect,
    secret=frozenset({"access_token", "signing_key"}),
)
