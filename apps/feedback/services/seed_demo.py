"""Make the demo organization worth looking at: its people, its write-ups, two of them reviewed and partly decided on."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from apps.accounts.capabilities import RoleName
from apps.accounts.models import User
from apps.documents.models import Document
from apps.documents.services.upload import upload_document
from apps.documents.word import builder
from apps.feedback.choices import Verdict
from apps.feedback.models import Item
from apps.feedback.selectors import items_of, review_for
from apps.feedback.services.decide import decide
from apps.kernel.jobs.selectors import latest_job
from apps.kernel.jobs.services import run_inline

PEOPLE: tuple[tuple[str, str, RoleName], ...] = (
    ("viewer@demo.example", "Vera Lind", RoleName.VIEWER),
    ("analyst@demo.example", "Amir Haddad", RoleName.ANALYST),
    ("lead@demo.example", "Lena Brandt", RoleName.TEAM_LEAD),
    ("admin@demo.example", "Oskar Nyman", RoleName.ORG_ADMIN),
)
OPERATOR = ("operator@platform.example", "Pia Operator", RoleName.SYSTEM_ADMIN)


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """One write-up as it was authored: a file name, and the blocks of a Word file."""

    file_name: str
    blocks: list[dict[str, Any]]


def seed_people(people: tuple[tuple[str, str, RoleName], ...], *, password: str) -> None:
    """The people of a demo organization; those that are there keep what they changed."""
    for email, name, role in people:
        if not User.objects.filter(email=email).exists():
            user = User(email=email, name=name, role=role)
            user.set_password(password)
            user.save()


def seed_write_ups(folder: Path, *, reviewed: int) -> int:
    """Upload each write-up of the folder that is not there yet; review the first ones here and now. Returns how many were new."""
    author = User.objects.get(email="analyst@demo.example")
    new = 0
    for number, path in enumerate(sorted(folder.glob("*.yaml"))):
        source = yaml.safe_load(path.read_text(encoding="utf-8"))
        if Document.objects.filter(name=source["file_name"]).exists():
            continue
        content = builder.build([])
        document = upload_document(
            author, file_name=source["file_name"], content=io.BytesIO(content), size_bytes=len(content)
        )
        new += 1
        if number < reviewed:
            _review(document.id, author)
    return new


def _review(document_id: UUID, author: User) -> None:
    job = latest_job(document_id)
    if job is not None:
        run_inline(job.id)
    review = review_for(author, document_id, need="decide")
    for number, item in enumerate(items_of(review).filter(is_hidden=False)[:6]):
        _decide(author, item, number)


def _decide(author: User, item: Item, number: int) -> None:
    """A first look that leaves most items open for whoever tries the demo."""
    verdict = Verdict.REJECTED if number == 2 else Verdict.ACCEPTED
    if number < 4:
        decide(author, item_id=item.id, verdict=verdict)
