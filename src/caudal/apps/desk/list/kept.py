"""Named views of the customers list: a person's filters, order and columns, shared if he likes."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Max, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.translation import gettext as _

from caudal.apps.desk.models import SavedView
from caudal.apps.staff.models import User
from caudal.store.order import move

VOLATILE = ("cursor", "new", "list", "csrfmiddlewaretoken")
LONGEST_NAME = 60
MOST = 100
"""Views of one person."""


def views_for(user: User) -> QuerySet[SavedView]:
    """His own in his order, then those that others share, by name."""
    mine = Case(When(user=user, then=Value(0)), default=Value(1))
    rows = SavedView.objects.filter(Q(user=user) | Q(is_shared=True)).select_related("user")
    place = Case(When(user=user, then="position"), default=Value(0))
    return rows.annotate(whose=mine, place=place).order_by("whose", "place", "name", "id")


def query_of(text: str) -> str:
    """The address without what belongs to one look at it."""
    kept = QueryDict(text.lstrip("?"), mutable=True)
    for gone in VOLATILE:
        kept.pop(gone, None)
    return kept.urlencode()


@transaction.atomic
def save_view(*, user: User, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep the address under that name; the same name again is replaced, and stays as shared."""
    named, mine = _named(name), SavedView.objects.filter(user=user)
    if (found := mine.filter(name=named).first()) is not None:
        return edit_view(view=found, query=query)
    if mine.count() >= MOST:
        raise ValidationError({"name": _("Forget some views first: there are too many.")})
    last = mine.aggregate(last=Max("position"))["last"] or 0
    return SavedView.objects.create(
        user=user, name=named, query=query_of(query), is_shared=is_shared, position=last + 1
    )


@transaction.atomic
def edit_view(
    *,
    view: SavedView,
    name: str | None = None,
    query: str | None = None,
    is_shared: bool | None = None,
) -> SavedView:
    """Another name, address, or audience; None stays. Raises ValidationError by field."""
    if name is not None:
        view.name = _named(name)
        others = SavedView.objects.filter(user=view.user_id, name=view.name).exclude(pk=view.pk)
        if others.exists():
            raise ValidationError({"name": _("You have a view of that name already.")})
    if query is not None:
        view.query = query_of(query)
    if is_shared is not None:
        view.is_shared = is_shared
    view.save(update_fields=["name", "query", "is_shared"])
    return view


@transaction.atomic
def move_view(*, view: SavedView, steps: int) -> None:
    """Show it so many places later among his own, or earlier where `steps` is negative."""
    move(SavedView.objects.select_for_update().filter(user=view.user_id), view, steps)


def delete_view(*, user: User, pk: int) -> None:
    """Forget one of his own."""
    SavedView.objects.filter(user=user, pk=pk).delete()


def _named(name: str) -> str:
    named = " ".join(name.split())[:LONGEST_NAME]
    if not named:
        raise ValidationError({"name": _("Give it a name.")})
    return named
