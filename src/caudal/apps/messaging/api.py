"""The API of messages: what was sent, to whom, what became of it; again, or not at all."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.clock.now import now
from caudal.apps.messaging import actions
from caudal.apps.messaging.models import Delivery
from caudal.apps.staff.access import actor, person
from caudal.apps.staff.scope import visible_by_number
from caudal.apps.staff.verbs import Verb
from caudal.web.api import OF_CUSTOMER, Pages, of_customer


class MessageSerializer(serializers.ModelSerializer[Delivery]):
    """`attachment` is "kind:number" of the document that goes along."""

    customer = serializers.IntegerField(source="customer_id", allow_null=True, read_only=True)

    class Meta:
        model = Delivery
        fields = (
            "id", "customer", "occasion", "channel", "to", "subject", "body", "attachment",
            "status", "created_at", "sent_at", "tries", "next_try_at", "error",
        )  # fmt: skip
        read_only_fields = fields


class MessageViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Delivery]
):
    """Messages to the customers whom the token's owner may see."""

    verbs = {"GET": Verb.SEE_MESSAGES, "POST": Verb.SEND_MESSAGES}
    pagination_class = Pages
    serializer_class = MessageSerializer
    queryset = Delivery.objects.all()

    def get_queryset(self) -> QuerySet[Delivery]:
        rows = visible_by_number(person(self.request), super().get_queryset())
        asked = self.request.query_params
        if self.action != "list":
            return rows
        rows = of_customer(self.request, rows, "customer_id")
        exact = {name: asked[name] for name in ("status", "occasion") if asked.get(name)}
        return rows.filter(**exact)

    @extend_schema(
        parameters=[
            OF_CUSTOMER,
            OpenApiParameter("status", str, enum=Delivery.Status.values),
            OpenApiParameter("occasion", str),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The outbox, newest first; of one customer, one state or one occasion."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=None, responses={201: MessageSerializer})
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, pk: str) -> Response:
        """Leave a copy of it in the outbox (MW-34)."""
        row = actions.resend(actor=actor(request), now=now(), delivery=self._row())
        return Response(MessageSerializer(row).data, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back while it waits; 400 when it is on its way or went out."""
        row = self._row()
        if not actions.withdraw(actor=actor(request), now=now(), delivery=row):
            raise ValidationError({"code": "sent-already"})
        row.refresh_from_db()
        return Response(MessageSerializer(row).data)

    def _row(self) -> Delivery:
        return self.get_object()
