"""/api/v2/schema/: the OpenAPI 3.1 description of everything here."""

import hashlib

from django.http import HttpResponse
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.accounts.api.gate import CapabilityAPIView
from apps.accounts.capabilities import Capability
from apps.kernel.errors import InvalidInputError
from apps.kernel.http.description import FORMS, api_description


class Schema(CapabilityAPIView):
    """The description."""

    capability = Capability.READ_DOCUMENTS
    query_parameters = frozenset({"format"})
    renderer_classes = [OpenApiYamlRenderer, OpenApiYamlRenderer2, OpenApiJsonRenderer, OpenApiJsonRenderer2]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """YAML, or JSON when Accept or ?format=json asks for it."""
        negotiated = request.accepted_renderer
        form = request.query_params.get("format", negotiated.format)
        if form not in FORMS:
            raise InvalidInputError
        media_type = negotiated.media_type if form == negotiated.format else FORMS[form].media_type
        content = api_description(form)
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            return HttpResponse(status=304, headers={"ETag": tag})
        return HttpResponse(content, content_type=media_type.split(";")[0], headers={"ETag": tag, "Vary": "Accept"})
