"""One document: its facts, what happened to it, its job."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.views.gate import CapabilityView, person_of
from apps.documents.choices import notice_sentence
from apps.documents.forms import RenameForm
from apps.documents.policies import may_delete, may_edit
from apps.documents.selectors import document_for, sections_of
from apps.documents.services.purge import purge_document
from apps.documents.services.rename import change_document
from apps.documents.services.steer_job import restart_job, stop_job
from apps.kernel.audit.selectors import described, entries_for
from apps.kernel.jobs.selectors import latest_job

_MOST_ENTRIES = 200


class About(CapabilityView):
    """Facts, sections and activity."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE

    def get(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """The page."""
        document = document_for(person_of(request), document_id, need="view")
        version = document.current_version()
        context = {
            "document": document,
            "version": version,
            "sections": sections_of(version).only("index", "heading", "kind", "level"),
            "job": latest_job(document_id),
            "notices": [notice_sentence(notice) for notice in version.notices],
            "activity": [(entry, described(entry)) for entry in entries_for(document_id)[:_MOST_ENTRIES]],
            "may_edit": may_edit(person_of(request), document),
            "may_delete": may_delete(person_of(request), document),
            "form": RenameForm(initial={"name": document.name, "classification": document.classification}),
        }
        return render(request, "documents/about.html", context)


class Change(CapabilityView):
    """Rename or reclassify."""

    capability = Capability.UPLOAD_DOCUMENTS
    whose = Whose.READABLE

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Save and go back to the facts."""
        form = RenameForm(request.POST)
        if form.is_valid():
            change_document(person_of(request), document_id=document_id, **form.cleaned_data)
            messages.success(request, _("Saved."))
        else:
            messages.error(request, _("A document needs a name of at most 255 characters."))
        return redirect("documents:about", document_id=document_id)


class Delete(CapabilityView):
    """Delete for good."""

    capability = Capability.DELETE_DOCUMENTS
    whose = Whose.DELETABLE

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Delete and go back to the library."""
        purge_document(person_of(request), document_id=document_id, reason=request.POST.get("reason", "")[:500])
        messages.success(request, _("The document is deleted. The record that it existed is kept."))
        return redirect("feedback:library")


class Progress(CapabilityView):
    """The part of a page that shows how far the job is."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE

    def get(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """The part alone."""
        document = document_for(person_of(request), document_id, need="view")
        context = {"document": document, "stays": "stays" in request.GET, "job": latest_job(document_id)}
        return render(request, "documents/progress.html", context)


class Cancel(CapabilityView):
    """Stop the job."""

    capability = Capability.RUN_ANALYSIS
    whose = Whose.READABLE

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Ask the job to stop; it does so before its next section."""
        stop_job(person_of(request), document_id=document_id)
        return redirect("feedback:desk", document_id=document_id)


class Retry(CapabilityView):
    """Run the failed job again from where it stopped."""

    capability = Capability.RUN_ANALYSIS
    whose = Whose.READABLE
    starts_run = True

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Start again."""
        restart_job(person_of(request), document_id=document_id)
        return redirect("feedback:desk", document_id=document_id)
