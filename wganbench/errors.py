"""Errors that are the user's to mend: one line that says what, where and what to do."""


class UserError(Exception):
    """A mistake that a user can mend; the command line prints it and exits with 2."""

    def __init__(self, message: str) -> None:
        # Names and values come from the user's files: no line break or escape code gets through.
        line = " ".join(message.split())
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in line))
