"""What this room announces."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from apps.kernel.events.bus import Event


@dataclass(frozen=True, slots=True)
class PersonInvited(Event):
    """An invitation was sent."""

    wire_name: ClassVar[str] = "person.invited"
    invitation_id: UUID


@dataclass(frozen=True, slots=True)
class InvitationsAsked(Event):
    """A list of people was confirmed: a job invites them."""

    wire_name: ClassVar[str] = "invitations.asked"
    batch_id: UUID
    asked_by: UUID


@dataclass(frozen=True, slots=True)
class PersonJoined(Event):
    """An invitation was accepted: there is a new person."""

    wire_name: ClassVar[str] = "person.joined"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class RoleChanged(Event):
    """A person's role changed; their sessions ended."""

    wire_name: ClassVar[str] = "person.role_changed"
    person_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class PersonDeactivated(Event):
    """A person lost access; their sessions and keys are dead."""

    wire_name: ClassVar[str] = "person.deactivated"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonReactivated(Event):
    """A person may sign in again."""

    wire_name: ClassVar[str] = "person.reactivated"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class SessionsEnded(Event):
    """A person's sessions ended, all but perhaps the one that asked: open sockets must be closed."""

    wire_name: ClassVar[str] = "person.sessions_ended"
    person_id: UUID


class FactorChange(StrEnum):
    """What became of a person's second factors."""

    APP_SET_UP = "app_set_up"
    APP_REMOVED = "app_removed"
    PASSKEY_REGISTERED = "passkey_registered"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_RENEWED = "codes_renewed"
    ALL_TAKEN_AWAY = "all_taken_away"


@dataclass(frozen=True, slots=True)
class SecondFactorChanged(Event):
    """A person's second factors changed, and they should know."""

    wire_name: ClassVar[str] = "person.second_factor_changed"
    person_id: UUID
    change: FactorChange


@dataclass(frozen=True, slots=True)
class SignInStopped(Event):
    """A sign-in with the right password or the like was refused for its risk: the person and the administrators should know."""

    wire_name: ClassVar[str] = "person.sign_in_stopped"
    sign_in_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class StepUpCodeAsked(Event):
    """A risky sign-in waits for a code that is mailed to its person."""

    wire_name: ClassVar[str] = "person.step_up_code_asked"
    sign_in_id: UUID


@dataclass(frozen=True, slots=True)
class TokenReused(Event):
    """A refresh token came back after its use: its family is revoked, and the person should know."""

    wire_name: ClassVar[str] = "person.token_reused"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class KeyEndsSoon(Event):
    """An API key ends within fourteen days: who looks after it should know."""

    wire_name: ClassVar[str] = "api_key.ends_soon"
    key_id: UUID


@dataclass(frozen=True, slots=True)
class CertificateEnding(Event):
    """A certificate of a provider, or of ours for one, ends soon: the administrators should know."""

    wire_name: ClassVar[str] = "sso.certificate_ending"
    warning_id: UUID


@dataclass(frozen=True, slots=True)
class MetadataNotTaken(Event):
    """A provider's metadata changed more than may be taken unseen: the administrators should look."""

    wire_name: ClassVar[str] = "sso.metadata_not_taken"
    connection_id: UUID


@dataclass(frozen=True, slots=True)
class PasswordResetAsked(Event):
    """Somebody asked for a new password. For an unknown address the id belongs to nobody: the work until here is the same."""

    wire_name: ClassVar[str] = "person.password_reset_asked"
    person_id: UUID
