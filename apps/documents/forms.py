"""The shape of what people send to this room."""

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.translation import gettext_lazy as _

from apps.documents.choices import Classification
from apps.documents.errors import NoFileError, UploadCutOffError, UploadTooLargeError
from apps.kernel.http.uploads import UploadFault, upload_fault
from apps.kernel.storage.tenant_files import StorageFullError


class UploadForm(forms.Form):
    """One file and whom it is meant for."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, max_length=None)
    classification = forms.ChoiceField(required=False, choices=Classification.choices, label=_("Classification"))


class RenameForm(forms.Form):
    """A document's name and classification."""

    name = forms.CharField(max_length=255, label=_("Name"))
    classification = forms.ChoiceField(choices=Classification.choices, label=_("Classification"))


def uploaded_file(request: HttpRequest) -> "UploadedFile[bytes]":
    """The request's file, which may be empty. Raises NoFileError, UploadTooLargeError, UploadCutOffError or StorageFullError."""
    try:
        file = request.FILES.get("file")
    except UnreadablePostError as error:
        raise UploadCutOffError from error
    if isinstance(file, UploadedFile):
        return file
    match upload_fault(request):
        case UploadFault.TOO_LARGE:
            raise UploadTooLargeError(limit_mb=settings.UPLOAD_MAX_BYTES // (1024 * 1024))
        case UploadFault.NO_ROOM:
            raise StorageFullError
        case UploadFault.CUT_OFF:
            raise UploadCutOffError
    raise NoFileError
