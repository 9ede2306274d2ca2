"""`caudal verify`: recompute the books and print the first row that is wrong, with its history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules

from caudal.apps.ledger import verify


class Command(BaseCommand):
    help = "Recomputes balances, invoices, credits and numbers; exit code 1 at the first wrong row."

    def handle(self, *args: Any, **options: Any) -> None:
        autodiscover_modules("verify")
        wrong = verify.first_wrong()
        if wrong is None:
            self.stdout.write(self.style.SUCCESS(f"{len(verify.checks())} checks, all rows agree"))
            return
        name, finding = wrong
        self.stdout.write(f"{name}: {finding.row}")
        self.stdout.write(f"  expected {finding.expected}, found {finding.found}")
        for line in finding.history:
            self.stdout.write(f"  {line}")
        raise CommandError("the books do not agree", returncode=1)
