"""Invite the people of a list. The list is kept first; a job then sends it, a piece at a time, and may be interrupted anywhere."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.capabilities import RoleName
from apps.accounts.choices import LineOutcome
from apps.accounts.errors import NobodyToInviteError
from apps.accounts.events import InvitationsAsked
from apps.accounts.models import InvitationBatch, User
from apps.accounts.models.invitation_batch import BatchLine
from apps.accounts.policies import may_manage_people, require_people_manager
from apps.accounts.roster.reading import RosterLine
from apps.accounts.selectors import batch_for
from apps.accounts.services.invite import invite_person
from apps.accounts.services.plan_invitations import ListWishes, PlannedLine, plan_invitations
from apps.accounts.services.teams import team_called
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish

_A_PIECE = 20
_DONE = {LineOutcome.INVITE: LineOutcome.INVITED, LineOutcome.RENEW: LineOutcome.RENEWED}


def ask_for_invitations(
    user: User, *, batch_id: UUID, lines: Sequence[RosterLine], wishes: ListWishes
) -> InvitationBatch:
    """The batch, whose mail leaves after commit; a batch of this id that there is already is returned as it is.

    Raises NotAllowedError, RosterTooLongError, NobodyToInviteError; NotFoundError for another person's batch.
    """
    require_people_manager(user)
    if InvitationBatch.objects.filter(pk=batch_id).exists():
        return batch_for(user, batch_id)
    planned = plan_invitations(user, lines, wishes)
    if not any(line.is_sent for line in planned):
        raise NobodyToInviteError
    try:
        return _kept(user, batch_id=batch_id, planned=planned, wishes=wishes)
    except IntegrityError:
        # The same list was sent a moment ago by another request.
        return batch_for(user, batch_id)


def send_batch(
    batch_id: UUID,
    *,
    writing: Callable[[], AbstractContextManager[None]],
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Invite whom the batch names, from the line where it stands. Lines that are done are never done again."""
    while True:
        with writing():
            batch = InvitationBatch.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=batch_id)
            if batch.is_done:
                return
            _send_piece(batch)
        report(batch.done_count, len(batch.lines))


@transaction.atomic
def _kept(user: User, *, batch_id: UUID, planned: Sequence[PlannedLine], wishes: ListWishes) -> InvitationBatch:
    batch = InvitationBatch.objects.create(
        pk=batch_id,
        asked_by=user,
        lines=[_as_kept(line) for line in planned],
        renews=wishes.renews,
        makes_teams=wishes.makes_teams,
    )
    count = sum(line.is_sent for line in planned)
    record("invitations.asked", actor=user, target=batch.pk, detail={"count": count, "lines": len(planned)})
    publish(InvitationsAsked(batch_id=batch.pk, asked_by=user.pk))
    return batch


def _as_kept(line: PlannedLine) -> BatchLine:
    return {
        "number": line.number,
        "email": line.email,
        "name": line.name,
        "role": line.role,
        "team": line.team,
        "outcome": line.outcome.value,
    }


def _send_piece(batch: InvitationBatch) -> None:
    """The next lines: planned anew, for the world may have changed since, and then done."""
    lines: list[BatchLine] = batch.lines[batch.done_count : batch.done_count + _A_PIECE]
    wanted = [line for line in lines if LineOutcome(line["outcome"]) in _DONE]
    outcomes = _outcomes(batch, wanted)
    for line in wanted:
        line["outcome"] = outcomes[line["number"]].value
    batch.done_count += len(lines)
    batch.save(update_fields=["lines", "done_count", "updated_at"])
    if batch.is_done:
        count = Counter(line["outcome"] for line in batch.lines)
        detail = {"invited": count[LineOutcome.INVITED] + count[LineOutcome.RENEWED], "lines": len(batch.lines)}
        record("invitations.sent", actor=batch.asked_by, target=batch.pk, detail=detail)


def _outcomes(batch: InvitationBatch, wanted: Sequence[BatchLine]) -> dict[int, LineOutcome]:
    user = batch.asked_by
    if not isinstance(user, User) or not may_manage_people(user):
        return {line["number"]: LineOutcome.NOT_ALLOWED for line in wanted}
    again = [
        RosterLine(number=line["number"], email=line["email"], name=line["name"], role=line["role"], team=line["team"])
        for line in wanted
    ]
    wishes = ListWishes(renews=batch.renews, makes_teams=batch.makes_teams)
    return {line.number: _done(user, line, wishes) for line in plan_invitations(user, again, wishes)}


def _done(user: User, line: PlannedLine, wishes: ListWishes) -> LineOutcome:
    if not line.is_sent:
        return line.outcome
    try:
        with transaction.atomic():
            team = team_called(user, line.team, makes_it=wishes.makes_teams) if line.team else None
            invite_person(user, email=line.email, role=RoleName(line.role), name=line.name, team=team)
    except IntegrityError:
        # Somebody else invited the same address between our look and our deed.
        return LineOutcome.INVITED_BEFORE
    return _DONE[line.outcome]
