"""The only door to documents: what one may not see does not exist."""

from typing import Literal
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.models import User
from apps.accounts.policies import may
from apps.documents.models import Document, Section, Version
from apps.documents.policies import may_delete, may_edit, may_view
from apps.kernel.errors import NotAllowedError, NotFoundError
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.selectors import job_by_id

Need = Literal["view", "edit", "delete"]
_POLICIES = {"view": may_view, "edit": may_edit, "delete": may_delete}


def documents_visible_to(user: User) -> QuerySet[Document]:
    """Documents with their author and, as attributes, the current version's kind, size_bytes, word_count and file_name."""
    if not may(user, Capability.READ_DOCUMENTS):
        return Document.objects.none()
    found = Document.objects.select_related("uploaded_by")
    if user.role not in {RoleName.TEAM_LEAD, RoleName.ORG_ADMIN}:
        found = found.filter(~Q(classification="restricted") | Q(uploaded_by=user))
    newest = Version.objects.filter(document=OuterRef("pk")).order_by("-number")
    columns = ("kind", "size_bytes", "word_count", "file_name")
    return found.annotate(**{column: Subquery(newest.values(column)[:1]) for column in columns})


def document_for(user: User, document_id: UUID, *, need: Need) -> Document:
    """One document for a purpose: NotFoundError when it is absent or hidden, NotAllowedError when it may only be seen."""
    document = Document.objects.select_related("uploaded_by").filter(pk=document_id).first()
    if document is None or not may_view(user, document):
        raise NotFoundError
    if not _POLICIES[need](user, document):
        raise NotAllowedError
    return document


def job_for(user: User, job_id: UUID) -> Job:
    """One job about a document that one may see, with its stages; NotFoundError when either is absent or hidden."""
    job = job_by_id(job_id)
    document_for(user, job.subject_id, need="view")
    return job


def sections_of(version: Version) -> QuerySet[Section]:
    """In reading order."""
    return version.sections.order_by("index")
