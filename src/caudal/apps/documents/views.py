"""Templates of documents with a live preview, and the proof that anybody may ask for."""

from base64 import b64encode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.catalog.models import Company
from caudal.apps.clock.now import now
from caudal.apps.documents import actions
from caudal.apps.documents.forms import StyleForm
from caudal.apps.documents.models import Template, TemplateVersion
from caudal.apps.documents.press import original
from caudal.apps.documents.printing import look_of, preview
from caudal.apps.documents.samples import sample
from caudal.apps.documents.styles import Kind
from caudal.apps.documents.verification import facts_of
from caudal.apps.staff.access import actor, public, requires
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form

PAGES_SHOWN = 3


@require_GET
@requires(Verb.EDIT_CATALOG)
def templates(request: HttpRequest) -> HttpResponse:
    """Every kind of document of every company, and which of them are its own."""
    known = {(row.company_id, row.kind): row for row in Template.objects.all()}
    companies = [
        (company, [(kind, known.get((company.pk, kind.value))) for kind in Kind])
        for company in Company.objects.filter(is_active=True)
    ]
    context = {"title": _("Document templates"), "companies": companies}
    return render(request, "documents/templates.html", context)


@requires(Verb.EDIT_CATALOG)
def template(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    company, kind = _asked(pk, kind)
    row = Template.objects.filter(company=company, kind=kind).first()
    return answer_form(
        request,
        _form(request, company, kind),
        title=Kind(kind).label,
        save=lambda form: actions.save_template(
            actor=actor(request),
            now=now(),
            company=company,
            kind=kind,
            style=form.style(),
            source=form.cleaned_data["source"],
        ),
        done=_("The template was saved."),
        to=reverse("documents:template", args=[pk, kind]),
        template="documents/template.html",
        company=company,
        kind=kind,
        row=row,
        versions=row.versions.all()[:20] if row else [],
    )


@require_POST
@requires(Verb.EDIT_CATALOG)
def look(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """How the form as it stands would print; nothing is saved."""
    company, kind = _asked(pk, kind)
    form = _form(request, company, kind)
    context: dict[str, object] = {"errors": form.errors}
    if form.is_valid():
        document = sample(kind, company.currency)
        try:
            source = form.cleaned_data["source"]
            pages = preview(kind, company, form.style(), source, document)
            context["pages"] = [b64encode(page).decode() for page in pages[:PAGES_SHOWN]]
        except RuleError as error:
            context["refusal"] = explain(error)
    return render(request, "documents/_look.html", context)


@require_GET
@requires(Verb.EDIT_CATALOG)
def sample_pdf(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A made-up document in the saved template, as PDF."""
    company, kind = _asked(pk, kind)
    style, source = look_of(kind, company)
    document = sample(kind, company.currency)
    try:
        (content,) = preview(kind, company, style, source, document, pictures=False)
    except RuleError:
        (content,) = preview(kind, company, style, "", document, pictures=False)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{kind}.pdf"'
    return response


@require_POST
@requires(Verb.EDIT_CATALOG)
def restore(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Our source again."""
    company, kind = _asked(pk, kind)
    row = get_object_or_404(Template.objects.select_related("company"), company=company, kind=kind)
    actions.restore_original(actor=actor(request), now=now(), template=row)
    return redirect("documents:template", pk, kind)


@require_POST
@requires(Verb.EDIT_CATALOG)
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """An earlier version becomes the newest."""
    versions = TemplateVersion.objects.select_related("template__company")
    version = get_object_or_404(versions, pk=pk)
    row = actions.bring_back(actor=actor(request), now=now(), version=version)
    return redirect("documents:template", row.company_id, row.kind)


@public
@require_GET
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """What the link on a document proves; 404 for one that we did not make."""
    facts = facts_of(token)
    context = {"title": _("Genuine document") if facts else _("Unknown document"), "facts": facts}
    return render(request, "documents/verify.html", context, status=200 if facts else 404)


def _asked(pk: int, kind: str) -> tuple[Company, str]:
    return get_object_or_404(Company, pk=pk), kind


def _form(request: HttpRequest, company: Company, kind: str) -> StyleForm:
    style, source = look_of(kind, company)
    return StyleForm(
        request.POST or None,
        kind=kind,
        company=company,
        style=style,
        source=source,
        original=original(kind),
    )
