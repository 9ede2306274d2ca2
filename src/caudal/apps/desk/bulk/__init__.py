"""What the desk does with many customers at once; every act says how it is taken back."""

from caudal.apps.desk.bulk import (  # noqa: F401 - each registers its acts
    editing,
    ending,
    exporting,
    invoicing,
    moving,
    states,
    subject,
    tagging,
    telling,
)
