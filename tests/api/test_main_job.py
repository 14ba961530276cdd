"""The main job through the API alone: upload, follow, read, decide, close, export."""

import io
import zipfile
from typing import Any

from apps.kernel.audit.models import AuditEntry
from apps.kernel.jobs.models import Job, StageRun
from config.settings.parts.pipeline import REVIEW_STAGES
from tests.api.conftest import API, WRITE_UP, items_of, send, upload


def test_the_front_door_leads_everywhere(admin: Any) -> None:
    links = admin.get(f"{API}/").json()["_links"]
    assert {"me", "documents", "frameworks", "people", "invitations", "api_keys", "stream", "schema"} <= links.keys()
    assert {name: admin.get(url).status_code for name, url in links.items()} == dict.fromkeys(links, 200)


def test_every_link_of_a_document_leads_somewhere(analyst: Any, document: dict[str, Any]) -> None:
    links = dict(document["_links"])
    assert analyst.post(links.pop("analyze")).status_code == 202
    assert {name: analyst.get(url).status_code for name, url in links.items()} == dict.fromkeys(links, 200)


def test_an_upload_says_where_it_is_and_is_reviewed(analyst: Any) -> None:
    document = upload(analyst, classification="confidential")
    assert (document["name"], document["classification"], document["kind"]) == ("case 17.docx", "confidential", "docx")
    job = analyst.get(document["_links"]["job"]).json()
    assert (job["state"], job["progress"], job["error"]) == ("completed", 1.0, None)
    assert [stage["state"] for stage in job["stages"]] == ["completed"] * len(REVIEW_STAGES)
    assert analyst.get(job["_links"]["self"]).json() == job
    read = analyst.get(document["_links"]["self"]).json()
    assert (read["state"], read["uploaded_by"]["name"]) == ("completed", "Analyst")
    assert read["word_count"] > 20
    assert b"".join(analyst.get(document["_links"]["original"]).streaming_content) == WRITE_UP


def test_items_point_into_the_sections_text(analyst: Any, document: dict[str, Any]) -> None:
    sections = {one["id"]: one for one in analyst.get(document["_links"]["sections"]).json()["results"]}
    items = items_of(analyst, document, limit=100)
    assert [section["index"] for section in sections.values()] == list(range(len(sections)))
    assert len(items) > 3
    for item in items:
        assert sections[item["section"]]["text"][item["start"] : item["end"]] == item["quote"]
        assert item["source"]["engine"] == "rules"


def test_the_analysis_names_its_sources_and_holds_twenty_points(analyst: Any, document: dict[str, Any]) -> None:
    run = analyst.get(document["_links"]["analysis"]).json()
    assert (run["framework"], run["engines"], run["model_id"]) == ("hawkeye", ["rules"], "")
    assert [entry["point"] for entry in run["scorecard"]] == list(range(1, 21))
    assert all(entry["title"] for entry in run["scorecard"])
    assert {entry["risk"] for entry in run["scorecard"] if entry["status"] != "gap"} <= {None}
    assert analyst.get(run["_links"]["framework"]).json()["version"] == run["framework_version"]


def test_asking_again_starts_a_job_and_says_where(analyst: Any, document: dict[str, Any]) -> None:
    answer = analyst.post(document["_links"]["analyze"])
    assert answer.status_code == 202
    job = analyst.get(answer["Location"]).json()
    assert (job["id"], job["document"], job["state"]) == (answer.json()["job"], document["id"], "completed")


def test_items_are_filtered_by_everything_one_asks_for(analyst: Any, document: dict[str, Any]) -> None:
    everything = items_of(analyst, document, limit=100)
    first = everything[0]
    send(analyst, "post", first["_links"]["accept"])
    for name, value, matches in (
        ("state", "accepted", lambda item: item["id"] == first["id"]),
        ("risk", first["risk"], lambda item: item["risk"] == first["risk"]),
        ("type", first["type"], lambda item: item["type"] == first["type"]),
        ("section", first["section"], lambda item: item["section"] == first["section"]),
        ("point", 6, lambda item: 6 in item["points"]),
        ("source", "person", lambda item: False),
        ("source", "rules", lambda item: True),
        ("is_hidden", "true", lambda item: item["is_hidden"]),
    ):
        found = {item["id"] for item in items_of(analyst, document, limit=100, **{name: value})}
        assert found == {item["id"] for item in everything if matches(item)}, name


