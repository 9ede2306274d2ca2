"""A bare keyset view of the customers list: signed in, one query, a table and nothing around it."""

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template

from caudal.apps.customers.models import Customer
from caudal.web.table import KeysetPage

FIELDS = ("id", "code", "name", "zone__name", "registered_on", "plan", "held", "given", "debt")
PAGE = Template(
    "<table>{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>"
    "{% endfor %}</table><a href='?cursor={{ next }}'>next</a>"
)


@login_required
def customers(request: HttpRequest) -> HttpResponse:
    found = Customer.objects.filter(archived_at=None).annotate(
        plan=F("services__plan__name"),
        given=F("services__connection__address"),
        debt=F("balances__amount"),
    )
    rows = found.annotate(held=F("services__state")).values_list(*FIELDS, named=True)
    page = KeysetPage.of(rows, ("name",), request.GET.get("cursor", ""), 50)
    return HttpResponse(PAGE.render(Context({"rows": page.rows, "next": page.next_cursor})))
