"""Make the demo worth looking at: its people, its write-ups, some of them reviewed and decided on by two people."""

import io
from collections.abc import Callable
from pathlib import Path

from apps.accounts.capabilities import RoleName
from apps.accounts.models import User
from apps.analysis.rules.port import ItemType
from apps.documents.models import Document, Section
from apps.documents.services.upload import upload_document
from apps.feedback.choices import ItemState, Verdict
from apps.feedback.models import Item, Review
from apps.feedback.selectors import items_of, newest_export, review_for
from apps.feedback.services.add_remark import Remark, add_remark
from apps.feedback.services.close_review import close_review
from apps.feedback.services.decide import Wording, decide
from apps.feedback.services.demo_write_ups import PlannedRemark, PlannedReview, WriteUp, read_write_ups
from apps.feedback.services.export import make_word_file
from apps.kernel.audit.record import record
from apps.kernel.audit.selectors import entries_for
from apps.kernel.jobs.selectors import latest_job
from apps.kernel.jobs.services import run_inline
from apps.kernel.jobs.wake import calling_nobody
from apps.kernel.tenancy.context import current_tenant

Person = tuple[str, str, RoleName]

PEOPLE: tuple[Person, ...] = (
    ("viewer@demo.example", "Vera Lind", RoleName.VIEWER),
    ("analyst@demo.example", "Amir Haddad", RoleName.ANALYST),
    ("lead@demo.example", "Lena Brandt", RoleName.TEAM_LEAD),
    ("admin@demo.example", "Oskar Nyman", RoleName.ORG_ADMIN),
)
OPERATOR: Person = ("operator@platform.example", "Pia Operator", RoleName.SYSTEM_ADMIN)


def seed_people(people: tuple[Person, ...], *, password: str) -> None:
    """The people of a demo organization; those that are there keep what they changed."""
    there = set(User.objects.filter(email__in=[email for email, _, _ in people]).values_list("email", flat=True))
    for email, name, role in people:
        if email not in there:
            user = User(email=email, name=name, role=role)
            user.set_password(password)
            user.save()


def seed_write_ups(folder: Path, *, announce: Callable[[str], None]) -> int:
    """Upload the folder's write-ups and do the reviews that they plan; returns how many were new.

    Done once: what people delete afterwards stays deleted. One that was interrupted is gone on with. WriteUpError for a bad file.
    """
    tenant_id = current_tenant().id
    if entries_for(tenant_id).filter(action="demo.filled").exists():
        return 0
    new = 0
    # The library shows the newest first: what has been reviewed shall stand on top.
    for write_up in reversed(read_write_ups(folder)):
        document = Document.objects.filter(name=write_up.file_name).first()
        new += document is None
        if write_up.review is None:
            # The upload calls a worker: whoever starts one sees it at work.
            document or _uploaded(write_up)
            continue
        announce(f"reviewing {write_up.file_name}")
        with calling_nobody():
            _carry_out(write_up.review, document or _uploaded(write_up))
    record("demo.filled", actor=None, target=tenant_id, detail={"documents": new})
    return new


def _uploaded(write_up: WriteUp) -> Document:
    return upload_document(
        _person(write_up.uploaded_by),
        file_name=write_up.file_name,
        content=io.BytesIO(write_up.content),
        size_bytes=len(write_up.content),
    )


def _carry_out(plan: PlannedReview, document: Document) -> None:
    """The real stages here and now, then the planned decisions; each is one that people could have taken."""
    job = latest_job(document.id)
    if job is not None:
        run_inline(job.id)
    review = review_for(document.uploaded_by, document.id, need="decide")
    if not review.is_open:
        return
    shown = items_of(review).filter(is_hidden=False, author__isnull=True)
    for decision in plan.decisions:
        item = shown.filter(points__0=decision.point, quote__contains=decision.quote).first()
        if item is not None:
            wording = Wording(suggestion=decision.suggestion, note=decision.note)
            decide(_person(decision.by), item_id=item.id, verdict=decision.verdict, wording=wording)
    for remark in plan.remarks:
        _write_remark(remark, document=document, review=review)
    if plan.finished_by:
        _finish(_person(plan.finished_by), document=document, shown=list(shown.filter(state=ItemState.OPEN)))


def _write_remark(planned: PlannedRemark, *, document: Document, review: Review) -> None:
    section = Section.objects.filter(version=review.version, text__contains=planned.quote).first()
    if section is None or review.items.filter(description=planned.description).exists():
        return
    start = section.text.index(planned.quote)
    remark = Remark(
        section_id=section.id,
        start=start,
        end=start + len(planned.quote),
        description=planned.description,
        suggestion=planned.suggestion,
        type=planned.type,
        risk=planned.risk,
        points=(planned.point,),
    )
    add_remark(_person(planned.by), document_id=document.id, remark=remark)


def _finish(user: User, *, document: Document, shown: list[Item]) -> None:
    for item in shown:
        verdict = Verdict.ACCEPTED if item.type == ItemType.POSITIVE else Verdict.REJECTED
        decide(user, item_id=item.id, verdict=verdict)
    if newest_export(review_for(user, document.id, need="decide")) is None:
        make_word_file(user, document_id=document.id)
    close_review(user, document_id=document.id)


def _person(email: str) -> User:
    return User.objects.get(email=email)
