"""Django's own admin list of customers, as its documentation tells to make it."""

from django.contrib import admin
from django.http import HttpRequest

from caudal.apps.customers.models import Customer


class OpenSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active


class CustomerAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "zone", "address", "registered_on", "state", "balance")
    list_select_related = ("zone",)
    list_filter = ("zone", "services__state", "services__plan", "services__connection__router")
    search_fields = (
        "code", "name", "nickname", "document_number", "address", "contacts__value",
        "services__connection__address", "services__connection__username",
        "services__connection__mac",
    )  # fmt: skip
    list_per_page = 50

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).prefetch_related("services", "balances")

    def balance(self, customer: Customer) -> str:
        return str(sum(balance.amount for balance in customer.balances.all()))

    def state(self, customer: Customer) -> str:
        return ", ".join(service.get_state_display() for service in customer.services.all())

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        return True


site = OpenSite()
site.register(Customer, CustomerAdmin)
