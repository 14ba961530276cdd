"""/api/v2/branding"""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability
from apps.accounts.errors import LogoRefusedError
from apps.accounts.logo import MOST_BYTES
from apps.accounts.look import saved_look
from apps.accounts.models.branding import LONGEST_DISPLAY_NAME, LONGEST_SIGN_IN_TEXT
from apps.accounts.services.change_look import LookChange, change_look, remove_logo, reset_look, set_logo
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.strict_input import StrictSerializer, given
from apps.kernel.http.uploads import upload_fault


class BrandingSerializer(serializers.Serializer[Any]):
    """How the organization looks; what is empty looks as the product does."""

    display_name = serializers.CharField(allow_blank=True)
    sign_in_text = serializers.CharField(allow_blank=True)
    light_accent = serializers.CharField(allow_blank=True)
    dark_accent = serializers.CharField(allow_blank=True)
    sender_name = serializers.CharField(allow_blank=True)
    reply_to = serializers.CharField(allow_blank=True)
    logo_url = serializers.CharField(allow_blank=True)


class BrandingChangeSerializer(StrictSerializer):
    """What is to change; the rest stays."""

    display_name = serializers.CharField(max_length=LONGEST_DISPLAY_NAME, required=False, allow_blank=True)
    sign_in_text = serializers.CharField(max_length=LONGEST_SIGN_IN_TEXT, required=False, allow_blank=True)
    light_accent = serializers.CharField(max_length=7, required=False, allow_blank=True)
    dark_accent = serializers.CharField(max_length=7, required=False, allow_blank=True)
    sender_name = serializers.CharField(max_length=LONGEST_DISPLAY_NAME, required=False, allow_blank=True)
    reply_to = serializers.EmailField(max_length=254, required=False, allow_blank=True)


class LogoSerializer(StrictSerializer):
    """A picture."""

    logo = serializers.FileField(help_text="PNG, JPEG or WebP of at most 1 MB.")


class BrandingOfOrganization(CapabilityAPIView):
    """Read, change, reset."""

    capability = Capability.MANAGE_ORGANIZATION
    tag = "branding"
    is_tagged = True

    @extend_schema(operation_id="branding_read", responses=BrandingSerializer)
    def get(self, request: Request) -> Response:
        """How the organization looks."""
        return answer_with_tag(request, _body())

    @extend_schema(
        operation_id="branding_change",
        request=BrandingChangeSerializer,
        responses=BrandingSerializer,
        examples=[OpenApiExample("A green", {"light_accent": "#1c6b3c", "dark_accent": "#86dca0"}, request_only=True)],
    )
    def patch(self, request: Request) -> Response:
        """Change it. A colour that is hard to read in its theme is refused with the contrast that it has."""
        before = {name: value for name, value in _body().items() if name != "logo_url"}
        change_look(caller_of(request), change=LookChange(**before | given(request, BrandingChangeSerializer)))
        return answer_with_tag(request, _body())

    @extend_schema(operation_id="branding_reset", responses={204: None})
    def delete(self, request: Request) -> Response:
        """The product's own look again."""
        reset_look(caller_of(request))
        return Response(status=204)


class BrandingLogo(CapabilityAPIView):
    """Set and remove."""

    capability = Capability.MANAGE_ORGANIZATION
    tag = "branding"
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="branding_logo_set",
        request={"multipart/form-data": LogoSerializer},
        responses={200: BrandingSerializer},
    )
    def post(self, request: Request) -> HttpResponse:
        """Another logo. It is written anew, small, as PNG."""
        return answer_once(request, lambda: self._set(request))

    @extend_schema(operation_id="branding_logo_remove", responses={204: None})
    def delete(self, request: Request) -> Response:
        """No logo."""
        remove_logo(caller_of(request))
        return Response(status=204)

    def _set(self, request: Request) -> Response:
        if upload_fault(request._request) is not None:  # noqa: SLF001 - what Django noted while it read
            raise LogoRefusedError(problem="1 MB")
        said = given(request, LogoSerializer)
        set_logo(caller_of(request), content=said["logo"].read(MOST_BYTES + 1))
        return Response(_body())


def _body() -> dict[str, str]:
    saved = saved_look()
    return {name: getattr(saved, name) for name in asdict(LookChange())} | {"logo_url": saved.logo_url}
