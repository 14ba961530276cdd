"""PostgreSQL stands still: it neither answers nor goes away. People are told so within seconds, and work goes on when it does."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import requests

from tests import servers
from tests.analysis.conftest import write_up
from tests.doubles.bedrock_wire import Says
from tests.faults.conftest import signed_in, with_model
from tests.faults.processes import Installation, Person, until
from tests.faults.test_postgres_restarts import postmaster, stop_postgres

# What is promised, and what a busy machine may add to it.
BOUND_S = 10 + 5


@pytest.fixture
def running(breakable: Installation) -> Installation:
    breakable.start_web()
    return breakable


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def frozen(running: Installation) -> Iterator[None]:
    """The main process and every process that it has started stand still."""
    main = postmaster(running)
    os.kill(main, signal.SIGSTOP)
    all_of_them = [main, *children_of(main)]
    for pid in all_of_them:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(all_of_them):
            os.kill(pid, signal.SIGCONT)


def timed(person: Person, path: str) -> tuple[requests.Response, float]:
    began = time.monotonic()
    answer = person.get(path)
    return answer, time.monotonic() - began


def all_at_once(running: Installation, paths: list[str]) -> list[tuple[int, str, float]]:
    """Status, Retry-After and seconds of as many people who come at the same time."""
    people = [Person(running) for _ in paths]
    answers: list[tuple[int, str, float]] = []

    def look(person: Person, path: str) -> None:
        answer, took_s = timed(person, path)
        answers.append((answer.status_code, answer.headers.get("Retry-After", ""), took_s))

    threads = [threading.Thread(target=look, args=pair) for pair in zip(people, paths, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_frozen_database_is_503_within_seconds_for_everybody_and_everything_comes_back_by_itself(running):
    person = signed_in(running)
    assert person.get("/").status_code == 200
    with frozen(running):
        # Three times as many as there are threads: nobody may wait behind the others.
        first = all_at_once(running, ["/sign-in/", "/api/v2/documents/", "/"] * 10)
        assert {(status, retry) for status, retry, _ in first} == {(503, "5")}
        assert max(took_s for _, _, took_s in first) < BOUND_S
        page, took_s = timed(person, "/")
        assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
        assert "Not available just now" in page.text
        assert took_s < 2, "it is known by now"
        answer, took_s = timed(person, "/readyz")
        assert (answer.status_code, answer.json()["database"]) == (503, False)
        assert took_s < BOUND_S
        assert running.status_of("/healthz") == 200
        told = running.log_of("web").count("Traceback")
        second = all_at_once(running, ["/"] * 30)
        assert running.log_of("web").count("Traceback") == told, "one line for each is enough"
        assert {status for status, _, _ in second} == {503}
        assert max(took_s for _, _, took_s in second) < BOUND_S
    until(lambda: person.get("/").status_code == 200, within_s=20, what="the page is back")
    assert running.status_of("/readyz") == 200
    assert person.upload(write_up(1)).status_code == 201, "the same person, still signed in"
    assert "database_out" in running.log_of("web"), "an operator can see when it began"
    assert '"status_code": 500' not in running.log_of("web")


def test_a_database_that_is_gone_keeps_nobody_waiting_but_the_first(running):
    person = signed_in(running)
    stop_postgres(running, signal.SIGINT)
    until(lambda: person.get("/").status_code == 503, within_s=20, what="somebody meets it")
    answers = all_at_once(running, ["/"] * 60)
    assert {(status, retry) for status, retry, _ in answers} == {(503, "5")}
    # One after the other over ten threads, each waiting for a connection as long as the pool lets it, they would take 30 s.
    assert max(took_s for _, _, took_s in answers) < BOUND_S
    servers.ensure_postgres(running.servers)
    until(lambda: person.get("/").status_code == 200, within_s=20, what="the page is back")


def test_a_slow_statement_of_a_living_server_is_waited_for(running):
    """Four seconds of silence are no proof: a lock may be held for longer, and the answer is then worth having."""
    person = signed_in(running)
    document_id = person.upload(write_up(1)).json()["id"]
    answers: list[int] = []
    renaming = renamed_elsewhere(person, document_id, answers)
    with documents_locked(running):
        renaming.start()
        # Longer than a server may be silent unasked; shorter than a lock is waited for.
        renaming.join(timeout=6)
        assert answers == [], "it waits"
        assert running.status_of("/readyz") == 200, "nobody else is refused meanwhile"
    renaming.join(timeout=20)
    assert answers == [302]
    assert "database_out" not in running.log_of("web")


def test_a_process_whose_connections_are_all_taken_does_not_take_the_server_for_dead(running):
    """Who finds no connection gets 503 after its wait; the others are answered."""
    running.kill("web")
    running.settings["DATABASE_POOL_MAX"] = "2"
    running.start_web()
    person = signed_in(running)
    document_id = person.upload(write_up(1)).json()["id"]
    answers: list[int] = []
    crowd = [renamed_elsewhere(person, document_id, answers) for _ in range(5)]
    with documents_locked(running):
        for one in crowd:
            one.start()
        until(lambda: answers.count(503) == 3, within_s=15, what="three found no connection")
    for one in crowd:
        one.join(timeout=20)
    assert Counter(answers) == {503: 3, 302: 2}
    assert "database_out" not in running.log_of("web")
    assert person.get("/").status_code == 200


def renamed_elsewhere(person: Person, document_id: str, answers: list[int]) -> threading.Thread:
    """A thread that gives the document another name and notes what it was answered."""

    def rename() -> None:
        form = {"name": "n.docx", "classification": "internal"}
        answers.append(person.post(f"/documents/{document_id}/change/", form).status_code)

    return threading.Thread(target=rename)


@contextmanager
def documents_locked(running: Installation) -> Iterator[None]:
    """Nobody of alpha can read or write a document meanwhile."""
    host = str(running.servers / "postgres")
    with psycopg.connect(host=host, user="postgres", dbname=running.database) as connection:
        row = connection.execute("SELECT schema_name FROM tenants_tenant WHERE slug = 'alpha'").fetchone()
        assert row is not None
        connection.execute(f'LOCK TABLE "{row[0]}".documents_document IN ACCESS EXCLUSIVE MODE'.encode())
        yield


def test_a_review_outlives_a_freeze_that_is_longer_than_its_lease(running, model):
    """The worker's own clock went on, the lease ended, another worker waits: still each section is read and written once."""
    with_model(running, model, PRISM_LLM_PARALLEL="2")
    model.otherwise = lambda _call: Says(delay_s=0.3)
    for name in ("one", "two"):
        running.start_worker(name)
    running.start_beat()
    person = signed_in(running)
    document_id = person.upload(write_up(8)).json()["id"]
    until(lambda: model.call_count >= 3, within_s=40, what="the model is being asked")
    with frozen(running):
        lease_ended = time.monotonic() + 2 * float(running.environment["JOBS_LEASE_S"])
        until(lambda: time.monotonic() > lease_ended, within_s=60, what="the lease has ended")
    until(lambda: person.state_of(document_id) == "completed", within_s=90, what="the review is finished")
    run = person.get(f"/api/v2/documents/{document_id}/analysis/").json()
    assert run["sections_without_model"] == 0
    items = person.get(f"/api/v2/documents/{document_id}/feedback/?limit=100").json()["results"]
    said = [(str(item["section"]), item["description"], item["quote"]) for item in items]
    assert said
    assert len(said) == len(set(said)), "nothing is doubled"
    # What was on its way when the server stood still may be asked once more; what was stored is not.
    assert model.call_count <= 8 + 2 * 2
