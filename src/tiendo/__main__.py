"""`python -m tiendo`: the commands.

Processes that the commands spawn import the module they were started from, but never a `__main__`: started this way a
reader does not pay for the command line.
"""

from tiendo.cli import app

app()