def test_a_decision_has_a_history(analyst: Any, team_lead: Any, document: dict[str, Any]) -> None:
    item = items_of(analyst, document)[0]
    links = item["_links"]
    accepted = send(analyst, "post", links["accept"], {"note": "Right."})
    assert (accepted.status_code, accepted.json()["state"], accepted.json()["revision"]) == (200, "accepted", 1)
    assert send(analyst, "post", links["accept"]).json()["revision"] == 1
    assert send(team_lead, "post", links["reject"]).json()["state"] == "rejected"
    reworded = send(analyst, "post", links["reword"], {"description": "Say which control.", "suggestion": "Name it."})
    assert (reworded.json()["state"], reworded.json()["description"]) == ("accepted", "Say which control.")
    reverted = send(analyst, "post", links["revert"]).json()
    assert (reverted["state"], reverted["description"]) == ("open", item["description"])
    history = analyst.get(links["decisions"]).json()["results"]
    assert [(one["revision"], one["verdict"], one["decided_by"]["name"]) for one in history] == [
        (1, "accepted", "Analyst"),
        (2, "rejected", "Team Lead"),
        (3, "reworded", "Analyst"),
        (4, "reverted", "Analyst"),
    ]
    assert (history[0]["note"], history[2]["description"]) == ("Right.", "Say which control.")


def test_a_remark_is_added_found_and_removed(analyst: Any, team_lead: Any, document: dict[str, Any]) -> None:
    section = analyst.get(document["_links"]["sections"]).json()["results"][0]
    start = section["text"].index("Many")
    remark = {"section": section["id"], "start": start, "end": start + 11, "description": "How many?", "points": [3]}
    added = send(analyst, "post", document["_links"]["feedback"], remark)
    assert (added.status_code, added.json()["quote"]) == (201, "Many buyers")
    assert added.json()["source"]["person"] == "Analyst"
    assert [item["id"] for item in items_of(analyst, document, source="person")] == [added.json()["id"]]
    assert team_lead.delete(added["Location"]).status_code == 403
    assert analyst.delete(added["Location"]).status_code == 204
    assert analyst.get(added["Location"]).status_code == 404


def test_a_review_is_previewed_closed_exported_and_reopened(analyst: Any, document: dict[str, Any]) -> None:
    links = analyst.get(document["_links"]["review"]).json()["_links"]
    assert analyst.post(links["exports"]).json()["code"] == "nothing_to_export"
    item = items_of(analyst, document)[0]
    send(analyst, "post", item["_links"]["accept"])
    assert analyst.get(links["preview"]).json()["comment_count"] == 1
    closed = analyst.post(links["close"]).json()
    assert (closed["state"], closed["closed_by"]["name"], closed["counts"]["accepted"]) == ("closed", "Analyst", 1)
    refused = send(analyst, "post", item["_links"]["reject"])
    assert (refused.status_code, refused.json()["code"]) == (409, "review_closed")
    made = analyst.post(links["exports"])
    assert (made.status_code, made.json()["comment_count"]) == (201, 1)
    assert analyst.get(made["Location"]).json() == made.json()
    content = b"".join(analyst.get(made.json()["_links"]["file"]).streaming_content)
    assert "word/comments.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert analyst.get(links["self"]).json()["export_is_current"] is True
    assert analyst.post(links["reopen"]).json()["state"] == "open"
    taken_back = analyst.post(links["revert_all"]).json()
    assert taken_back["reverted"] == 1
    assert analyst.get(links["self"]).json()["export_is_current"] is False
    undone = send(analyst, "post", links["undo_revert_all"], {"reverted_at": taken_back["reverted_at"]})
    assert (undone.status_code, undone.json()) == (200, {"restored": 1, "left": 0})
    assert analyst.get(item["_links"]["self"]).json()["state"] == "accepted"
    nothing = send(analyst, "post", links["undo_revert_all"], {"reverted_at": "2026-01-01T00:00:00Z"})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_undo")
    assert send(analyst, "post", links["undo_revert_all"], {}).status_code == 400
    assert [one["id"] for one in analyst.get(links["exports"]).json()["results"]] == [made.json()["id"]]


def test_the_activity_of_a_document_is_told(analyst: Any, document: dict[str, Any]) -> None:
    analyst.get(document["_links"]["original"])
    told = analyst.get(document["_links"]["activity"], {"ordering": "created_at"}).json()["results"]
    assert [one["action"] for one in told][:1] == ["document.uploaded"]
    assert told[-1]["action"] == "document.downloaded"
    assert (told[-1]["actor"]["name"], told[-1]["sentence"]) == ("Analyst", "Analyst downloaded the original")
    assert told[1]["actor"] == {"id": None, "name": None}


