"""The errors of this room, each with the exit code it ends in."""


class ExpectationsError(Exception):
    """A gate could not be run; the system is at fault (exit code 3)."""

    exit_code = 3


class SuiteError(ExpectationsError):
    """A suite file says something that cannot be run."""


class RuleBrokenError(ExpectationsError):
    """A rule could not be evaluated: its SQL, a table or a column is not there. This is not a verdict on the data."""


class NoRunError(ExpectationsError):
    """There is no built run to check; the call is at fault (exit code 2)."""

    exit_code = 2
