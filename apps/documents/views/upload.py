"""Upload one file: from the drop zone (JSON) or from the plain form."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability
from apps.accounts.views.gate import CapabilityView, person_of
from apps.documents.choices import Classification
from apps.documents.forms import UploadForm, uploaded_file
from apps.documents.models import Document
from apps.documents.services.upload import upload_document
from apps.kernel.errors import DomainError
from apps.kernel.http.error_pages import wants_json
from apps.kernel.http.problem_details import sentence_of, status_of


class Upload(CapabilityView):
    """The plain upload page, and the address that the drop zone posts to."""

    capability = Capability.UPLOAD_DOCUMENTS
    starts_run = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return _form(request, UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store the file; 201 with its address for a script, a redirect to its review for a person."""
        if wants_json(request):
            return self._stored_as_json(request)
        try:
            document = self._store(request)
        except DomainError as error:
            messages.error(request, sentence_of(error))
            form = UploadForm(initial={"classification": request.POST.get("classification", "")})
            return _form(request, form, status=status_of(error))
        messages.success(request, _("Uploaded. The review begins now."))
        return redirect("feedback:desk", document_id=document.id)

    def _stored_as_json(self, request: HttpRequest) -> HttpResponse:
        document = self._store(request)
        shown = str(document.id)
        url = reverse("feedback:desk", args=[document.id])
        return JsonResponse({"id": shown, "name": document.name, "url": url, "stream_subject": shown}, status=201)

    def _store(self, request: HttpRequest) -> Document:
        file = uploaded_file(request)
        given = request.POST.get("classification", "")
        return upload_document(
            person_of(request),
            file_name=file.name or "",
            content=file,
            size_bytes=file.size or 0,
            classification=given if given in Classification.values else Classification.INTERNAL,
        )


def _form(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "limit_mb": settings.UPLOAD_MAX_BYTES // (1024 * 1024)}
    return render(request, "documents/upload.html", context, status=status)
