"""Addresses of the catalog."""

from django.urls import URLPattern, path

from caudal.apps.catalog.shelves import SHELVES, Shelf
from caudal.apps.catalog.views import logo, rules, shelf_form, shelf_list, shelf_switch

app_name = "catalog"


def _of(shelf: Shelf) -> list[URLPattern]:
    at, key = f"{shelf.key}/", shelf.key
    return [
        path(at, shelf_list(shelf), name=key),
        path(f"{at}new/", shelf_form(shelf, is_new=True), name=f"new-{key}"),
        path(f"{at}<int:pk>/", shelf_form(shelf, is_new=False), name=f"edit-{key}"),
        path(f"{at}<int:pk>/in-use/<int:in_use>/", shelf_switch(shelf), name=f"switch-{key}"),
    ]


urlpatterns = [
    *(each for shelf in SHELVES for each in _of(shelf)),
    path("companies/<int:pk>/logo/", logo, name="logo"),
    path("companies/<int:pk>/rules/", rules, name="rules"),
]
