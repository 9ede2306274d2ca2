"""Changing how documents look: every state that was saved is kept and can be brought back."""

from datetime import datetime

from django.db import transaction

from caudal.apps.catalog.models import Company
from caudal.apps.documents.models import Template, TemplateVersion
from caudal.apps.documents.printing import preview
from caudal.apps.documents.samples import sample
from caudal.apps.documents.styles import Kind, Style
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record


def save_template(
    *, actor: Actor, now: datetime, company: Company, kind: str, style: Style, source: str
) -> Template:
    """Keep the company's choices and source for a kind of document, as a new version.

    An own source is printed once before it is kept. Raises SourceError with its line, or RuleError
    where it passes a limit of time, memory or size; then nothing changes.
    """
    if source:
        preview(kind, company, style, source, sample(kind, company.currency))
    with transaction.atomic():
        return _write(actor, now, company, kind, style, source)


def restore_original(*, actor: Actor, now: datetime, template: Template) -> Template:
    """Print with our source again; the choices of the form stay."""
    style = Style.from_plain(template.style, template.kind, template.company.country)
    return save_template(
        actor=actor, now=now, company=template.company, kind=template.kind, style=style, source=""
    )


def bring_back(*, actor: Actor, now: datetime, version: TemplateVersion) -> Template:
    """What was saved under that version becomes the newest one."""
    template = version.template
    style = Style.from_plain(version.style, template.kind, template.company.country)
    return save_template(
        actor=actor,
        now=now,
        company=template.company,
        kind=template.kind,
        style=style,
        source=version.source,
    )


def _write(
    actor: Actor, now: datetime, company: Company, kind: str, style: Style, source: str
) -> Template:
    Template.objects.get_or_create(company=company, kind=Kind(kind).value)
    template = Template.objects.select_for_update().get(company=company, kind=kind)
    before = _shown(template)
    template.style, template.source = style.to_plain(), source
    if template.version and _shown(template) == before:
        return template
    template.version += 1
    template.updated_at, template.updated_by = now, actor.name
    template.save()
    TemplateVersion.objects.create(
        template=template,
        number=template.version,
        style=template.style,
        source=source,
        saved_at=now,
        saved_by=actor.name,
    )
    record(
        actor, "documents.edit_template", template, now=now, before=before, after=_shown(template)
    )
    return template


def _shown(template: Template) -> dict[str, object]:
    return {**template.style, "source": template.source}
