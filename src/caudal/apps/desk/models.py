"""Tables of the desk."""

from django.db import models

from caudal.apps.customers.models import Customer


class Submission(models.Model):
    """A registration form that was saved: sent twice, it is still one customer."""

    key = models.UUIDField(primary_key=True)
    """Made when the form was shown; travels in it."""
    at = models.DateTimeField()
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="submissions")

    def __str__(self) -> str:
        return str(self.key)
