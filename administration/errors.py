"""What can stop a command, in a sentence that says what to do.

One rule: nobody has to read a traceback for something they can fix.
"""


class CommandError(Exception):
    """Something a person can fix; the text is one sentence and says how."""


class DatabaseAway(CommandError):
    """PostgreSQL does not answer; whoever runs the command adds how it is started there."""
