"""Valkey stops and comes back: people read, sign in and upload meanwhile, and nothing that they did is lost."""

import pytest

from tests.analysis.conftest import write_up
from tests.doubles.bedrock_wire import Says
from tests.faults.conftest import signed_in, with_model
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
    assert "Trying to re-establish" in running.log_of("worker")
    assert "Warning: " not in running.log_of("worker").replace("SecurityWarning: ", ""), (
        "nothing that an operator has to look up"
    )


def test_a_message_that_valkey_forgot_is_made_good(running):
    """Everything that the broker knew is gone: the rows know it still."""
    person = signed_in(running)
    running.kill("worker")
    document_id = person.upload(write_up(1)).json()["id"]
    forgotten = Person(running, role="viewer")
    forgotten.get("/password/forgotten/")
    assert forgotten.post("/password/forgotten/", {"email": "viewer@example.com"}).status_code in {200, 302}
    running.kill("valkey")
    running.start_valkey()
    running.start_worker()
    # A call is given 30 s to be answered and a sweep comes every 15 s; then the review itself takes its time.
    until(lambda: person.state_of(document_id) == "completed", within_s=90, what="the sweeper calls again")
    until(lambda: "viewer@example.com" in running.mail(), within_s=90, what="the link for a new password leaves")
    assert running.mail().count("To: viewer@example.com") == 1


def test_a_review_goes_on_while_valkey_is_away(running, model):
    """The message of the stage is not acknowledged then; the worker must neither fall over it nor begin anew."""
    with_model(running, model, PRISM_LLM_PARALLEL="1")
    running.settings["JOBS_LEASE_S"] = "600"
    running.kill("worker")
    running.start_worker()
    model.otherwise = lambda _call: Says(delay_s=0.4)
    person = signed_in(running)
    document_id = person.upload(write_up(8)).json()["id"]
    until(lambda: model.call_count >= 2, within_s=40, what="the model is being asked")
    running.kill("valkey")
    asked = model.call_count
    until(lambda: model.call_count > asked + 2, within_s=20, what="the stage goes on without a broker")
    running.start_valkey()
    until(lambda: person.state_of(document_id) == "completed", within_s=60, what="the review is finished")
    assert model.call_count == 8, "no section was asked twice"
    assert running.running["worker"].poll() is None
    assert "Unrecoverable" not in running.log_of("worker")
    after = person.upload(write_up(1, salt=" again")).json()["id"]
    until(lambda: person.state_of(after) == "completed", within_s=40, what="the same worker takes the next one")
