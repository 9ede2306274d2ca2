"""The public page of who is cut or owes, and the form in which a company words it."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from caudal.apps.catalog.models import Company
from caudal.apps.clock.now import now, today
from caudal.apps.messaging.render import TemplateError
from caudal.apps.portal import actions
from caudal.apps.portal.address import public_address
from caudal.apps.portal.forms import NoticePageForm
from caudal.apps.portal.models import NoticePage
from caudal.apps.portal.pictures import inline_logo
from caudal.apps.portal.reads import (
    Visitor,
    company_of_page,
    page_of,
    sample_visitor,
    visitor_at,
)
from caudal.apps.portal.words import FIELDS, shown_to
from caudal.apps.staff.access import actor, public, requires
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import answer_form

READ = "listo"
"""In the address of the page of who has just read it."""


@public
@never_cache
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """What a router shows who is cut, and what he sees who owes; anybody may look."""
    visitor = visitor_at(request.META.get("REMOTE_ADDR", ""), today())
    company = visitor.company if visitor else company_of_page()
    if company is None:
        return HttpResponse(_("Your internet service is suspended"), status=503)
    return _page(request, visitor, company, page_of(company))


@public
@never_cache
@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """He has read his reminder; by his address, as he saw it."""
    visitor = visitor_at(request.META.get("REMOTE_ADDR", ""), today())
    if visitor and visitor.is_reminded:
        actions.go_on(now=now(), customer_id=visitor.customer_id)
    return redirect(f"{reverse('portal:notice')}?{READ}")


@require_GET
@requires(Verb.EDIT_CATALOG)
def pages(request: HttpRequest) -> HttpResponse:
    companies: QuerySet[Company] = Company.objects.filter(is_active=True)
    context = {"title": _("Notice page"), "companies": companies, "address": public_address()}
    return render(request, "portal/pages.html", context)


@requires(Verb.EDIT_CATALOG)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(Company, pk=pk)
    form = NoticePageForm(request.POST or None, instance=page_of(company))

    def save(form: NoticePageForm) -> NoticePage:
        return actions.save_page(actor=actor(request), now=now(), page=form.instance)

    return answer_form(
        request,
        form,
        title=company.name,
        save=save,
        done=_("The page was saved."),
        to=lambda _saved: reverse("portal:pages"),
        template="portal/page_form.html",
        cancel_url=reverse("portal:pages"),
        company=company,
        fields=FIELDS,
    )


@require_GET
@requires(Verb.EDIT_CATALOG)
def preview(request: HttpRequest, pk: int, state: str) -> HttpResponse:
    """The saved page as a made-up customer sees it who is cut, or who only owes."""
    company = get_object_or_404(Company, pk=pk)
    visitor = sample_visitor(company, today(), is_cut=state == "cut")
    return _page(request, visitor, company, page_of(company))


def _page(
    request: HttpRequest, visitor: Visitor | None, company: Company, page: NoticePage
) -> HttpResponse:
    language = get_language() or "es"
    try:
        shown = shown_to(visitor, company, page, language)
    except TemplateError:  # it was checked when saved; then the product's own words
        shown = shown_to(visitor, company, NoticePage(company=company), language)
    context = {
        "shown": shown,
        "logo": inline_logo(company),
        "language": language,
        "asks": visitor is not None and visitor.is_reminded and READ not in request.GET,
        "has_read": READ in request.GET,
        "seconds": page.for_seconds,
    }
    return render(request, "portal/notice.html", context)
