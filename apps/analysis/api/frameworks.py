"""/api/v2/frameworks"""

from typing import ClassVar
from uuid import UUID

import django_filters
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.listing import CapabilityListView, TrueFalseFilter
from apps.accounts.capabilities import Capability, Whose
from apps.analysis.api.serializers import AdoptSerializer, FrameworkSerializer, WholeFrameworkSerializer
from apps.analysis.models import Framework
from apps.analysis.selectors import framework_by_id, frameworks
from apps.analysis.services.adopt_framework import adopt_framework, framework_in_use
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.strict_input import given


class FrameworkFilter(django_filters.FilterSet):  # type: ignore[misc]
    """?slug= ?is_active="""

    slug = django_filters.CharFilter(max_length=60)
    is_active = TrueFalseFilter(help_text="In use for new runs.")

    class Meta:
        model = Framework
        fields: list[str] = []


class Frameworks(CapabilityListView):
    """List and adopt."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "GET": Capability.READ_DOCUMENTS,
        "POST": Capability.MANAGE_ORGANIZATION,
    }
    filterset = FrameworkFilter

    @extend_schema(operation_id="frameworks_list", responses=FrameworkSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every version of every framework."""
        framework_in_use()
        return self.page(request, frameworks(), FrameworkSerializer)

    @extend_schema(operation_id="frameworks_adopt", request=AdoptSerializer, responses={201: WholeFrameworkSerializer})
    def post(self, request: Request) -> HttpResponse:
        """Adopt a source as the next version; earlier runs keep theirs. 400 `framework_file_invalid` names every fault."""
        return answer_once(request, lambda: self._adopt(request))

    def _adopt(self, request: Request) -> Response:
        said = given(request, AdoptSerializer)
        framework = adopt_framework(caller_of(request), slug=said["slug"], source=said["source"])
        body = WholeFrameworkSerializer(framework).data
        return Response(body, status=201, headers={"Location": body["_links"]["self"]})


class OneFramework(CapabilityAPIView):
    """Read."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.EVERYBODYS
    is_tagged = True

    @extend_schema(operation_id="frameworks_read", responses=WholeFrameworkSerializer)
    def get(self, request: Request, framework_id: UUID) -> Response:
        """One version with its points."""
        return answer_with_tag(request, WholeFrameworkSerializer(framework_by_id(framework_id)).data)
