"""Errors that are the user's to mend: one line that says what, where and what to do."""


class UserError(Exception):
    """A mistake that a user can mend; the command line prints it on one line and exits with 2."""
