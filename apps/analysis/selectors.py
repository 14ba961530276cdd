"""Questions about runs and scorecards; the document's own door decides who may ask."""

from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from apps.accounts.models import User
from apps.analysis.choices import Engine, RunState
from apps.analysis.errors import NotAnalysedYetError
from apps.analysis.models import Framework, Run, ScorecardEntry
from apps.documents.models import Document, Version
from apps.documents.selectors import document_for
from apps.kernel.errors import NotFoundError
from apps.kernel.kept_queries import KeptQuery


def newest_run(version: Version) -> Run | None:
    """The last finished run of this version with its framework."""
    finished = Run.objects.select_related("framework", "version").defer("version__extracted")
    finished = finished.filter(version=version, state=RunState.FINISHED)
    return finished.order_by("-created_at").first()


def run_to_draft(version: Version) -> Run | None:
    """The run whose findings people should see: the newest finished one, else one that the rules are done with.

    A new run does not take the place of a finished one before it is finished itself.
    """
    begun = Run.objects.select_related("framework", "version").filter(version=version, state=RunState.RULES_DONE)
    return newest_run(version) or begun.order_by("-created_at").first()


def finished_run_for(user: User, document_id: UUID) -> Run:
    """The last finished run of a document one may see; NotFoundError, NotAnalysedYetError."""
    run = newest_run(document_for(user, document_id, need="view").current_version())
    if run is None:
        raise NotAnalysedYetError
    return run


def scorecard_of(run: Run) -> QuerySet[ScorecardEntry]:
    """Its entries by point, with their sections."""
    found = run.scorecard.select_related("section").defer("section__text", "section__spans", "section__line_kinds")
    return found.order_by("point")


def shown_scorecard(run: Run) -> list[ScorecardEntry]:
    """The same entries, for a page that is looked at often."""
    return KeptQuery(ScorecardEntry, _shown_in, values={"run_id": run.pk}).rows()


def points_by_rules_only(run: Run) -> list[int]:
    """Points that no model has looked at, although one was asked: their evidence stands in a section that it has not read."""
    unread = {section["index"] for section in run.rules_only_sections}
    if not unread:
        return []
    entries = run.scorecard.filter(engine=Engine.RULES).select_related("section").order_by("point")
    return [entry.point for entry in entries if entry.section is None or entry.section.index in unread]


def newer_framework_than(run: Run) -> Framework | None:
    """The version in use when the run was made with an older one, so that a new review can be offered; else None."""
    newest = KeptQuery(Framework, _in_use, values={"slug": run.framework.slug}).first()
    return newest if newest and newest.version > run.framework.version else None


def with_gap_counts(documents: QuerySet[Document]) -> QuerySet[Document]:
    """The documents with `newest_run_id` of their newest finished run, or None."""
    runs = Run.objects.filter(version__document=OuterRef("pk"), state=RunState.FINISHED).order_by("-created_at")
    return documents.annotate(newest_run_id=Subquery(runs.values("id")[:1]))


def frameworks() -> QuerySet[Framework]:
    """All versions, newest first."""
    return Framework.objects.order_by("slug", "-version")


def framework_by_id(framework_id: UUID) -> Framework:
    """One version; NotFoundError when there is none. Everyone who reads documents may read it."""
    framework = Framework.objects.filter(pk=framework_id).first()
    if framework is None:
        raise NotFoundError
    return framework


def _shown_in(*, run_id: UUID) -> QuerySet[ScorecardEntry]:
    found = ScorecardEntry.objects.filter(run=run_id).select_related("section").order_by("point")
    return found.defer("section__text", "section__spans", "section__line_kinds")


def _in_use(*, slug: str) -> QuerySet[Framework]:
    return Framework.objects.filter(slug=slug, is_active=True).defer("source").order_by("-version")[:1]
