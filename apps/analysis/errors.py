"""What can go wrong with a run."""

from apps.kernel.errors import ConflictError, InvalidInputError, NotFoundError, gettext_noop


class NotAnalysedYetError(ConflictError):
    """There is no finished run of this document."""

    code = "not_analysed_yet"
    sentence = gettext_noop("This document has not been reviewed yet.")


class FrameworkNotFoundError(NotFoundError):
    """No framework of this name is adopted."""

    code = "framework_not_found"
    sentence = gettext_noop("There is no framework %(slug)s.")


class FrameworkUnchangedError(ConflictError):
    """This very source is the version in use."""

    code = "framework_unchanged"
    sentence = gettext_noop("This version of the framework is in use already.")


class ReplyNotUnderstoodError(InvalidInputError):
    """The model answered, twice, with what is no review."""

    code = "reply_not_understood"
    sentence = gettext_noop("The language model gave an answer that could not be used.")


class ModelBudgetSpentError(ConflictError):
    """The time for asking the model about one document was over."""

    code = "model_budget_spent"
    sentence = gettext_noop("The time for asking the language model about this document was over.")
