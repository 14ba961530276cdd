"""A framework is data: administrators adopt versions with open eyes, reviews keep theirs, everybody reads them."""

import html
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from apps.analysis.frameworks.differences import differences
from apps.analysis.frameworks.reader import FrameworkFileError, hawkeye_source, read_framework
from apps.analysis.models import Framework, Run
from apps.analysis.services.adopt_framework import framework_in_use
from apps.feedback.models import Decision, Item
from apps.kernel.audit.models import AuditEntry
from apps.kernel.tenancy.context import inside
from tests.analysis.conftest import write_up

ADD = "/admin/analysis/framework/add/"
RETITLED = hawkeye_source().replace("Initial Assessment", "First Look", 1)


def preview_of(client, source: str):
    return client.post(ADD, {"source": source})


def adopt(client, source: str):
    return client.post(ADD, {"source": source, "_adopt": "1"})


def text_of(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def admin_client(tenant_a, cast_a, client_for):
    return client_for(cast_a.org_admin, tenant_a)


def test_what_changes_is_shown_before_anything_is_adopted(admin_client):
    in_use = framework_in_use()
    page = text_of(preview_of(admin_client, RETITLED))
    assert "Initial Assessment" in page
    assert "First Look" in page
    assert "Adopt as version 2" in page
    assert list(Framework.objects.values_list("version", flat=True)) == [in_use.version]


def test_a_confirmed_version_is_in_use_and_recorded(admin_client, cast_a):
    framework_in_use()
    assert adopt(admin_client, RETITLED).status_code == 302
    adopted = framework_in_use()
    assert (adopted.version, adopted.text().point(1).title) == (2, "First Look")
    assert Framework.objects.filter(slug="hawkeye", is_active=True).count() == 1
    entry = AuditEntry.objects.filter(action="framework.adopted").latest("at")
    assert (entry.actor_id, entry.target_id, entry.detail) == (
        cast_a.org_admin.pk,
        adopted.pk,
        {"slug": "hawkeye", "version": 2},
    )


def test_a_file_may_be_given_instead_of_the_text(admin_client):
    framework_in_use()
    file = SimpleUploadedFile("ours.yaml", RETITLED.encode())
    assert "First Look" in text_of(admin_client.post(ADD, {"source": "", "file": file}))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe\x00", "not UTF-8"), (b"# " + b"x" * 600_000, "larger than 512 KiB")],
    ids=["no text", "too large"],
)
def test_a_file_that_is_no_text_is_refused(admin_client, content, said):
    framework_in_use()
    answer = admin_client.post(ADD, {"source": "", "file": SimpleUploadedFile("x.yaml", content)})
    assert answer.status_code == 200
    assert said in text_of(answer)


def test_every_fault_of_a_source_is_said_at_once(admin_client):
    framework_in_use()
    bad = (
        hawkeye_source()
        .replace("default_risk: High", "default_risk: Enormous", 1)
        .replace("kind: vague_quantity", "kind: bad_taste", 1)
        .replace("number: 20", "number: 19", 1)
    )
    page = text_of(preview_of(admin_client, bad))
    assert "default_risk must be one of" in page
    assert "'bad_taste' is not known" in page
    assert "point 19 is there twice" in page
    assert Framework.objects.count() == 1


@pytest.mark.parametrize(
    "source",
    ["", "just words", "[1, 2", "a: &a [*a]", "points: 7", hawkeye_source().replace("slug: hawkeye", "slug: ours", 1)],
    ids=["nothing", "words", "broken", "aliases", "no points", "another slug"],
)
def test_what_is_no_framework_is_neither_previewed_nor_adopted(admin_client, source):
    framework_in_use()
    for answer in (preview_of(admin_client, source), adopt(admin_client, source)):
        assert answer.status_code == 200
        assert "Adopt as version" not in text_of(answer)
    assert Framework.objects.count() == 1


def test_the_version_in_use_is_not_adopted_again(admin_client):
    framework_in_use()
    assert "in use already" in text_of(preview_of(admin_client, hawkeye_source()))
    assert Framework.objects.count() == 1


def test_an_older_version_can_be_adopted_again_as_a_new_one(admin_client):
    framework_in_use()
    adopt(admin_client, RETITLED)
    adopt(admin_client, hawkeye_source())
    assert (framework_in_use().version, framework_in_use().text().point(1).title) == (3, "Initial Assessment")


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_administrators_adopt(tenant_a, cast_a, client_for, role):
    framework_in_use()
    client = client_for(getattr(cast_a, role), tenant_a)
    assert adopt(client, RETITLED).status_code in {302, 403}
    assert Framework.objects.count() == 1


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead", "org_admin"])
def test_everybody_reads_the_framework_and_its_older_versions(tenant_a, cast_a, client_for, admin_client, role):
    framework_in_use()
    adopt(admin_client, RETITLED)
    client = client_for(getattr(cast_a, role), tenant_a)
    assert "First Look" in text_of(client.get("/framework/"))
    assert "Initial Assessment" in text_of(client.get("/framework/", {"version": "1"}))
    for odd in ("9", "x", "-1", "1.5", "9" * 40, "\u0663"):
        assert client.get("/framework/", {"version": odd}).status_code == 404
    assert ("Edit in the administration" in text_of(client.get("/framework/"))) is (role == "org_admin")


