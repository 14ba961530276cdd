"""Accounts of programs that belong to the organization: made, changed, handed over, switched off and on by its administrators."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.accounts.capabilities import PROGRAM_ROLES, Capability, RoleName
from apps.accounts.errors import InvalidServiceAccountError, TooManyServiceAccountsError
from apps.accounts.models import ServiceAccount, User
from apps.accounts.policies import require, require_person
from apps.accounts.selectors import accounts_in_care_of, service_account_for
from apps.accounts.services.administrators import lock_program
from apps.kernel.audit.record import record
from apps.kernel.identifiers import new_id

MOST_SERVICE_ACCOUNTS = 100
LONGEST_PURPOSE = 300
_LONGEST_NAME = 150
# Reserved for ever (RFC 2606): no mail reaches it, no domain of it can be proven.
_NO_MAIL = "programs.invalid"


@dataclass(frozen=True, slots=True)
class ServiceAccountSaid:
    """What an administrator says about a service account."""

    name: str
    purpose: str
    role: RoleName
    responsible_id: UUID


@transaction.atomic
def make_service_account(user: User, *, said: ServiceAccountSaid) -> ServiceAccount:
    """The account, which can do nothing until it has a key.

    Raises NeedsPersonError, NotAllowedError, InvalidServiceAccountError, TooManyServiceAccountsError.
    """
    require_person(user)
    require(user, Capability.MANAGE_ORGANIZATION)
    responsible = _checked(said)
    if User.objects.filter(is_program=True, is_active=True).count() >= MOST_SERVICE_ACCOUNTS:
        raise TooManyServiceAccountsError(limit=MOST_SERVICE_ACCOUNTS)
    account_id = new_id()
    row = User(
        pk=account_id, email=f"{account_id}@{_NO_MAIL}", name=said.name.strip(), role=said.role.value, is_program=True
    )
    row.set_password(None)
    row.save(force_insert=True)
    account = ServiceAccount.objects.create(
        pk=account_id, account=row, purpose=said.purpose.strip(), responsible=responsible
    )
    detail = {"account": row.name, "role": row.role, "to": responsible.name}
    record("service_account.made", actor=user, target=account_id, detail=detail)
    return account


@transaction.atomic
def change_service_account(user: User, *, account_id: UUID, said: ServiceAccountSaid) -> ServiceAccount:
    """The account as it is now. With a lesser role its keys may do less from the next call on.

    Raises NeedsPersonError, NotAllowedError, NotFoundError, InvalidServiceAccountError.
    """
    require_person(user)
    row = lock_program(user, account_id)
    account = service_account_for(user, account_id)
    responsible = _checked(said)
    before = (row.name, account.purpose, row.role)
    row.name, account.purpose, row.role = said.name.strip(), said.purpose.strip(), said.role.value
    if (row.name, account.purpose, row.role) != before:
        row.save(update_fields=["name", "role", "updated_at"])
        detail = {"account": row.name, "before": before[2], "after": row.role}
        record("service_account.changed", actor=user, target=account_id, detail=detail)
    if account.responsible_id != responsible.pk:
        account.responsible = responsible
        detail = {"account": row.name, "to": responsible.name}
        record("service_account.handed_over", actor=user, target=account_id, detail=detail)
    account.account = row
    account.save(update_fields=["purpose", "responsible", "updated_at"])
    return account


@transaction.atomic
def deactivate_service_account(user: User, *, account_id: UUID) -> ServiceAccount:
    """The account, whose keys are dead from the next call on until it is reactivated. Doing it twice is doing it once.

    Raises NotAllowedError, NotFoundError. A program may do it as well: whoever finds a leaked key at night must not have to sign in.
    """
    row = lock_program(user, account_id)
    if row.is_active:
        row.is_active = False
        row.session_epoch += 1
        row.save(update_fields=["is_active", "session_epoch", "updated_at"])
        record("service_account.deactivated", actor=user, target=account_id, detail={"account": row.name})
    return service_account_for(user, account_id)


@transaction.atomic
def reactivate_service_account(user: User, *, account_id: UUID) -> ServiceAccount:
    """The account, whose keys that are neither revoked nor expired work again.

    Raises NeedsPersonError, NotAllowedError, NotFoundError, and InvalidServiceAccountError when nobody is responsible.
    """
    require_person(user)
    row = lock_program(user, account_id)
    account = service_account_for(user, account_id)
    if not row.is_active:
        if account.is_orphaned:
            raise InvalidServiceAccountError
        row.is_active = True
        row.save(update_fields=["is_active", "updated_at"])
        record("service_account.reactivated", actor=user, target=account_id, detail={"account": row.name})
    account.account = row
    return account


@transaction.atomic
def take_over_accounts(user: User, *, person: User, heir: User) -> int:
    """How many active accounts the heir is responsible for from now on in place of the person. The caller has asked whether `user` may.

    Raises InvalidServiceAccountError for an heir who is not active.
    """
    accounts = list(accounts_in_care_of(person.pk).select_for_update(of=("self",)))
    if accounts and not heir.is_active:
        raise InvalidServiceAccountError
    for account in accounts:
        account.responsible = heir
        account.save(update_fields=["responsible", "updated_at"])
        detail = {"account": account.account.name, "to": heir.name}
        record("service_account.handed_over", actor=user, target=account.pk, detail=detail)
    return len(accounts)


def _checked(said: ServiceAccountSaid) -> User:
    """Who is responsible; InvalidServiceAccountError when anything that was said is not possible."""
    is_named = 1 <= len(said.name.strip()) <= _LONGEST_NAME and 1 <= len(said.purpose.strip()) <= LONGEST_PURPOSE
    responsible = User.objects.people().filter(pk=said.responsible_id, is_active=True).first()
    if not is_named or said.role not in PROGRAM_ROLES or responsible is None:
        raise InvalidServiceAccountError
    return responsible
