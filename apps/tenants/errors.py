"""What can go wrong with a tenant."""

from apps.kernel.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError, gettext_noop


class TenantNotFoundError(NotFoundError):
    """There is no such organization."""

    code = "tenant_not_found"
    sentence = gettext_noop("There is no organization %(slug)s.")


class SlugRefusedError(InvalidInputError):
    """The short name cannot be used."""

    code = "slug_refused"
    sentence = gettext_noop(
        "%(slug)s cannot be a short name: use 2 to 40 small letters, digits and hyphens, beginning with a letter."
    )


class SlugTakenError(ConflictError):
    """The short name belongs to another organization."""

    code = "slug_taken"
    sentence = gettext_noop("There is an organization %(slug)s already.")


class DomainRefusedError(InvalidInputError):
    """The host name cannot be used, or belongs to someone else: the two are not told apart."""

    code = "domain_refused"
    sentence = gettext_noop("The host name %(domain)s cannot be used.")


class AddressRefusedError(InvalidInputError):
    """The first administrator's address is none; nothing was made."""

    code = "address_refused"
    sentence = gettext_noop("%(email)s is no e-mail address.")


class PlatformKeptError(ConflictError):
    """The platform's own organization is where operators work: without it nobody could look after the others."""

    code = "platform_kept"
    sentence = gettext_noop("%(slug)s is the platform's own organization: it can be neither suspended nor deleted.")


class TenantBusyError(UnavailableError):
    """Somebody still works in the schema, or the schemas are being migrated; nothing was changed that a second run does not finish."""

    code = "tenant_busy"
    sentence = gettext_noop("%(slug)s is still at work, or a migration is running. Please run this again in a minute.")


class MigrationFailedError(ConflictError):
    """Some schemas could not be migrated; the others were."""

    code = "migration_failed"
    sentence = gettext_noop("These schemas could not be migrated: %(schemas)s. The others are current; run this again.")


class TemplateMissingError(UnavailableError):
    """The template schema is not there yet."""

    code = "template_missing"
    sentence = gettext_noop("The template for new organizations is missing. Run: manage.py migrate_tenants")


class HostKeptError(ConflictError):
    """The host is the one that links are made with: an organization without it could not be reached."""

    code = "host_kept"
    sentence = gettext_noop("Links are made with %(domain)s. Choose another host for them first.")


class NotSuspendedError(ConflictError):
    """Its people still work: suspend it, tell them, and delete it then."""

    code = "not_suspended"
    sentence = gettext_noop("%(slug)s is still at work. Suspend it first; then it can be deleted.")


class ReasonMissingError(InvalidInputError):
    """Nobody is shut out without a word of why."""

    code = "reason_missing"
    sentence = gettext_noop("Please say why.")


class ConfirmationMismatchError(InvalidInputError):
    """The name was not typed again as asked."""

    code = "confirmation_mismatch"
    sentence = gettext_noop("Type the short name %(slug)s again to delete this organization.")
