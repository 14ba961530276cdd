"""Who may, who is it: a permission check, signing in, reads by session, token and key; and what an outsider can tell from the clock.

Yardsticks of the same run: one computation of Argon2id with the product's parameters, and the read by session. The pairs for known and
unknown addresses are asked in turn and compared by a Mann-Whitney test: a p that is not small says that they cannot be told apart.
"""

import math
import os
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks import SHORT, Figure
from benchmarks.stage import organization, stage

_PAIRS = 40 if SHORT else 300
_READS = 200 if SHORT else 1_500
_SIGN_INS = 20 if SHORT else 100
_GUESSES = 1_000 if SHORT else 10_000
_CHECKS = 100_000
_ARGON2 = "one Argon2id hash"
_SESSION = "the same read by session"
_PASSWORD = "correct horse battery staple"  # noqa: S105 - the stage's
_WRONG = "wrong horse battery staple"


def run() -> list[Figure]:
    """Microseconds of a check, p95 of signing in, reads by kind of caller, and what guessing and comparing tell."""
    # Mail is handed to a worker, as in production; none runs here, and nobody waits for one.
    os.environ["PRISM_TEST_REAL_WORKER"] = "1"
    with stage():
        from django.test import override_settings

        from apps.kernel.tenancy.context import inside

        real = override_settings(
            PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"],
            API_CALLS_PER_MINUTE=10**9,
            API_CALLS_PER_KEY_PER_MINUTE=10**9,
            API_CALLS_PER_ORGANIZATION_PER_MINUTE=10**9,
        )
        with real, inside(organization()):
            person = _person()
            return [*_check(person), *_reads(person), *_signing_in(person), *_told_apart(person), *_guessed(person)]


def _person() -> Any:
    """The stage's analyst, with a password that costs what it costs in production."""
    from django.contrib.auth import get_user_model

    person = get_user_model().objects.get(role="analyst")
    person.set_password(_PASSWORD)
    person.save()
    return person


def _check(person: Any) -> list[Figure]:
    from apps.accounts.capabilities import Capability
    from apps.accounts.policies import may

    began = time.perf_counter()
    for _ in range(_CHECKS):
        may(person, Capability.EXPORT_REPORTS)
    taken_us = (time.perf_counter() - began) / _CHECKS * 1e6
    return [("permission check", taken_us, "µs", None, "–")]


