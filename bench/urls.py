"""The product's addresses and the admin's."""

from django.urls import include, path

from bench.admin import site

urlpatterns = [path("bench-admin/", site.urls), path("", include("caudal.project.urls"))]
