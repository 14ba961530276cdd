"""What can go wrong with a run."""

from apps.kernel.errors import ConflictError, NotFoundError, gettext_noop


class NotAnalysedYetError(ConflictError):
    """There is no finished run of this document."""

    code = "not_analysed_yet"
    sentence = gettext_noop("This document has not been reviewed yet.")


class FrameworkNotFoundError(NotFoundError):
    """No framework of this name is adopted."""

    code = "framework_not_found"
    sentence = gettext_noop("There is no framework %(slug)s.")
