"""What jobs say in their results, so that the screen can say it in the reader's language.

A job's result has short English keys; a key that is missing here is shown as it is. They have a
context of their own because columns have the same names: "cut" is a date there, customers here.
"""

from django.utils.translation import pgettext, pgettext_lazy

CONTEXT = "result of a job"

RESULTS = (
    pgettext_lazy("result of a job", "created"),
    pgettext_lazy("result of a job", "parked"),
    pgettext_lazy("result of a job", "totals"),
    pgettext_lazy("result of a job", "skipped"),
    pgettext_lazy("result of a job", "issued"),
    pgettext_lazy("result of a job", "reminders"),
    pgettext_lazy("result of a job", "cut"),
    pgettext_lazy("result of a job", "sent"),
    pgettext_lazy("result of a job", "failed"),
    pgettext_lazy("result of a job", "retried"),
    pgettext_lazy("result of a job", "plans"),
    pgettext_lazy("result of a job", "imports"),
    pgettext_lazy("result of a job", "forgotten"),
    pgettext_lazy("result of a job", "busy"),
    pgettext_lazy("result of a job", "already billed period"),
    pgettext_lazy("result of a job", "customer gratis"),
    pgettext_lazy("result of a job", "not served"),
    pgettext_lazy("result of a job", "recharge unpaid"),
    pgettext_lazy("result of a job", "operator invoice this month"),
    pgettext_lazy("result of a job", "invoice this month"),
    pgettext_lazy("result of a job", "suspended not billed"),
    pgettext_lazy("result of a job", "in sync"),
    pgettext_lazy("result of a job", "applied"),
    pgettext_lazy("result of a job", "braked"),
    pgettext_lazy("result of a job", "unreachable"),
    pgettext_lazy("result of a job", "drift"),
    pgettext_lazy("result of a job", "read only"),
    pgettext_lazy("result of a job", "runs"),
    pgettext_lazy("result of a job", "waiting"),
    pgettext_lazy("result of a job", "refused"),
    pgettext_lazy("result of a job", "problem"),
    pgettext_lazy("result of a job", "shadow"),
    pgettext_lazy("result of a job", "checked"),
    pgettext_lazy("result of a job", "fell"),
    pgettext_lazy("result of a job", "rose"),
    pgettext_lazy("result of a job", "read"),
    pgettext_lazy("result of a job", "told"),
    pgettext_lazy("result of a job", "posted"),
    pgettext_lazy("result of a job", "taken_back"),
    pgettext_lazy("result of a job", "summaries"),
    pgettext_lazy("result of a job", "tried"),
    pgettext_lazy("result of a job", "backups"),
    pgettext_lazy("result of a job", "routers"),
    pgettext_lazy("result of a job", "proofs"),
    pgettext_lazy("result of a job", "changed"),
    pgettext_lazy("result of a job", "alarms"),
    pgettext_lazy("result of a job", "changes"),
    pgettext_lazy("result of a job", "holds"),
    pgettext_lazy("result of a job", "recovered"),
    pgettext_lazy("result of a job", "rows"),
    pgettext_lazy("result of a job", "done"),
    pgettext_lazy("result of a job", "restored"),
    pgettext_lazy("result of a job", "restarted"),
    pgettext_lazy("result of a job", "notices"),
    pgettext_lazy("result of a job", "updates"),
    pgettext_lazy("result of a job", "dry run"),
    pgettext_lazy("result of a job", "lost"),
    pgettext_lazy("result of a job", "files"),
)


def result_word(key: str) -> str:
    """What the screen calls `key` of a result."""
    return pgettext(CONTEXT, key.replace("_", " ").replace("-", " "))
