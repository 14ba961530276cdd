"""Say for every line of a list of people what would happen, without doing it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.capabilities import RoleName
from apps.accounts.choices import ROLE_CHOICES, SENDING, LineOutcome
from apps.accounts.errors import RosterTooLongError, RosterUnreadableError
from apps.accounts.models import Invitation, Team, User, normal_email
from apps.accounts.policies import may_grant_role, require_people_manager
from apps.accounts.roster.reading import (
    MOST_BYTES,
    MOST_LINES,
    RosterLine,
    UnreadableRosterError,
    decoded,
    plain_word,
    read_roster,
)
from apps.kernel.clock import now

_LONGEST_EMAIL = 254
_LONGEST_NAME = 150
_LONGEST_TEAM = 100


@dataclass(frozen=True, slots=True)
class ListWishes:
    """What the person wants of the list as a whole."""

    renews: bool = False
    makes_teams: bool = False
    usual_role: str = RoleName.ANALYST.value


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line with its outcome; `role` is the role's own name once it is known, `earlier` the line whose address it repeats."""

    number: int
    email: str
    name: str
    role: str
    team: str
    outcome: LineOutcome
    is_new_team: bool = False
    earlier: int = 0

    @property
    def is_sent(self) -> bool:
        """Does mail leave for this line?"""
        return self.outcome in SENDING


def text_of_roster(content: bytes) -> str:
    """The text of an uploaded list. RosterTooLongError, RosterUnreadableError."""
    if len(content) > MOST_BYTES:
        raise RosterTooLongError(lines=MOST_LINES, kib=MOST_BYTES // 1024)
    try:
        return decoded(content)
    except UnreadableRosterError as error:
        raise _unreadable(error) from error


def lines_of_roster(text: str) -> list[RosterLine]:
    """The lines of a list. RosterTooLongError, RosterUnreadableError."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise RosterTooLongError(lines=MOST_LINES, kib=MOST_BYTES // 1024)
    try:
        lines = read_roster(text)
    except UnreadableRosterError as error:
        raise _unreadable(error) from error
    if len(lines) > MOST_LINES:
        raise RosterTooLongError(lines=MOST_LINES, kib=MOST_BYTES // 1024)
    return lines


def plan_invitations(user: User, lines: Sequence[RosterLine], wishes: ListWishes) -> list[PlannedLine]:
    """What would happen now, line by line. The number of queries does not grow with the list. NotAllowedError, RosterTooLongError."""
    require_people_manager(user)
    if len(lines) > MOST_LINES:
        raise RosterTooLongError(lines=MOST_LINES, kib=MOST_BYTES // 1024)
    known = _Known.about(lines)
    roles = role_words()
    first_with: dict[str, int] = {}
    planned = []
    for line in lines:
        role = roles.get(plain_word(line.role or wishes.usual_role), "")
        draft = PlannedLine(line.number, line.email, line.name, role or line.role, line.team, LineOutcome.INVITE)
        earlier = first_with.setdefault(normal_email(line.email), line.number) if line.email else line.number
        if earlier != line.number:
            planned.append(replace(draft, outcome=LineOutcome.DUPLICATE, earlier=earlier))
            continue
        is_new_team = bool(line.team) and line.team.casefold() not in known.teams
        outcome = _fault(user, draft, is_known_role=bool(role)) or _standing(draft, known, wishes)
        if outcome in SENDING and is_new_team and not wishes.makes_teams:
            outcome = LineOutcome.UNKNOWN_TEAM
        planned.append(replace(draft, outcome=outcome, is_new_team=is_new_team and outcome in SENDING))
    return planned


def role_words() -> dict[str, str]:
    """Every word for a role, its own name and its labels in all languages of the product, to the role's own name."""
    words = {plain_word(value): value for value, _label in ROLE_CHOICES}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words |= {plain_word(_(str(label))): value for value, label in ROLE_CHOICES}
    return words | {"admin": RoleName.ORG_ADMIN.value, "administrator": RoleName.ORG_ADMIN.value}


def _unreadable(error: UnreadableRosterError) -> RosterUnreadableError:
    sentences = {
        "workbook": _("it is an Excel workbook. Save it as CSV and send that."),
        "binary": _("it is no text. Save the table as CSV and send that."),
        "no_addresses": _("it has neither a column called email nor addresses in its first column."),
        "open_quote": _("a quotation mark in line %(line)s is not closed, or stands inside a word."),
        "empty": _("there is nobody in it."),
    }
    return RosterUnreadableError(problem=sentences[error.problem] % {"line": error.line})


@dataclass(frozen=True, slots=True)
class _Known:
    """What the organization has already of what the list names."""

    active: frozenset[str]
    inactive: frozenset[str]
    invited: frozenset[str]
    teams: frozenset[str]

    @classmethod
    def about(cls, lines: Iterable[RosterLine]) -> "_Known":
        keys = {normal_email(line.email) for line in lines if line.email}
        people = dict(User.objects.filter(email_key__in=keys).values_list("email_key", "is_active"))
        is_open = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now())
        return cls(
            active=frozenset(key for key, is_active in people.items() if is_active),
            inactive=frozenset(key for key, is_active in people.items() if not is_active),
            invited=frozenset(is_open.filter(email_key__in=keys).values_list("email_key", flat=True)),
            teams=frozenset(name.casefold() for name in Team.objects.values_list("name", flat=True)),
        )


def _fault(user: User, line: PlannedLine, *, is_known_role: bool) -> LineOutcome | None:
    """What is wrong with the line itself."""
    if not line.email:
        return LineOutcome.NO_ADDRESS
    if not _is_address(line.email):
        return LineOutcome.BAD_ADDRESS
    if len(line.name) > _LONGEST_NAME:
        return LineOutcome.LONG_NAME
    if not is_known_role:
        return LineOutcome.UNKNOWN_ROLE
    if not may_grant_role(user, RoleName(line.role)):
        return LineOutcome.ROLE_NOT_YOURS
    return LineOutcome.LONG_TEAM if len(line.team) > _LONGEST_TEAM else None


def _standing(line: PlannedLine, known: _Known, wishes: ListWishes) -> LineOutcome:
    """How the organization stands to this address."""
    key = normal_email(line.email)
    if key in known.active:
        return LineOutcome.ALREADY_HERE
    if key in known.inactive:
        return LineOutcome.DEACTIVATED
    if key in known.invited:
        return LineOutcome.RENEW if wishes.renews else LineOutcome.INVITED_BEFORE
    return LineOutcome.INVITE


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= _LONGEST_EMAIL
