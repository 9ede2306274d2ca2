"""`caudal import customers FILE` and `import router NAME`: shown first, written with --yes."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Zone
from caudal.apps.imports import actions, load
from caudal.apps.imports.advance import advance
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.reading import open_router
from caudal.apps.imports.results import failed_csv
from caudal.apps.imports.words import field_label, told_of_file
from caudal.apps.network.models import Pool, Router
from caudal.apps.staff.actor import Actor
from caudal.core.ports.access import AccessError
from caudal.core.ports.importer import Field, FileError


class Command(BaseCommand):
    help = "Import customers from a file of another system, or adopt what a router holds."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        customers = kinds.add_parser("customers", help="CSV or Excel file of another system")
        customers.add_argument("file", type=Path)
        slugs = [slug for slug, _title in load.sources()]
        customers.add_argument("--source", choices=slugs, help="system it comes from")
        customers.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=MEANING",
            help="what a column means; an empty meaning leaves it out",
        )  # fmt: skip
        customers.add_argument("--router", help="router of rows that name none")
        customers.add_argument("--no-debts", action="store_true", help="leave balances out")
        router = kinds.add_parser("router", help="read a router and adopt its customers")
        router.add_argument("router", help="name of the router")
        for parser_of_kind in (customers, router):
            parser_of_kind.add_argument("--zone", help="zone of rows that name none")
            parser_of_kind.add_argument("--pool", help="router's own pool of dynamic addresses")
            parser_of_kind.add_argument("--failed", type=Path, help="where failed rows are written")
            parser_of_kind.add_argument("--yes", action="store_true", help="import what is fine")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            run = self._open(options)
            self._check(run, options)
            if options["yes"]:
                self._apply(run, options)
            else:
                actions.discard(actor=self._actor, now=now(), run=run)
                self.stdout.write(_("Nothing was written. Add --yes to import what is fine."))

    @property
    def _actor(self) -> Actor:
        return Actor.system("import")

    def _open(self, options: dict[str, Any]) -> ImportRun:
        chosen = Options(
            first_day=today(),
            zone=_number(Zone, options["zone"]),
            pool=_number(Pool, options["pool"]),
            router=_number(Router, options["router"]),
            debts=not options.get("no_debts", False),
        )
        try:
            if options["kind"] == "router":
                router = Router.objects.get(name=options["router"])
                return open_router(actor=self._actor, now=now(), router=router, options=chosen)
            return actions.open_file(
                actor=self._actor,
                now=now(),
                content=options["file"].read_bytes(),
                filename=options["file"].name,
                options=chosen,
                source=options["source"] or "",
            )
        except FileError as error:
            raise CommandError(told_of_file(error)) from error
        except (OSError, AccessError) as error:
            raise CommandError(str(error)) from error

    def _check(self, run: ImportRun, options: dict[str, Any]) -> None:
        run = actions.choose(
            actor=self._actor,
            now=now(),
            run=run,
            source=run.source,
            mapping=_mapped(run, options.get("map", [])),
            options=Options.of(run.options),
        )
        advance(run, now=now())
        self._columns(run)
        for row in run.missing:
            self.stdout.write(_("Would be created: %(kind)s “%(name)s” (%(rows)s rows)") % row)
        for row in run.rows.exclude(problems=[]).order_by("line"):
            self._problems(row)
        for plan in ImportRow.Plan:
            count = run.rows.filter(plan=plan).count()
            if count:
                self.stdout.write(f"{plan.label}: {count}")

    def _columns(self, run: ImportRun) -> None:
        if run.kind == ImportRun.Kind.ROUTER:
            return
        how = ", ".join(filter(None, [run.source, run.encoding, repr(run.separator)]))
        self.stdout.write(f"{run.filename}: {how}")
        left = [name for name, meaning in zip(run.header, run.mapping, strict=True) if not meaning]
        if left:
            self.stdout.write(_("Columns left out: %(names)s") % {"names": ", ".join(left)})

    def _problems(self, row: ImportRow) -> None:
        texts = [f"{field_label(field)}: {text}".lstrip(": ") for field, text, _s in row.problems]
        self.stdout.write(f"{row.line:>6}  {row.label[:40]:<40}  {'; '.join(texts)}")

    def _apply(self, run: ImportRun, options: dict[str, Any]) -> None:
        run = actions.approve(actor=self._actor, now=now(), run=run)
        run = advance(run, now=now())
        done = run.rows.filter(status=ImportRow.Status.DONE).count()
        failed = run.rows.filter(status=ImportRow.Status.FAILED).count()
        words = _("%(done)s rows imported, %(failed)s not.")
        self.stdout.write(words % {"done": done, "failed": failed})
        if options["failed"] and failed:
            options["failed"].write_bytes(b"".join(failed_csv(run)))


def _number(model: type[Zone] | type[Pool] | type[Router], name: str | None) -> int | None:
    if not name:
        return None
    found = model.objects.filter(name=name).first()
    if found is None:
        words = _("There is no %(kind)s “%(name)s”.")
        raise CommandError(words % {"kind": model._meta.verbose_name, "name": name})
    return int(found.pk)


def _mapped(run: ImportRun, given: list[str]) -> list[str]:
    mapping = list(run.mapping)
    for pair in given:
        column, _sign, meaning = pair.rpartition("=")
        if column not in run.header:
            raise CommandError(_("The file has no column “%(name)s”.") % {"name": column})
        if meaning and meaning not in list(Field):
            known = ", ".join(sorted(Field))
            raise CommandError(_("Meanings are: %(names)s") % {"names": known})
        mapping[run.header.index(column)] = meaning
    return mapping
