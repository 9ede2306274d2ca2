"""`caudal verify`: recompute the books and print the first row that is wrong, with its history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caudal.apps.ledger import verify


class Command(BaseCommand):
    help = "Recomputes balances, invoices, credits and numbers; exit code 1 at the first wrong row."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = verify.first_wrong()
        if wrong is None:
            count = len(verify.checks())
            agree = ngettext("%d check, all rows agree", "%d checks, all rows agree", count)
            self.stdout.write(self.style.SUCCESS(agree % count))
            return
        name, finding = wrong
        self.stdout.write(f"{name}: {finding.row}")
        words = {"expected": finding.expected, "found": finding.found}
        self.stdout.write("  " + _("expected %(expected)s, found %(found)s") % words)
        for line in finding.history:
            self.stdout.write(f"  {line}")
        raise CommandError(_("the books do not agree"), returncode=1)
