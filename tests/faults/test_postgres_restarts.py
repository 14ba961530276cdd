"""PostgreSQL is restarted under people's hands: they are told to try again, and keep all that was acknowledged."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests import servers
from tests.analysis.conftest import write_up
from tests.faults.conftest import signed_in
from tests.faults.processes import Installation, Person, until


@pytest.fixture
def running(breakable: Installation) -> Installation:
    breakable.start_web()
    breakable.start_worker()
    breakable.start_beat()
    return breakable


def postmaster(running: Installation) -> int:
    return int((running.servers / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def stop_postgres(running: Installation, number: int) -> None:
    pid = postmaster(running)
    os.kill(pid, number)
    until(lambda: is_gone(pid), within_s=20, what="PostgreSQL has stopped")


class Crowd:
    """People who read and rename without a pause, and what they were answered."""

    def __init__(self, running: Installation, document_id: str) -> None:
        self.answers: list[tuple[float, int, str]] = []
        self.kept: list[str] = []
        self._stop = threading.Event()
        self._document_id = document_id
        people = [signed_in(running) for _ in range(2)]
        self._threads = [
            threading.Thread(target=self._read, args=(people[0],), daemon=True),
            threading.Thread(target=self._write, args=(people[1],), daemon=True),
        ]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=25)

    def _read(self, person: Person) -> None:
        paths = ("/", f"/documents/{self._document_id}/", "/profile/", "/stream/?after=0")
        while not self._stop.is_set():
            for path in paths:
                answer = person.get(path)
                self.answers.append((time.monotonic(), answer.status_code, answer.headers.get("Retry-After", "")))

    def _write(self, person: Person) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            name = f"name {number}.docx"
            answer = person.post(
                f"/documents/{self._document_id}/change/", {"name": name, "classification": "internal"}
            )
            self.answers.append((time.monotonic(), answer.status_code, answer.headers.get("Retry-After", "")))
            if answer.status_code == 302:
                self.kept.append(name)

    def good_since(self, moment: float) -> int:
        return sum(1 for at, status, _ in self.answers if at > moment and status == 200)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_a_restart_is_503_for_a_few_seconds_and_costs_no_acknowledged_write(running, number):
    person = signed_in(running)
    document_id = person.upload(write_up(2)).json()["id"]
    until(lambda: person.state_of(document_id) == "completed", within_s=30, what="the review")
    with Crowd(running, document_id) as crowd:
        until(lambda: len(crowd.kept) > 3, within_s=15, what="people are at work")
        stop_postgres(running, number)
        stopped = time.monotonic()
        until(
            lambda: any(status == 503 for at, status, _ in crowd.answers if at > stopped),
            within_s=15,
            what="somebody meets it",
        )
        servers.ensure_postgres(running.servers)
        back = time.monotonic()
        until(lambda: crowd.good_since(back) > 10, within_s=30, what="people go on")
    statuses = {status for _, status, _ in crowd.answers}
    assert statuses <= {200, 302, 503}, statuses
    assert {retry for _, status, retry in crowd.answers if status == 503} == {"5"}
    assert person.get(f"/api/v2/documents/{document_id}/").json()["name"] in {
        crowd.kept[-1],
        f"name {int(crowd.kept[-1].split()[1].removesuffix('.docx')) + 1}.docx",  # written, its answer was cut off
    }


def test_a_page_says_it_in_a_sentence_and_the_probe_says_it_too(running):
    person = signed_in(running)
    stop_postgres(running, signal.SIGINT)
    page = person.get("/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "Not available just now" in page.text
    assert "Traceback" not in page.text
    answer = person.get("/api/v2/documents/")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert running.status_of("/readyz") == 503
    assert running.status_of("/healthz") == 200
    servers.ensure_postgres(running.servers)
    until(lambda: person.get("/").status_code == 200, within_s=10, what="the page is back")


def test_a_review_goes_on_after_the_restart(running, model):
    from tests.faults.conftest import with_model

    with_model(running, model, PRISM_LLM_PARALLEL="1")
    running.kill("worker")
    running.start_worker()
    model.otherwise = slowly
    person = signed_in(running)
    document_id = person.upload(write_up(8)).json()["id"]
    until(lambda: model.call_count >= 3, within_s=30, what="the model is being asked")
    stop_postgres(running, signal.SIGQUIT)
    servers.ensure_postgres(running.servers)
    until(lambda: person.state_of(document_id) == "completed", within_s=40, what="the review is finished")
    run = person.get(f"/api/v2/documents/{document_id}/analysis/").json()
    assert run["sections_without_model"] == 0
    assert model.call_count <= 8 + 2, "what was stored is not asked again"


def slowly(_call):
    from tests.doubles.bedrock_wire import Says

    return Says(delay_s=0.3)
