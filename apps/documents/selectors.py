"""The only door to documents: what one may not see does not exist."""

from typing import Literal
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.models import User
from apps.accounts.policies import may
from apps.documents.models import Document, Section, Version
from apps.documents.policies import may_delete, may_edit, may_view
from apps.kernel.errors import NotAllowedError, NotFoundError
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.selectors import job_by_id, with_job_state
from apps.kernel.kept_queries import KeptQuery

Need = Literal["view", "edit", "delete"]
_LISTED = ("name", "classification", "created_at", "uploaded_by__name")
_POLICIES = {"view": may_view, "edit": may_edit, "delete": may_delete}
_Reach = Literal["nothing", "all", "own and open"]


def documents_visible_to(user: User) -> QuerySet[Document]:
    """Documents with their author and, as attributes, the current version's kind, size_bytes, word_count and file_name."""
    reach, values = _reach_of(user)
    return _visible(reach, **values)


def shown_documents(user: User) -> KeptQuery[Document]:
    """documents_visible_to() with `job_state`, for lists and looks: of the author only the name is loaded."""
    reach, values = _reach_of(user)
    return KeptQuery(Document, _shown, (reach,), values)


def shown_document(user: User, document_id: UUID) -> Document:
    """One of shown_documents(); NotFoundError when it is absent or hidden."""
    document = shown_documents(user).narrowed(_with_id, values={"document_id": document_id}).first()
    if document is None:
        raise NotFoundError
    return document


def readable_documents(user: User) -> KeptQuery[Document]:
    """The same documents without anything beside them: for counting."""
    reach, values = _reach_of(user)
    return KeptQuery(Document, _readable, (reach,), values)


def listed_documents(user: User) -> KeptQuery[Document]:
    """The same documents with their author's name and, as one attribute `newest`, the current version's {"kind", "word_count"}."""
    reach, values = _reach_of(user)
    return KeptQuery(Document, _listed, (reach,), values)


def document_for(user: User, document_id: UUID, *, need: Need) -> Document:
    """One document for a purpose: NotFoundError when it is absent or hidden, NotAllowedError when it may only be seen."""
    document = KeptQuery(Document, _by_id, values={"document_id": document_id}).first()
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


def read_sections(version: Version) -> list[Section]:
    """In reading order, for people: without where their words stand in the file, which is much to load."""
    return KeptQuery(Section, _read, values={"version_id": version.pk}).rows()


def _read(*, version_id: UUID) -> QuerySet[Section]:
    return Section.objects.filter(version=version_id).defer("spans").order_by("index")


def _reach_of(user: User) -> tuple[_Reach, dict[str, UUID]]:
    """How far this person sees, and what the question must know of them for it."""
    if not may(user, Capability.READ_DOCUMENTS):
        return "nothing", {}
    if user.role in {RoleName.TEAM_LEAD, RoleName.ORG_ADMIN}:
        return "all", {}
    return "own and open", {"person_id": user.pk}


def _readable(reach: _Reach, **person: UUID) -> QuerySet[Document]:
    if reach == "nothing":
        return Document.objects.none()
    found = Document.objects.select_related("uploaded_by")
    if reach != "all":
        found = found.filter(~Q(classification="restricted") | Q(uploaded_by=person["person_id"]))
    return found


def _newest_version() -> QuerySet[Version]:
    return Version.objects.filter(document=OuterRef("pk")).order_by("-number")


def _visible(reach: _Reach, **person: UUID) -> QuerySet[Document]:
    columns = ("kind", "size_bytes", "word_count", "file_name")
    answers = {column: Subquery(_newest_version().values(column)[:1]) for column in columns}
    return _readable(reach, **person).annotate(**answers)


def _shown(reach: _Reach, **person: UUID) -> QuerySet[Document]:
    found = with_job_state(_visible(reach, **person), pipeline="review")
    return found.only("name", "classification", "created_at", "updated_at", "uploaded_by__name")


def _listed(reach: _Reach, **person: UUID) -> QuerySet[Document]:
    said = _newest_version().values(said=JSONObject(kind="kind", word_count="word_count"))[:1]
    return _readable(reach, **person).only(*_LISTED).annotate(newest=Subquery(said))


def _with_id(documents: QuerySet[Document], *, document_id: UUID) -> QuerySet[Document]:
    return documents.filter(pk=document_id)


def _by_id(*, document_id: UUID) -> QuerySet[Document]:
    return Document.objects.select_related("uploaded_by").filter(pk=document_id)