def test_a_review_keeps_its_version_and_a_new_one_is_offered(uploaded, admin_client, tenant_a, cast_a, client_for):
    client = client_for(cast_a.analyst, tenant_a)
    document_id = uploaded(write_up(1), client=client)
    assert "is in use now" not in text_of(client.get(f"/documents/{document_id}/"))
    adopt(admin_client, RETITLED)
    desk = text_of(client.get(f"/documents/{document_id}/"))
    assert "Reviewed with version 1 of the framework; version 2 is in use now." in desk
    assert "Initial Assessment" in desk
    assert Run.objects.get().framework.version == 1

    assert client.post(f"/documents/{document_id}/again/").status_code == 302
    assert Run.objects.latest("created_at").framework.version == 2
    desk = text_of(client.get(f"/documents/{document_id}/"))
    assert "First Look" in desk
    assert "is in use now" not in desk


def test_a_framework_of_fewer_points_is_reviewed_by_those_alone(uploaded, admin_client):
    framework_in_use()
    text = read_framework(hawkeye_source())
    last = next(point for point in text.points if point.number == 20)
    assert any(defect.point != 20 for defect in text.defects)
    lines = hawkeye_source().splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.strip() == "- number: 20")
    end = next(n for n, line in enumerate(lines[start:], start) if line.startswith("defects:"))
    shorter = "".join([*lines[:start], *lines[end:]])
    assert adopt(admin_client, shorter).status_code == 302
    uploaded(write_up(1))
    run = Run.objects.latest("created_at")
    assert sorted(run.scorecard.values_list("point", flat=True)) == list(range(1, 20))
    assert last.title not in {title for item in Item.objects.all() for title in [item.description.split(":")[0]]}


def test_differences_name_what_is_new_what_goes_and_what_is_other():
    old, new = (
        read_framework(hawkeye_source()),
        read_framework(RETITLED.replace("default_risk: High", "default_risk: Low", 1)),
    )
    found = differences(old, new)
    assert {(one.where, one.what) for one in found} == {("point 1", "title"), ("point 1", "default_risk")}
    assert [(one.before, one.after) for one in found if one.what == "default_risk"] == [("High", "Low")]
    assert differences(old, old) == ()


def test_a_source_with_many_faults_names_each():
    with pytest.raises(FrameworkFileError) as caught:
        read_framework("slug: x\npoints: []\nnonsense: 1\n")
    faults = str(caught.value.fields["faults"]).split("; ")
    assert len(faults) > 4
    assert any("nonsense is not known" in fault for fault in faults)


FACTS = [
    "analysis/run",
    "analysis/finding",
    "analysis/scorecardentry",
    "analysis/reply",
    "feedback/item",
    "feedback/decision",
    "feedback/export",
]


@pytest.mark.parametrize("kind", FACTS)
def test_facts_are_read_in_the_administration_and_never_changed(
    uploaded, admin_client, tenant_a, cast_a, client_for, kind
):
    client = client_for(cast_a.analyst, tenant_a)
    document_id = uploaded(write_up(1), client=client)
    item = Item.objects.filter(is_hidden=False).first()
    client.post(f"/items/{item.id}/decide/", {"verdict": "accepted", "revision": "0"})
    client.post(f"/documents/{document_id}/export/")
    listing = admin_client.get(f"/admin/{kind}/")
    assert listing.status_code == 200
    assert admin_client.get(f"/admin/{kind}/add/").status_code == 403
    from django.apps import apps

    model = apps.get_model(*kind.split("/"))
    row = model.objects.first()
    if row is not None:
        assert admin_client.get(f"/admin/{kind}/{row.pk}/change/").status_code == 200
        assert admin_client.post(f"/admin/{kind}/{row.pk}/change/", {"state": "x"}).status_code == 403
        assert admin_client.post(f"/admin/{kind}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
        assert model.objects.filter(pk=row.pk).exists()
    else:
        assert kind == "analysis/reply", "only the model's replies are not there"
    assert client.get(f"/admin/{kind}/").status_code in {302, 403}
    assert Decision.objects.count() == 1


def test_two_who_meet_an_organization_without_a_framework_adopt_it_once(committed_tenants):
    alpha, _ = committed_tenants
    start = threading.Barrier(4)
    found: list[object] = []

    def look() -> None:
        start.wait()
        with inside(alpha):
            found.append(framework_in_use().pk)
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    with inside(alpha):
        assert Framework.objects.count() == 1
