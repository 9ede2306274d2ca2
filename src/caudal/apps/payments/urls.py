"""Addresses of payments."""

from django.urls import URLPattern, path, register_converter

from caudal.apps.payments.views import boxes, payments, register

app_name = "payments"


class StyleConverter:
    """How a receipt is printed."""

    regex = "letter|ticket"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StyleConverter, "receipt")

ONE = "<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("", payments.payments, name="payments"),
    path("export.<slug:kind>", payments.export, name="export"),
    path(ONE, payments.payment, name="payment"),
    path(f"{ONE}receipt/<receipt:style>/", payments.receipt, name="receipt"),
    path(f"{ONE}delete/", payments.delete, name="delete"),
    path(f"{ONE}edit/", payments.edit, name="edit"),
    path("customers/<int:pk>/", payments.customer_panel, name="customer-payments"),
    path("customers/<int:pk>/new/", register.register, name="register"),
    path("customers/<int:pk>/new/preview/", register.preview, name="preview"),
    path("boxes/", boxes.boxes, name="boxes"),
    path("boxes/new/", boxes.create_box, name="create_box"),
    path("boxes/<int:pk>/", boxes.edit_box, name="edit_box"),
]
