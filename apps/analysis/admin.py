"""Frameworks in the administration, adopted with a look at what changes; and what the engines said, to be read alone."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from apps.accounts.fact_admin import FactsAdmin, administrators_only
from apps.analysis.frameworks.differences import differences
from apps.analysis.frameworks.reader import FrameworkFileError, read_framework
from apps.analysis.models import Finding, Framework, Reply, Run, ScorecardEntry
from apps.analysis.services.adopt_framework import HAWKEYE, adopt_framework, framework_in_use

_ADOPT = "_adopt"
_LARGEST_FILE = 512 * 1024


class FrameworkForm(forms.ModelForm):  # type: ignore[type-arg]
    """The source as text or as a YAML file; refused with every fault when it is no framework, or the one in use."""

    file = forms.FileField(label=_("YAML file"), required=False, help_text=_("Instead of the text below."))

    class Meta:
        model = Framework
        fields: ClassVar[list[str]] = ["file", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].required = False

    def clean(self) -> dict[str, Any]:
        """The source, once it was read without a fault."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        source = _text_of(file) if isinstance(file, UploadedFile) else (cleaned.get("source") or "")
        # Browsers send other line ends, and forms cut the last one: neither makes another framework.
        cleaned["source"] = source.replace("\r\n", "\n").strip() + "\n"
        try:
            text = read_framework(cleaned["source"])
        except FrameworkFileError as error:
            raise ValidationError(str(error.fields["faults"]).split("; ")) from error
        if text.slug != HAWKEYE:
            raise ValidationError(_("The framework's slug must be %(slug)s.") % {"slug": HAWKEYE})
        if cleaned["source"].strip() == framework_in_use().source.strip():
            raise ValidationError(_("This very text is in use already."))
        return cleaned


def _text_of(file: "UploadedFile[Any]") -> str:
    if (file.size or 0) > _LARGEST_FILE:
        raise ValidationError(_("The file is larger than 512 KiB."))
    file.seek(0)
    content: bytes = file.read()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValidationError(_("The file is not UTF-8 text.")) from error


@administrators_only
@admin.register(Framework)
class FrameworkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Versions, newest first; an old one can be read, and adopted again by saving it. Saving shows first what changes."""

    offers: ClassVar[frozenset[str]] = frozenset({"view", "add", "change"})
    form = FrameworkForm
    list_display = ("slug", "version", "title", "is_active", "created_at")
    list_filter = ("slug", "is_active")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new version begins as a copy of the one in use."""
        del request
        return {"source": framework_in_use().source}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The form; what a valid one would change; and, once that is confirmed, the new version."""
        if request.method == "POST" and _ADOPT not in request.POST and self.has_change_permission(request):
            form = FrameworkForm(request.POST, request.FILES, instance=Framework())
            if form.is_valid():
                return self._preview(request, form.cleaned_data["source"])
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _preview(self, request: HttpRequest, source: str) -> HttpResponse:
        in_use = framework_in_use()
        context = {
            **self.admin_site.each_context(request),
            "title": _("What changes"),
            "opts": self.opts,
            "in_use": in_use,
            "next_version": (Framework.objects.filter(slug=HAWKEYE).order_by("-version").first() or in_use).version + 1,
            "differences": differences(in_use.text(), read_framework(source)),
            "source": source,
        }
        return TemplateResponse(request, "admin/analysis/framework/preview.html", context)

    def save_model(self, request: HttpRequest, obj: Framework, form: Any, change: bool) -> None:  # noqa: FBT001
        """Adopt the source as a new version; the row that was opened stays as it is."""
        del change
        adopted = adopt_framework(request.user, slug=HAWKEYE, source=form.cleaned_data["source"])  # type: ignore[arg-type]
        for name in ("pk", "slug", "version", "title", "is_active", "source"):
            setattr(obj, name, getattr(adopted, name))

    def has_delete_permission(self, request: HttpRequest, obj: Framework | None = None) -> bool:
        """Nobody: runs refer to their version."""
        del request, obj
        return False


@admin.register(Run)
class RunAdmin(FactsAdmin):
    """What was asked of whom, and what it cost."""

    list_display = ("version", "created_at", "framework", "state", "model_id", "model_problem_code", "cost_usd_cents")
    list_filter = ("state", "model_problem_code")
    list_select_related = ("version", "framework")


@admin.register(Finding)
class FindingAdmin(FactsAdmin):
    """What the engines found."""

    list_display = ("run__version", "type", "risk", "points", "engine", "model_id", "is_cached", "is_hidden")
    list_filter = ("engine", "type", "risk")
    list_select_related = ("run__version",)


@admin.register(ScorecardEntry)
class ScorecardEntryAdmin(FactsAdmin):
    """Who decided each point."""

    list_display = ("run__version", "point", "status", "risk", "engine", "other_status")
    list_filter = ("status", "engine")
    list_select_related = ("run__version",)


@admin.register(Reply)
class ReplyAdmin(FactsAdmin):
    """The model's answers as they came."""

    list_display = (
        "run__version",
        "window",
        "attempt",
        "model_id",
        "is_cached",
        "tokens_in",
        "tokens_out",
        "cost_usd_cents",
    )
    list_select_related = ("run__version",)
    list_filter = ("model_id", "is_cached", "error_code")
