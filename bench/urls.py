"""The product's addresses, the admin's, and the least that a view of the list can do."""

from django.urls import include, path

from bench.admin import site
from bench.bare import customers

urlpatterns = [
    path("bench-admin/", site.urls),
    path("bench-bare/customers/", customers),
    path("", include("caudal.project.urls")),
]
