"""What can go wrong before anything runs."""


class StackError(Exception):
    """The stack cannot run; the message says why and what to do about it."""
