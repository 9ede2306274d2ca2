"""What the search everywhere finds of the manual: its sections, by title and then by words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.manual.finding import find_sections
from caudal.web import places, search
from caudal.web.places import Place
from caudal.web.search import Hit, Searcher


def find_help(user: Any, typed: str, limit: int) -> list[Hit]:
    return [
        Hit(found.section.title, found.url, found.page.title)
        for found in find_sections(typed)[:limit]
    ]


search.register(
    Searcher("help", _("Manual"), "book", "", find_help, order=200, list_name="manual:index")
)
places.register(
    Place(
        _("Manual"), "manual:index", "book", "",
        _("help how do I guide instructions"), is_act=False, order=90,
    )
)  # fmt: skip
