"""Valkey stops and comes back: people read, sign in and upload meanwhile, and nothing that they did is lost."""

import pytest

from tests.analysis.conftest import write_up
from tests.faults.conftest import signed_in
from tests.faults.processes import Installation, Person, until

PAGES = ["/", "/documents/upload/", "/framework/", "/profile/", "/stream/?after=0", "/api/v2/documents/"]


@pytest.fixture
def running(on_shared: Installation) -> Installation:
    # As seldom as in production: the sweeper must not be what makes it quick.
    on_shared.settings["JOBS_SWEEP_INTERVAL_S"] = "15"
    on_shared.start_web()
    on_shared.start_worker()
    on_shared.start_beat()
    return on_shared


def test_without_valkey_people_go_on_and_uploads_are_reviewed_when_it_is_back(running):
    person = signed_in(running)
    before = person.upload(write_up(1), "before.docx").json()["id"]
    until(lambda: person.state_of(before) == "completed", within_s=30, what="the first review")

    running.kill("valkey")
    assert running.status_of("/readyz") == 200, "pages can still be served"
    assert {path: person.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)
    assert person.get(f"/documents/{before}/").status_code == 200
    assert Person(running).sign_in().status_code == 302
    uploaded = person.upload(write_up(2), "meanwhile.docx")
    assert uploaded.status_code == 201
    document_id = uploaded.json()["id"]
    assert person.state_of(document_id) == "queued"
    assert person.get(f"/documents/{document_id}/").status_code == 200
    item = person.get(f"/api/v2/documents/{before}/feedback/").json()["results"][0]
    assert person.post(f"/items/{item['id']}/decide/", {"verdict": "accepted", "revision": "0"}).status_code == 302

    running.start_valkey()
    until(lambda: person.state_of(document_id) == "completed", within_s=15, what="the review begins and ends")
    lines = person.get("/stream/?after=0").json()["events"]
    mine = [
        line
        for line in lines
        if line["data"].get("document_id") == document_id and line["type"].startswith("document.analysis.")
    ]
    assert [mine[0]["type"], mine[-1]["type"]] == ["document.analysis.started", "document.analysis.completed"]
    assert [line["seq"] for line in lines] == sorted({line["seq"] for line in lines})
    assert '"status_code": 500' not in running.log_of("web")
    assert "Traceback" not in running.log_of("web")


def test_a_message_that_valkey_forgot_is_made_good(running):
    """Everything that the broker knew is gone: the rows know it still."""
    person = signed_in(running)
    running.kill("worker")
    document_id = person.upload(write_up(1)).json()["id"]
    running.kill("valkey")
    running.start_valkey()
    running.start_worker()
    # A call is given 30 s to be answered and a sweep comes every 15 s; then the review itself takes its time.
    until(lambda: person.state_of(document_id) == "completed", within_s=90, what="the sweeper calls again")
