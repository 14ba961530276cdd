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


class TemplateMissingError(UnavailableError):
    """The template schema is not there yet."""

    code = "template_missing"
    sentence = gettext_noop("The template for new organizations is missing. Run: manage.py migrate_tenants")


class ConfirmationMismatchError(InvalidInputError):
    """The name was not typed again as asked."""

    code = "confirmation_mismatch"
    sentence = gettext_noop("Type the short name %(slug)s again to delete this organization.")
