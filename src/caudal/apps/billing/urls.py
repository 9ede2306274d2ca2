"""Addresses of billing."""

from django.urls import URLPattern, path

from caudal.apps.billing.views import bulk, customer, invoices

app_name = "billing"

INVOICE, CUSTOMER = "invoices/<int:pk>/", "customers/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/export.<slug:kind>", invoices.export, name="export"),
    path("invoices/totals/", invoices.totals, name="totals"),
    path("invoices/bulk/", bulk.start, name="bulk"),
    path("invoices/bulk/latest/", bulk.latest, name="bulk_acts"),
    path("invoices/bulk/<int:pk>/", bulk.act, name="bulk_act"),
    path("invoices/bulk/<int:pk>/file/", bulk.file, name="bulk_file"),
    path(INVOICE, invoices.invoice, name="invoice"),
    path(f"{INVOICE}pdf/", invoices.pdf, name="pdf"),
    path(f"{INVOICE}void/", invoices.void, name="void"),
    path(f"{CUSTOMER}invoices/", customer.invoices_panel, name="customer-invoices"),
    path(f"{CUSTOMER}statement/", customer.statement_panel, name="statement"),
    path(f"{CUSTOMER}issue/", customer.issue, name="issue"),
    path(f"{CUSTOMER}issue/preview/", customer.issue_preview, name="issue_preview"),
    path(f"{CUSTOMER}adjust/", customer.adjust, name="adjust"),
]
