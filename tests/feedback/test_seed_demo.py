"""The demo: authored write-ups that become real files, and an organization that looks lived in."""

import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.documents.blocks.port import ExtractedText, FileKind
from apps.documents.extraction.sandbox import extract_in_sandbox
from apps.documents.models import Document
from apps.documents.sectioning.plan import divide
from apps.feedback.choices import ItemState, ReviewState, Verdict
from apps.feedback.models import Decision, Item, Review
from apps.feedback.services.demo_write_ups import WriteUp, WriteUpError, read_write_ups
from apps.kernel.audit.models import AuditEntry
from apps.kernel.jobs.models import Job
from apps.kernel.tenancy.context import inside, tenant_by_slug
from apps.tenants.services.suspend import resume_tenant, suspend_tenant

FOLDER = Path(settings.ROOT) / "demo" / "write_ups"
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
WRITE_UPS = read_write_ups(FOLDER)


def text_of(write_up: WriteUp) -> ExtractedText:
    return extract_in_sandbox(write_up.content, FileKind(Path(write_up.file_name).suffix[1:]))


def seed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("seed_demo", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def in_demo(question: Callable[[], Any]) -> Any:
    tenant = tenant_by_slug("demo")
    assert tenant is not None
    with inside(tenant):
        return question()


def test_there_are_eight_write_ups_two_of_them_with_a_planned_review() -> None:
    assert len(WRITE_UPS) == 8
    assert len({one.file_name for one in WRITE_UPS}) == 8
    assert sum(one.review is not None for one in WRITE_UPS) == 2
    assert {Path(one.file_name).suffix for one in WRITE_UPS} == {".docx", ".txt", ".rtf"}


@pytest.mark.parametrize("write_up", WRITE_UPS, ids=lambda one: one.file_name)
def test_each_is_a_readable_file_of_a_write_ups_length_with_invented_addresses_alone(write_up: WriteUp) -> None:
    text = text_of(write_up)
    assert 400 <= text.word_count <= 1200
    assert {notice.code for notice in text.notices} <= {"layout_not_kept"}
    sections = divide(text)
    assert sum(bool(section.heading) for section in sections) >= 4
    domains = ADDRESS.findall("\n".join(block.text for block in text.blocks))
    assert all(re.fullmatch(r"(?:.+\.)?example(?:\.(?:com|org|net))?", domain) for domain in domains), domains


def test_together_they_show_every_shape_that_the_product_reads() -> None:
    drafts = [draft for one in WRITE_UPS for draft in divide(text_of(one))]
    assert {"narrative", "email", "log", "appendix"} <= {draft.kind.value for draft in drafts}
    assert {"style", "formatting", "numbering"} <= {draft.trust.value for draft in drafts}
    assert {"table_row", "list_item", "footnote"} <= {kind for draft in drafts for kind in draft.line_kinds}


def test_the_demo_is_made_filled_and_decided_on_by_two_people(committed: None) -> None:
    shown = json.loads(seed("--json"))
    assert shown["url"] == "http://demo.localhost:8000/"
    roles = {person["role"]: person["email"] for person in shown["people"]}
    assert set(roles) == {"viewer", "analyst", "team_lead", "org_admin"}
    for email in roles.values():
        assert in_demo(lambda email=email: User.objects.get(email=email)).check_password(shown["password"])
    assert in_demo(Document.objects.count) == 8
    planned = [one.file_name for one in WRITE_UPS if one.review is not None]
    states = in_demo(
        lambda: dict(
            Review.objects.filter(version__document__name__in=planned).values_list("version__document__name", "state")
        )
    )
    assert sorted(states.values()) == [ReviewState.CLOSED, ReviewState.OPEN]
    verdicts = in_demo(lambda: set(Decision.objects.values_list("verdict", flat=True)))
    assert verdicts == {Verdict.ACCEPTED, Verdict.REJECTED, Verdict.REWORDED}
    people = in_demo(lambda: set(Decision.objects.values_list("decided_by__email", flat=True)))
    assert people == {roles["analyst"], roles["team_lead"]}
    assert in_demo(lambda: Item.objects.filter(author__isnull=False).count()) >= 2
    closed = in_demo(lambda: Review.objects.get(state=ReviewState.CLOSED))
    assert in_demo(lambda: closed.exports.get().comment_count) >= 3
    assert not in_demo(lambda: closed.items.filter(state=ItemState.OPEN, is_hidden=False).exists())
    still_open = in_demo(lambda: Review.objects.get(state=ReviewState.OPEN, version__document__name__in=planned))
    assert in_demo(lambda: still_open.items.filter(state=ItemState.OPEN, is_hidden=False).count()) >= 5


def test_the_others_wait_for_a_worker_or_have_been_reviewed_by_one(committed: None) -> None:
    seed()
    jobs = in_demo(lambda: list(Job.objects.values_list("state", flat=True)))
    assert len(jobs) == 8
    assert set(jobs) == {"completed"}, "tasks run at once in tests"


def test_made_again_it_changes_nothing_and_brings_nothing_back(committed: None) -> None:
    seed()
    entries = in_demo(AuditEntry.objects.count)
    in_demo(lambda: Document.objects.order_by("name").first().delete())  # type: ignore[union-attr]
    seed()
    assert in_demo(Document.objects.count) == 7
    assert in_demo(AuditEntry.objects.count) == entries


def test_one_that_was_interrupted_is_gone_on_with(committed: None, settings: Any, tmp_path: Path) -> None:
    broken = tmp_path / "demo" / "write_ups"
    shutil.copytree(FOLDER, broken)
    (broken / "99-late.yaml").write_text("file_name: late.docx\n")
    settings.ROOT = tmp_path
    with pytest.raises(CommandError, match=r"99-late\.yaml has no blocks"):
        seed()
    (broken / "99-late.yaml").unlink()
    seed()
    assert in_demo(Document.objects.count) == 8
    assert in_demo(lambda: Review.objects.filter(state=ReviewState.CLOSED).count()) == 1


def test_bare_it_has_people_and_no_documents(committed: None) -> None:
    seed("--bare")
    assert in_demo(User.objects.count) == 4
    assert in_demo(Document.objects.count) == 0


def test_production_has_no_demo(committed: None, settings: Any) -> None:
    settings.PRISM_SCHEME = "https"
    with pytest.raises(CommandError, match="not made in production"):
        seed()
    assert tenant_by_slug("demo") is None


def test_a_demo_that_may_not_work_is_not_entered(committed: None) -> None:
    seed("--bare")
    people = in_demo(User.objects.count)
    in_demo(lambda: User.objects.order_by("email").first().delete())  # type: ignore[union-attr]
    suspend_tenant("demo", reason="unpaid")
    with pytest.raises(CommandError, match="demo is there but may not work now"):
        seed("--bare")
    assert in_demo(User.objects.count) == people - 1
    resume_tenant("demo")
    seed("--bare")
    assert in_demo(User.objects.count) == people


GOOD: dict[str, Any] = {
    "file_name": "case.docx",
    "blocks": [
        {"heading": "Summary", "level": 2, "style": "bold"},
        {"paragraph": "Some words here.", "footnote": "A note."},
        {"table": [["a", "b"], ["c", "d"]]},
    ],
    "review": {
        "decisions": [{"by": "lead@demo.example", "point": 3, "verdict": "accepted"}],
        "remarks": [{"by": "lead@demo.example", "quote": "words", "description": "Which?", "point": 17}],
    },
}


def read(folder: Path, raw: object) -> WriteUp:
    (folder / "one.yaml").write_text(yaml.safe_dump(raw))
    (found,) = read_write_ups(folder)
    return found


def test_a_good_write_up_is_read_with_its_plan(tmp_path: Path) -> None:
    write_up = read(tmp_path, GOOD)
    assert [block.text for block in text_of(write_up).blocks][:2] == ["Summary", "Some words here."]
    assert write_up.review is not None
    assert write_up.review.decisions[0].verdict is Verdict.ACCEPTED
    assert write_up.review.remarks[0].quote == "words"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"file_name": ""}, "one.yaml needs a text 'file_name'"),
        ({"file_name": "case.pdf"}, "ends in .docx"),
        ({"blocks": []}, "has no blocks"),
        ({"blocks": "words"}, "needs a list 'blocks'"),
        ({"blocks": [{"paragraph": "a", "bullets": ["b"]}]}, "blocks 1, needs exactly one of"),
        ({"blocks": [{"paragraf": "a"}]}, "blocks 1, needs exactly one of"),
        ({"blocks": [{"paragraph": "a", "colour": "red"}]}, "unknown keys: colour"),
        ({"blocks": [{"heading": "a", "level": 9}]}, "needs a level from 1 to 6"),
        ({"blocks": [{"heading": "a", "style": "pink"}]}, "has an unknown style"),
        ({"blocks": [{"table": [["a", "b"], ["c"]]}]}, "rows of unequal length"),
        ({"blocks": [{"bullets": []}]}, "needs a list of texts"),
        ({"reviews": {}}, "unknown keys: reviews"),
        ({"review": {"decisions": [{"by": "x", "point": 21, "verdict": "accepted"}]}}, "a point from 1 to 20"),
        ({"review": {"decisions": [{"by": "x", "point": 2, "verdict": "perhaps"}]}}, "has an unknown verdict"),
        ({"review": {"decisions": [{"by": "x", "point": 2, "verdict": "reworded"}]}}, "needs a text 'suggestion'"),
        ({"review": {"remarks": [{"by": "x", "quote": "sword", "description": "d", "point": 2}]}}, "exactly one place"),
    ],
)
def test_a_wrong_write_up_is_refused_with_its_place(tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(WriteUpError, match=re.escape(complaint)):
        read(tmp_path, GOOD | change)


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("file_name: [")
    with pytest.raises(WriteUpError, match=r"one\.yaml cannot be read"):
        read_write_ups(tmp_path)
