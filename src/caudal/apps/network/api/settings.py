"""Routers, pools and sites written over the API: by the forms of the screens, with their rules."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.forms.models import ModelMultipleChoiceField
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from caudal.apps.customers.models import Zone
from caudal.apps.network import actions
from caudal.apps.network.forms.routers import RouterForm, SiteForm
from caudal.apps.network.models import Router, Site
from caudal.apps.staff.access import by, person
from caudal.apps.staff.scope import offer_visible, visible, with_unseen
from caudal.apps.staff.verbs import Verb
from caudal.web.api import Pages
from caudal.web.decimals import WITH_SENT_DECIMALS

Form = TypeVar("Form", bound="forms.ModelForm[Any]")
WRITTEN = {"POST": Verb.CONFIGURE_NETWORK, "PATCH": Verb.CONFIGURE_NETWORK}


class RouterSettings(serializers.ModelSerializer[Router]):
    """What the router's form asks for. Passwords and keys are never given; empty they stay."""

    zones = serializers.PrimaryKeyRelatedField(
        many=True, queryset=Zone.objects.all(), required=False
    )

    class Meta:
        model = Router
        fields = RouterForm.Meta.fields
        extra_kwargs: ClassVar[dict[str, Any]] = {
            name: {"write_only": True, "required": False} for name in ("password", "private_key")
        } | {"username": {"required": False}}


class SiteSerializer(serializers.ModelSerializer[Site]):
    serializer_field_mapping = WITH_SENT_DECIMALS

    class Meta:
        model = Site
        fields = ("id", *SiteForm.Meta.fields)


class WrittenRouters(viewsets.GenericViewSet[Router]):
    """Mixin of the routers' API: a router is added and its settings changed."""

    @extend_schema(request=RouterSettings, responses={201: RouterSettings})
    def create(self, request: Request) -> Response:
        """Add a router. It is read at once, and written when its first plan is approved."""
        return Response(self._stored(request, None), status.HTTP_201_CREATED)

    @extend_schema(request=RouterSettings, responses=RouterSettings)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change its settings; what is not sent stays."""
        return Response(self._stored(request, self.get_object()))

    def _stored(self, request: Request, row: Router | None) -> dict[str, Any]:
        has = row.zones.all() if row else Zone.objects.none()
        form = filled(RouterForm, request, row)
        zones = with_unseen(person(request), form.cleaned_data["zones"], has)
        saved = actions.save_router(**by(request), router=form.instance, zones=zones)
        return {"id": saved.pk, **RouterSettings(saved).data}


class SentRows(viewsets.GenericViewSet[Any]):
    """Mixin of what is sent whole or in part: it takes only the rows that the sender sees, and is
    written by `store`, which leaves in the serializer what is shown."""

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        made = super().get_serializer(*args, **kwargs)
        if "data" in kwargs:
            offer_visible(person(self.request), made)
        return made

    def perform_create(self, serializer: Any) -> None:
        self.store(serializer, serializer.Meta.model())

    def perform_update(self, serializer: Any) -> None:
        self.store(serializer, serializer.instance)

    def store(self, serializer: Any, row: Any) -> None:
        raise NotImplementedError


class WrittenViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]
):
    """Rows that are written as their form writes them."""

    verbs: ClassVar[dict[str, Verb]] = {"GET": Verb.SEE_NETWORK, **WRITTEN}
    pagination_class = Pages
    form: "type[forms.ModelForm[Any]]"
    store: Callable[..., Model]
    called: str
    """What `store` calls the row."""

    def get_queryset(self) -> QuerySet[Any]:
        return visible(person(self.request), super().get_queryset())

    def create(self, request: Request) -> Response:
        return Response(self._stored(request, None), status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        """What is not sent stays."""
        return Response(self._stored(request, self.get_object()))

    def _stored(self, request: Request, row: Model | None) -> Any:
        form = filled(self.form, request, row)
        saved = type(self).store(**by(request), **{self.called: form.instance})
        return self.get_serializer(saved).data


class SiteViewSet(WrittenViewSet):
    """Places with equipment: towers, nodes, offices."""

    queryset = Site.objects.all()
    serializer_class = SiteSerializer
    form, store, called = SiteForm, staticmethod(actions.save_site), "site"


def filled(kind: type[Form], request: Request, row: Model | None) -> Form:
    """The form as its screen would send it: what was not sent stays. Raises ValidationError."""
    if not isinstance(request.data, dict):
        raise ValidationError
    form = kind(instance=row)
    offer_visible(person(request), form)
    form.data = {name: _shown(form, name) for name in form.fields} | dict(request.data)
    form.is_bound = True
    if not form.is_valid():
        raise ValidationError(
            {name: [str(each) for each in told] for name, told in form.errors.items()}
        )
    return form


def _shown(form: "forms.ModelForm[Any]", name: str) -> Any:
    """What stands in the field before anybody types."""
    field, value = form.fields[name], form[name].value()
    if not isinstance(field, ModelMultipleChoiceField) or field.queryset is None:
        return value
    return list(field.queryset.filter(pk__in=value or ()).values_list("pk", flat=True))