def test_a_job_that_runs_is_stopped_and_started_again(analyst: Any, viewer: Any, document: dict[str, Any]) -> None:
    job = analyst.get(document["_links"]["job"]).json()
    _leave_running(job["id"])
    assert analyst.get(job["_links"]["self"]).json()["progress"] == round(2.5 / len(REVIEW_STAGES), 3)
    assert viewer.delete(job["_links"]["self"]).status_code == 403
    stopping = analyst.delete(job["_links"]["self"])
    assert (stopping.status_code, stopping["Location"]) == (202, job["_links"]["self"])
    assert stopping.json()["cancel_requested_at"] is not None
    Job.objects.filter(pk=job["id"]).update(state="cancelled")
    StageRun.objects.filter(job_id=job["id"], ordinal=2).update(state="cancelled")
    again = analyst.post(job["_links"]["retry"])
    assert again.status_code == 202
    assert analyst.get(job["_links"]["self"]).json()["state"] == "completed"
    refused = analyst.post(job["_links"]["retry"])
    assert (refused.status_code, refused.json()["code"]) == (409, "job_not_retryable")
    assert list(AuditEntry.objects.filter(action__startswith="document.job").values_list("action", flat=True)) == [
        "document.job_restarted",
        "document.job_stopped",
    ]


def test_stopping_a_job_that_has_ended_changes_nothing(analyst: Any, document: dict[str, Any]) -> None:
    job = analyst.get(document["_links"]["job"]).json()
    assert analyst.post(job["_links"]["cancel"]).json() == job
    assert not AuditEntry.objects.filter(action="document.job_stopped").exists()


def test_a_job_that_failed_says_why(analyst: Any, document: dict[str, Any]) -> None:
    job = analyst.get(document["_links"]["job"]).json()
    Job.objects.filter(pk=job["id"]).update(state="failed", error_code="no_text")
    told = analyst.get(job["_links"]["self"]).json()
    assert told["error"]["code"] == "no_text"
    assert "word" in told["error"]["detail"].lower() or "text" in told["error"]["detail"].lower()
    assert [one["id"] for one in analyst.get(f"{API}/documents/", {"state": "failed"}).json()["results"]] == [
        document["id"]
    ]


def test_an_administrator_adopts_the_next_version_of_a_framework(admin: Any, analyst: Any) -> None:
    listed = analyst.get(f"{API}/frameworks/").json()["results"]
    assert [(one["slug"], one["version"], one["is_active"]) for one in listed] == [("hawkeye", 1, True)]
    whole = analyst.get(listed[0]["_links"]["self"]).json()
    assert len(whole["points"]) == 20
    changed = {
        "slug": "hawkeye",
        "source": whole["source"].replace(f"title: {whole['title']}", "title: Our own Hawkeye", 1),
    }
    assert send(analyst, "post", f"{API}/frameworks/", changed).status_code == 403
    adopted = send(admin, "post", f"{API}/frameworks/", changed)
    assert (adopted.status_code, adopted.json()["version"], adopted.json()["title"]) == (201, 2, "Our own Hawkeye")
    active = analyst.get(f"{API}/frameworks/", {"is_active": "true"}).json()["results"]
    assert [one["id"] for one in active] == [adopted.json()["id"]]
    refused = send(admin, "post", f"{API}/frameworks/", {"slug": "hawkeye", "source": "points: [1]"})
    assert (refused.status_code, refused.json()["code"]) == (400, "framework_file_invalid")


def test_a_deleted_document_is_gone_and_its_record_stays(analyst: Any, document: dict[str, Any]) -> None:
    assert analyst.delete(document["_links"]["self"]).status_code == 204
    assert {analyst.get(url).status_code for url in document["_links"].values() if "analyze" not in url} == {404}
    assert AuditEntry.objects.filter(action="document.purged", target_id=document["id"]).exists()


def test_the_stream_is_polled(analyst: Any) -> None:
    start = analyst.get(f"{API}/stream/").json()["last_seq"]
    upload(analyst)
    told = analyst.get(f"{API}/stream/", {"after": start}).json()
    assert told["events"][0]["type"] == "document.uploaded"
    assert told["last_seq"] == told["events"][-1]["seq"]
    assert analyst.get(f"{API}/stream/", {"after": "x"}).json()["code"] == "invalid_input"


def _leave_running(job_id: str) -> None:
    """The job as it is while its third stage is half done."""
    Job.objects.filter(pk=job_id).update(state="running", finished_at=None)
    StageRun.objects.filter(job_id=job_id, ordinal=2).update(state="running", done=1, total=2, finished_at=None)
    StageRun.objects.filter(job_id=job_id, ordinal__gt=2).update(state="waiting", done=0, total=0, finished_at=None)
