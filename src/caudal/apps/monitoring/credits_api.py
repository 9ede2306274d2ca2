"""The API of credits for outages: worked out, looked through, approved or rejected."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.models import CreditProposal
from caudal.apps.outages.models import Outage
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.api import AmountField, Pages, checked


class CreditSerializer(serializers.ModelSerializer[CreditProposal]):
    amount = AmountField()
    price = AmountField()

    class Meta:
        model = CreditProposal
        fields = (
            "id", "outage", "customer", "service", "minutes", "price", "amount", "currency",
            "status", "trace", "error", "decided_by", "decided_at", "adjustment", "reversal",
        )  # fmt: skip


class CreditsOfSerializer(serializers.Serializer[Any]):
    outage = serializers.PrimaryKeyRelatedField(queryset=Outage.objects.all())


class CreditsProposedSerializer(serializers.Serializer[Any]):
    proposed = serializers.IntegerField()


class CreditDecisionSerializer(CreditsOfSerializer):
    """Without `credits` all that are still to be decided."""

    decision = serializers.ChoiceField(choices=["approve", "reject"])
    credits = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, allow_empty=False
    )


class CreditsDecidedSerializer(serializers.Serializer[Any]):
    """Those decided already, and those of customers out of sight, are not counted."""

    decided = serializers.IntegerField()


class CreditViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CreditProposal]):
    """Credits for outages: proposed, approved, posted or rejected."""

    verbs = {"GET": Verb.SEE_BILLING, "POST": Verb.ISSUE_INVOICES}
    pagination_class = Pages
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_fields = ("outage", "customer", "status")
    serializer_class = CreditSerializer
    queryset = CreditProposal.objects.all()

    def get_queryset(self) -> QuerySet[CreditProposal]:
        return visible(person(self.request), super().get_queryset())

    @extend_schema(request=CreditsOfSerializer, responses=CreditsProposedSerializer)
    @action(detail=False, methods=["post"])
    def propose(self, request: Request) -> Response:
        """Work out what each service behind an outage that is over is owed.

        Asked again, what nobody has decided yet is worked out anew.
        """
        given = checked(CreditsOfSerializer(data=request.data))
        count = actions.propose_credits(actor=actor(request), now=now(), outage=given["outage"])
        return Response({"proposed": count})

    @extend_schema(request=CreditDecisionSerializer, responses=CreditsDecidedSerializer)
    @action(detail=False, methods=["post"])
    def decide(self, request: Request) -> Response:
        """Approve proposals, which a job then posts, or reject them."""
        given = checked(CreditDecisionSerializer(data=request.data))
        rows = self.get_queryset().filter(outage=given["outage"])
        if "credits" in given:
            rows = rows.filter(pk__in=given["credits"])
        is_approved = given["decision"] == "approve"
        decide = actions.approve_credits if is_approved else actions.reject_credits
        count = decide(
            actor=actor(request),
            now=now(),
            outage=given["outage"],
            only=list(rows.values_list("pk", flat=True)),
        )
        return Response({"decided": count})
