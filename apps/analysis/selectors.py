"""Questions about runs and scorecards; the document's own door decides who may ask."""

from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from apps.accounts.models import User
from apps.analysis.choices import RunState
from apps.analysis.errors import NotAnalysedYetError
from apps.analysis.models import Framework, Run, ScorecardEntry
from apps.documents.models import Document, Version
from apps.documents.selectors import document_for


def newest_run(version: Version) -> Run | None:
    """The last finished run of this version with its framework."""
    finished = Run.objects.select_related("framework", "version").filter(version=version, state=RunState.FINISHED)
    return finished.order_by("-created_at").first()


def finished_run_for(user: User, document_id: UUID) -> Run:
    """The last finished run of a document one may see; NotFoundError, NotAnalysedYetError."""
    run = newest_run(document_for(user, document_id, need="view").current_version())
    if run is None:
        raise NotAnalysedYetError
    return run


def scorecard_of(run: Run) -> QuerySet[ScorecardEntry]:
    """Its entries by point, with their sections."""
    return run.scorecard.select_related("section").order_by("point")


def with_gap_counts(documents: QuerySet[Document]) -> QuerySet[Document]:
    """The documents with `newest_run_id` of their newest finished run, or None."""
    runs = Run.objects.filter(version__document=OuterRef("pk"), state=RunState.FINISHED).order_by("-created_at")
    return documents.annotate(newest_run_id=Subquery(runs.values("id")[:1]))


def frameworks() -> QuerySet[Framework]:
    """All versions, newest first."""
    return Framework.objects.order_by("slug", "-version")
