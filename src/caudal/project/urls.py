"""Every address of the panel, one include per room."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import autodiscover_modules

from caudal.project.api import Description, page
from caudal.project.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("", include("caudal.apps.desk.urls")),
    path("api/", page, name="api"),
    path("api/openapi.yaml", Description.as_view(), name="api-description"),
    path("api/v1/", include("caudal.apps.desk.api_urls")),
    path("api/v1/", include("caudal.apps.catalog.api_urls")),
    path("api/v1/", include("caudal.apps.network.api_urls")),
    path("api/v1/", include("caudal.apps.radius.api_urls")),
    path("api/v1/", include("caudal.apps.billing.api_urls")),
    path("api/v1/", include("caudal.apps.bulk.api_urls")),
    path("api/v1/", include("caudal.apps.runs.api_urls")),
    path("api/v1/", include("caudal.apps.dunning.api_urls")),
    path("api/v1/", include("caudal.apps.monitoring.api_urls")),
    path("api/v1/", include("caudal.apps.payments.api_urls")),
    path("api/v1/", include("caudal.apps.treasury.api_urls")),
    path("api/v1/", include("caudal.apps.imports.api_urls")),
    path("api/v1/", include("caudal.apps.updates.api_urls")),
    path("api/v1/", include("caudal.apps.messaging.api_urls")),
    path("api/v1/", include("caudal.apps.reports.api_urls")),
    path("api/v1/", include("caudal.apps.maps.api_urls")),
    path("billing/", include("caudal.apps.billing.urls")),
    path("bulk/", include("caudal.apps.bulk.urls")),
    path("ledger/", include("caudal.apps.ledger.urls")),
    path("documents/", include("caudal.apps.documents.urls")),
    path("dunning/", include("caudal.apps.dunning.urls")),
    path("runs/", include("caudal.apps.runs.urls")),
    path("payments/", include("caudal.apps.payments.urls")),
    path("treasury/", include("caudal.apps.treasury.urls")),
    path("imports/", include("caudal.apps.imports.urls")),
    path("catalog/", include("caudal.apps.catalog.urls")),
    path("ayuda/", include("caudal.apps.manual.urls")),
    path("jobs/", include("caudal.apps.joblog.urls")),
    path("messages/", include("caudal.apps.messaging.urls")),
    path("map/", include("caudal.apps.maps.urls")),
    path("monitoring/", include("caudal.apps.monitoring.urls")),
    path("network/", include("caudal.apps.network.urls")),
    path("radius/", include("caudal.apps.radius.urls")),
    path("reports/", include("caudal.apps.reports.urls")),
    path("staff/", include("caudal.apps.staff.urls")),
    path("training/", include("caudal.apps.training.urls")),
    path("updates/", include("caudal.apps.updates.urls")),
    path("", include("caudal.apps.portal.urls")),
]

autodiscover_modules("panels", "searching")
