"""Whether the panel answers and reaches its database, for load balancers and the launcher."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from caudal.apps.staff.access import public


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """200 and "ok", or 500 where the database cannot be asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
