"""Addresses of payments."""

from django.urls import URLPattern, path, register_converter

from caudal.apps.payments.views import (
    boxes,
    cheques,
    commissions,
    daily,
    desk,
    payments,
    refunds,
    register,
    sessions,
)

app_name = "payments"


class StyleConverter:
    """How a receipt is printed."""

    regex = "letter|ticket58|ticket"

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
    path("customers/<int:pk>/refund/", refunds.refund_credit, name="refund-credit"),
    path(f"{ONE}refund/", refunds.refund_payment, name="refund"),
    path("parts/<int:pk>/", payments.edit_part, name="edit-part"),
    path("refunds/", refunds.refunds, name="refunds"),
    path("refunds/<int:pk>/receipt/", refunds.receipt, name="refund_receipt"),
    path("refunds/<int:pk>/delete/", refunds.delete, name="delete-refund"),
    path("desk/", desk.desk, name="desk"),
    path("desk/search/", desk.search, name="desk-search"),
    path("desk/<int:pk>/", desk.desk_customer, name="desk-customer"),
    path("daily/", daily.daily, name="daily"),
    path("daily/export.<slug:kind>", daily.export, name="daily-export"),
    path("commissions/", commissions.report, name="commissions"),
    path("commissions/export.<slug:kind>", commissions.export, name="commissions-export"),
    path("commissions/rates/new/", commissions.set_rate, name="set_commission"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/new/", sessions.open_session, name="open_session"),
    path("sessions/<int:pk>/", sessions.session, name="session"),
    path("sessions/<int:pk>/close/", sessions.close_session, name="close_session"),
    path("cash/move/", sessions.move, name="move_cash"),
    path("cash/hand-over/", sessions.hand_over, name="hand_over"),
    path("cheques/", cheques.cheques, name="cheques"),
    path("cheques/<int:pk>/", cheques.cheque, name="cheque"),
    path("cheques/<int:pk>/reject/", cheques.reject, name="reject_cheque"),
    path("cheques/deposit/", cheques.deposit, name="deposit_cheques"),
    path("cheques/clear/", cheques.clear, name="clear_cheques"),
    path("boxes/", boxes.boxes, name="boxes"),
    path("boxes/new/", boxes.create_box, name="create_box"),
    path("boxes/<int:pk>/", boxes.edit_box, name="edit_box"),
]
