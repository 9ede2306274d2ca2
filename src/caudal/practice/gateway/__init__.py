"""A payment gateway to practise with: the part of Mercado Pago's API that Caudal uses."""

from caudal.practice.gateway.notices import signed_notice, standard_notice
from caudal.practice.gateway.server import PracticeGateway

__all__ = ["PracticeGateway", "signed_notice", "standard_notice"]
