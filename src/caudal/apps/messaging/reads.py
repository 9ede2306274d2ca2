"""What other rooms ask of messaging."""

from caudal.apps.messaging.defaults import DEFAULTS
from caudal.apps.messaging.models import Template
from caudal.apps.messaging.occasions import Context, Occasion
from caudal.apps.messaging.render import TemplateError, Text, render


def preview(occasion: str, context: Context, language: str = "es") -> Text:
    """The message as it would be left now; where the edited text fails, what says so."""
    row = Template.objects.filter(occasion=Occasion(occasion), language=language).first()
    subject, body = (row.subject, row.body) if row else DEFAULTS[occasion, language]
    try:
        return render(subject, body, context, language)
    except TemplateError as error:
        return Text("", error.reason)
