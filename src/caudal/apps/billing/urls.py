"""Addresses of billing."""

from django.urls import URLPattern, path

from caudal.apps.billing.views import (
    customer,
    editor,
    invoices,
    merges,
    selling,
    statement,
)

app_name = "billing"

INVOICE, CUSTOMER = "invoices/<int:pk>/", "customers/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/export.<slug:kind>", invoices.export, name="export"),
    path("invoices/totals/", invoices.totals, name="totals"),
    path(INVOICE, invoices.invoice, name="invoice"),
    path(f"{INVOICE}pdf/", invoices.pdf, name="pdf"),
    path(f"{INVOICE}ticket/", invoices.ticket, name="ticket"),
    path(f"{INVOICE}edit/", editor.edit, name="edit"),
    path(f"{INVOICE}edit/preview/", editor.preview, name="edit_preview"),
    path(f"{INVOICE}unmerge/", merges.unmerge, name="unmerge"),
    path(f"{CUSTOMER}merge/", merges.merge, name="merge"),
    path(f"{INVOICE}void/", invoices.void, name="void"),
    path(f"{CUSTOMER}invoices/", customer.invoices_panel, name="customer-invoices"),
    path(f"{CUSTOMER}statement/", statement.panel, name="statement"),
    path(f"{CUSTOMER}statement/page/", statement.page, name="statement_page"),
    path(f"{CUSTOMER}statement/pdf/", statement.pdf, name="statement_pdf"),
    path(f"{CUSTOMER}statement/export.<slug:kind>", statement.export, name="statement_export"),
    path(f"{CUSTOMER}letter/<slug:kind>/", statement.letter, name="letter"),
    path(f"{CUSTOMER}debt/", statement.debt, name="debt"),
    path(f"{CUSTOMER}settings/", customer.settings_panel, name="customer-settings"),
    path("notes/<int:pk>/pdf/", customer.note, name="note_pdf"),
    path(f"{CUSTOMER}issue/", customer.issue, name="issue"),
    path(f"{CUSTOMER}issue/preview/", customer.issue_preview, name="issue_preview"),
    path(f"{CUSTOMER}adjust/", customer.adjust, name="adjust"),
    path(f"{CUSTOMER}products/", selling.panel, name="customer-products"),
    path(f"{CUSTOMER}sell/", selling.sell, name="sell"),
    path(f"{CUSTOMER}discount/", selling.discount, name="discount"),
    path(f"{CUSTOMER}fixed-date/", selling.fix, name="fix"),
    path("products/<int:pk>/end/", selling.end, name="end-product"),
    path("products/<int:pk>/move/", selling.move, name="move-product"),
    path("products/<int:pk>/cancel/", selling.cancel, name="cancel-product"),
    path("discounts/<int:pk>/cancel/", selling.cancel_discount, name="cancel-discount"),
    path("items/<int:pk>/cancel/", selling.cancel_item, name="cancel-item"),
    path("fixed-dates/<int:pk>/free/", selling.free, name="free"),
]
