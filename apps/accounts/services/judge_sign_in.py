"""Judge how much a sign-in looks like somebody else's, by somebody who has shown what the organization asks for.

Two queries: what the person did before, and the row of this sign-in. What the score is made of is in apps/accounts/risk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from apps.accounts.capabilities import GUARDED_ROLES
from apps.accounts.choices import RiskMode, RiskVerdict, SignInWay
from apps.accounts.circumstances import Circumstances, circumstances
from apps.accounts.events import SignInStopped
from apps.accounts.known_passwords import is_known_password
from apps.accounts.limits import Failures, network_of
from apps.accounts.models import JudgedSignIn, SignInPolicy, User
from apps.accounts.risk.engine import Assessment, Verdict, assess, verdict_of
from apps.accounts.risk.measures import SeenSignIn, Standing, measure
from apps.accounts.risk.travel import Point
from apps.accounts.sign_ins import earlier_sign_ins
from apps.kernel.audit.record import DetailValue, record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish

TOLD_AGAIN_AFTER = timedelta(hours=1)
"""Whoever knows a password and tries again and again must not fill mailboxes."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How somebody came.

    `is_strong`: by more than a password, so that there is nothing more to ask. `is_all`: nothing else is left to show. `is_invited`: by the
    link of an invitation, which is no sign-in that could be refused, but makes browser and place known.
    """

    way: SignInWay
    is_strong: bool = False
    is_all: bool = True
    is_invited: bool = False
    password: str = field(default="", repr=False)
    failures: Failures = field(default_factory=Failures)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be done, and the score in words for the record; no words when nobody is judged."""

    verdict: Verdict
    detail: dict[str, DetailValue]

    @property
    def is_stopped(self) -> bool:
        """Must this sign-in be refused?"""
        return self.verdict == Verdict.DENY


@transaction.atomic
def judge_sign_in(person: User, policy: SignInPolicy, shown: Shown) -> Judgement:
    """Keep the sign-in with its score, and say what is to be done. Notes on `person` which row it is and whether more must be shown.

    A sign-in that is stopped is recorded and told here; the caller refuses it, and records every other one with `detail`.
    """
    if policy.risk_mode == RiskMode.OFF:
        return Judgement(Verdict.ALLOW, {})
    at, seen = now(), circumstances()
    earlier = list(earlier_sign_ins(person, until=at))
    present = JudgedSignIn(person=person, at=at, way=shown.way, is_enforced=policy.risk_mode == RiskMode.ENFORCE)
    _describe(present, seen)
    assessment = assess(measure(_seen(present), [_seen(row) for row in earlier], _standing(person, policy, shown)))
    verdict = verdict_of(assessment.score, step_up_from=policy.step_up_risk, deny_from=policy.deny_risk)
    if verdict == Verdict.DENY and present.is_enforced and _is_let_in(present, earlier):
        verdict = Verdict.STEP_UP
    done = _done_about(verdict, present, shown)
    _keep(present, assessment, verdict)
    present.came_in_at = at if shown.is_all and done == Verdict.ALLOW else None
    present.save(force_insert=True)
    person.judged_id, person.must_step_up = present.pk, done == Verdict.STEP_UP
    detail = _in_words(present)
    if done == Verdict.DENY:
        record("person.sign_in_stopped", actor=None, target=person.pk, detail=detail)
        if not any(row.was_stopped and at - row.at < TOLD_AGAIN_AFTER for row in earlier):
            publish(SignInStopped(sign_in_id=present.pk, person_id=person.pk))
    return Judgement(done, detail)


def _done_about(verdict: Verdict, present: JudgedSignIn, shown: Shown) -> Verdict:
    is_satisfied = shown.is_strong and verdict == Verdict.STEP_UP
    return Verdict.ALLOW if shown.is_invited or is_satisfied or not present.is_enforced else verdict


def _describe(present: JudgedSignIn, seen: Circumstances) -> None:
    present.address, present.device, present.device_mark = seen.address or None, seen.device, seen.device_mark
    place = seen.place
    present.country, present.latitude, present.longitude = place.country, place.latitude, place.longitude


def _keep(present: JudgedSignIn, assessment: Assessment, verdict: Verdict) -> None:
    present.score, present.verdict = assessment.score, RiskVerdict(verdict.value)
    present.reasons = [{"signal": reason.signal.value, "weight": reason.weight} for reason in assessment.reasons]


def _seen(row: JudgedSignIn) -> SeenSignIn:
    """The row as the engine knows it. What its person said was not them teaches nothing."""
    is_placed = row.latitude is not None and row.longitude is not None
    return SeenSignIn(
        at=row.at,
        device_mark=row.device_mark,
        device=row.device,
        network=network_of(row.address or ""),
        country=row.country,
        point=Point(row.latitude, row.longitude) if is_placed else None,  # type: ignore[arg-type]
        is_in=row.came_in_at is not None and row.disowned_at is None,
    )


def _standing(person: User, policy: SignInPolicy, shown: Shown) -> Standing:
    is_emergency = shown.way != SignInWay.SSO and policy.requires_sso and person.has_emergency_access
    return Standing(
        time_zone=person.time_zone,
        joined_at=person.created_at,
        last_seen_at=person.last_seen,
        is_powerful=person.role in GUARDED_ROLES,
        uses_emergency_access=is_emergency,
        has_known_password=bool(shown.password) and is_known_password(shown.password),
        failed_on_account=shown.failures.on_account,
        failed_on_network=shown.failures.on_network,
    )


def _is_let_in(present: JudgedSignIn, earlier: Sequence[JudgedSignIn]) -> bool:
    """Has an administrator said so, for what looks like the same device in the same country? Uses it up: of two at once, one is let in."""
    for row in earlier:
        if row.is_let_in(present.at) and (row.device, row.country) == (present.device, present.country):
            unused = JudgedSignIn.objects.filter(pk=row.pk, let_in_used_at=None)
            return unused.update(let_in_used_at=present.at) == 1
    return False


def _in_words(present: JudgedSignIn) -> dict[str, DetailValue]:
    signals = ", ".join(f"{reason['signal']} {reason['weight']:.2f}" for reason in present.reasons)
    return {"risk": f"{present.score:.2f}", "signals": signals, "verdict": present.verdict, "device": present.device}
