"""The sentences for what dunning refuses."""

from django.utils.translation import gettext_lazy as _

from caudal.web import errors

errors.register(
    {
        "promise-in-past": _("Choose today or a later day."),
        "promise-asks": _(
            "He has a promise to pay by {until}: say whether it is dropped or its control days go"
            " on."
        ),
    }
)
