"""What the imports room refuses, and the sentence a person reads about it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from caudal.web import errors


class ImportCode(StrEnum):
    PLAN_APPROVED = "plan-approved"
    PLAN_CHANGED = "plan-changed"
    ROW_IS_OF_A_FILE = "row-is-of-a-file"
    MATCHED_ALREADY = "matched-already"
    NOTHING_TO_IMPORT = "nothing-to-import"
    ROW_STAYS = "row-stays"


errors.register(
    {
        ImportCode.PLAN_APPROVED: _("Somebody has approved this plan already."),
        ImportCode.PLAN_CHANGED: _(
            "The plan is not the one you saw: look at the new one before you approve it."
        ),
        ImportCode.ROW_IS_OF_A_FILE: _("Rows of a file are changed in the file."),
        ImportCode.NOTHING_TO_IMPORT: _(
            "No ticked row is without errors: mend the file, or tick rows, before you import it."
        ),
        ImportCode.ROW_STAYS: "{why}",
        "held-by-other-rows": _("Other rows speak of it: it stays."),
        ImportCode.MATCHED_ALREADY: _("Another row of this router was given to that service."),
    }
)
