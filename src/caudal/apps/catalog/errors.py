"""What the catalog refuses, and the sentence a person reads about it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from caudal.core.errors import RuleError
from caudal.web import errors


class CatalogCode(StrEnum):
    PRICE_NEGATIVE = "price-negative"
    SPEED_MISSING = "speed-missing"
    TECHNOLOGY_STAYS = "technology-stays"
    BURST_INCOMPLETE = "burst-incomplete"
    GUARANTEE_ABOVE_SPEED = "guarantee-above-speed"
    BURST_BELOW_SPEED = "burst-below-speed"
    THRESHOLD_ABOVE_SPEED = "threshold-above-speed"
    NUMBER_GOES_BACK = "number-goes-back"
    PREFIX_SHARED = "prefix-shared"
    LOGO_TOO_LARGE = "logo-too-large"
    LOGO_NOT_A_PICTURE = "logo-not-a-picture"


class CatalogError(RuleError):
    """A refusal; `field` names the form's field that it is about, or is empty."""

    def __init__(self, code: CatalogCode, field: str = "", **params: object) -> None:
        super().__init__(code, **params)
        self.field = field


errors.register(
    {
        CatalogCode.PRICE_NEGATIVE: _("The price cannot be negative."),
        CatalogCode.SPEED_MISSING: _("The speed must be greater than zero."),
        CatalogCode.TECHNOLOGY_STAYS: _(
            "Services depend on it. For another technology make another plan."
        ),
        CatalogCode.BURST_INCOMPLETE: _(
            "A burst needs its speed, threshold and time, in both directions: fill all or none."
        ),
        CatalogCode.GUARANTEE_ABOVE_SPEED: _(
            "What is guaranteed cannot be faster than the plan's speed."
        ),
        CatalogCode.BURST_BELOW_SPEED: _("The burst cannot be slower than the plan's speed."),
        CatalogCode.THRESHOLD_ABOVE_SPEED: _(
            "The threshold cannot be faster than the plan's speed: the burst would never end."
        ),
        CatalogCode.NUMBER_GOES_BACK: _(
            "The next number cannot be lower than {least}: numbers would come twice."
        ),
        CatalogCode.PREFIX_SHARED: _(
            "These two kinds of document need different prefixes, or two would have one number."
        ),
        CatalogCode.LOGO_TOO_LARGE: _("The logo may have {most} KB at most."),
        CatalogCode.LOGO_NOT_A_PICTURE: _("The logo must be a PNG or JPEG picture."),
    }
)