def _reads(person: Any) -> list[Figure]:
    """Asked in turn, so that whatever else is on the machine troubles each alike."""
    from django.test import Client

    from apps.accounts.capabilities import Capability
    from apps.accounts.services.issue_api_key import issue_api_key
    from apps.accounts.services.tokens import device_of, issue_tokens

    key = issue_api_key(person, name="bench", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
    access = issue_tokens(person, device=device_of("bench/1", "127.0.0.1")).access
    by_session = Client(HTTP_HOST="alpha.localhost")
    by_session.force_login(person)
    callers = {
        "session": by_session,
        "token": Client(HTTP_HOST="alpha.localhost", headers={"Authorization": f"Bearer {access}"}),
        "key": Client(HTTP_HOST="alpha.localhost", headers={"Authorization": f"Bearer {key}"}),
    }
    taken: dict[str, list[float]] = {name: [] for name in callers}
    for number in range(_READS + 20):
        for name, client in callers.items():
            took = _seconds(lambda client=client: _answered(client.get("/api/v2/me/"), 200))
            if number >= 20:
                taken[name].append(took * 1000)
    median = {name: statistics.median(values) for name, values in taken.items()}
    return [
        (f"read by {name}", median[name], "ms", median[name] / median["session"], _SESSION)
        for name in ("session", "token", "key")
    ]


def _signing_in(person: Any) -> list[Figure]:
    from django.contrib.auth.hashers import make_password
    from django.test import Client

    hashed = [_seconds(lambda: make_password(_PASSWORD)) for _ in range(max(10, _SIGN_INS // 4))]
    yardstick_ms = statistics.median(hashed) * 1000

    def sign_in() -> None:
        said = {"email": person.email, "password": _PASSWORD}
        _answered(Client(HTTP_HOST="alpha.localhost").post("/sign-in/", said), 302)

    taken = sorted(_seconds(sign_in) * 1000 for _ in range(_SIGN_INS))
    median, p95 = statistics.median(taken), taken[math.ceil(len(taken) * 0.95) - 1]
    return [
        (_ARGON2, yardstick_ms, "ms", 1.0, _ARGON2),
        ("sign-in, median", median, "ms", median / yardstick_ms, _ARGON2),
        ("sign-in, p95", p95, "ms", p95 / yardstick_ms, _ARGON2),
    ]


def _told_apart(person: Any) -> list[Figure]:
    """For each door, the medians of known and unknown addresses, and the p that they are from one distribution."""
    doors: dict[str, Callable[[Any, str], Any]] = {
        "sign-in": lambda client, email: client.post("/sign-in/", {"email": email, "password": _WRONG}),
        "tokens": lambda client, email: client.post(
            "/api/v2/tokens/", {"email": email, "password": _WRONG}, content_type="application/json"
        ),
        "forgotten password": lambda client, email: client.post("/password/forgotten/", {"email": email}),
    }
    rows: list[Figure] = []
    for name, ask in doors.items():
        known, unknown = _pairs(ask, person.email, "nobody9@example.com")
        ratio = statistics.median(known) / statistics.median(unknown)
        p = mann_whitney_p(known, unknown)
        rows.append((f"{name}: known beside unknown", statistics.median(known) * 1000, "ms", ratio, "unknown address"))
        rows.append((f"{name}: Mann-Whitney p of {len(known)} pairs", p, "", None, "above 0.01: not told apart"))
    return rows


def _pairs(ask: Callable[[Any, str], Any], known: str, unknown: str) -> tuple[list[float], list[float]]:
    """Seconds of each, asked in turn and from networks of their own, so that no limit is reached."""
    from django.core.cache import cache
    from django.test import Client

    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(_PAIRS + 10):
        if number % 4 == 0:
            cache.clear()
        order = (0, 1) if number % 2 else (1, 0)
        for which in order:
            client = Client(HTTP_HOST="alpha.localhost", REMOTE_ADDR=f"10.{number // 250}.{number % 250}.7")
            email = (known, unknown)[which]
            took = _seconds(lambda client=client, email=email: ask(client, email))
            if number >= 10:
                taken[which].append(took)
    return taken


def _guessed(person: Any) -> list[Figure]:
    """Guesses on one account from five hundred networks, the right one among them."""
    from django.core.cache import cache

    from apps.accounts.errors import SignInRefusedError, TooManyAttemptsError
    from apps.accounts.services.sign_in import sign_in

    cache.clear()
    refused, looked_at = 0, 0
    began = time.perf_counter()
    for number in range(_GUESSES):
        try:
            password = _PASSWORD if number == _GUESSES // 2 else _WRONG
            sign_in(person.email, password=password, address=f"10.{number % 500 // 250}.{number % 250}.7")
        except SignInRefusedError:
            looked_at += 1
            refused += 1
        except TooManyAttemptsError:
            refused += 1
    taken_us = (time.perf_counter() - began) / _GUESSES * 1e6
    return [
        (f"{_GUESSES} guesses on one account: refused", refused / _GUESSES * 100, "%", None, "–"),
        (f"{_GUESSES} guesses on one account: hashed at all", looked_at, "guesses", None, "–"),
        ("a guess beyond the limit", taken_us, "µs", None, "–"),
    ]


def mann_whitney_p(first: Sequence[float], second: Sequence[float]) -> float:
    """Two-sided p by the normal approximation, which is good from some dozens of values on; ties share their ranks."""
    values = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks_of_first, at, ties = 0.0, 0, 0.0
    while at < len(values):
        end = at
        while end < len(values) and values[end][0] == values[at][0]:
            end += 1
        shared = (at + 1 + end) / 2
        ranks_of_first += shared * sum(1 for _, side in values[at:end] if side == 0)
        ties += (end - at) ** 3 - (end - at)
        at = end
    n, m = len(first), len(second)
    total = n + m
    u = ranks_of_first - n * (n + 1) / 2
    spread = math.sqrt(n * m / 12 * (total + 1 - ties / (total * (total - 1))))
    return math.erfc(abs(u - n * m / 2) / spread / math.sqrt(2)) if spread else 1.0


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _answered(answer: Any, status: int) -> None:
    if answer.status_code != status:
        message = f"{answer.request['PATH_INFO']} was answered with {answer.status_code}"
        raise RuntimeError(message)
