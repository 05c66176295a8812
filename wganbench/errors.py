"""What ends a command early: one line that says what, where and what to do."""

SIGNALLED = 128  # a shell's exit code of a process that a signal ended, less the signal's number

LONGEST = 4000  # characters of a line that somebody shall read
REST = 500


class OneLineError(Exception):
    """An error whose message the command line prints as one line, without a traceback."""

    exit_code: int

    def __init__(self, message: str) -> None:
        # Names and values come from the user's files: no line break or escape code gets through.
        line = " ".join(message.split())
        if len(line) > LONGEST:  # the end says what to do
            line = f"{line[: LONGEST - REST]} [...] {line[-REST:]}"
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in line))


class UserError(OneLineError):
    """A mistake that a user can mend."""

    exit_code = 2


class StoppedError(OneLineError):
    """A signal asked the process to stop, and it has put its work in a safe place."""

    def __init__(self, message: str, signal: int) -> None:
        super().__init__(message)
        self.exit_code = SIGNALLED + signal
