"""Named views of the customers list: one person's filters, order and columns."""

from django.http import QueryDict

from caudal.apps.desk.models import SavedView
from caudal.apps.staff.models import User

VOLATILE = ("cursor", "new", "list", "csrfmiddlewaretoken")
LONGEST_NAME = 60


def save_view(*, user: User, name: str, query: str) -> SavedView:
    """Keep the address under that name; the same name again is replaced."""
    kept = QueryDict(query, mutable=True)
    for gone in VOLATILE:
        kept.pop(gone, None)
    view, _made = SavedView.objects.update_or_create(
        user=user, name=name.strip()[:LONGEST_NAME], defaults={"query": kept.urlencode()}
    )
    return view


def delete_view(*, user: User, pk: int) -> None:
    """Forget one of his own."""
    SavedView.objects.filter(user=user, pk=pk).delete()
