"""Identifiers sort by the time they were made, and never meet."""

import time
import uuid

from apps.kernel.identifiers import new_id


def test_an_identifier_is_a_uuid_of_version_7_that_holds_its_time() -> None:
    before_ms = time.time_ns() // 1_000_000
    made = new_id()
    after_ms = time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before_ms <= made.int >> 80 <= after_ms


def test_what_is_written_one_after_the_other_sorts_so_even_within_a_millisecond() -> None:
    made = []
    for _number in range(2000):
        made.append(new_id())
        resumes_at_ns = time.time_ns() + 1_000  # a row takes longer to write than this
        while time.time_ns() < resumes_at_ns:
            pass
    assert made == sorted(made)
    assert len(set(made)) == 2000
