"""What other pages show of monitoring: the first page's card, and a customer's outages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer
from caudal.apps.monitoring import reads
from caudal.apps.monitoring.models import ServedBy
from caudal.apps.outages.models import Outage
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb

SHOWN = 8


@require_GET
@requires(Verb.SEE_NETWORK)
def card(request: HttpRequest) -> HttpResponse:
    """How many devices are in which state, those that are down, and outages that go on."""
    context = {
        "counts": reads.counts_by_state(person(request)),
        "troubles": reads.troubles(person(request), SHOWN),
        "outages": Outage.objects.open()[:SHOWN],
        "now": now(),
    }
    return render(request, "monitoring/_card.html", context)


@require_GET
@requires(Verb.SEE_CUSTOMERS)
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The outages that a customer was in, what they hold, and through what he is served."""
    found = get_object_or_404(visible(person(request), Customer.objects.all()), pk=pk)
    served = ServedBy.objects.filter(service__customer=found)
    context = {
        "customer": found,
        "outages": reads.outages_of(found.pk)[:SHOWN],
        "served": served.select_related("device", "service"),
        "now": now(),
    }
    return render(request, "monitoring/_customer.html", context)
