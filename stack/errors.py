"""What can stop the stack, in a sentence that says what to type.

One rule: nobody has to read a traceback for something they can fix.
"""

from administration.errors import CommandError


class StackError(CommandError):
    """Something a person with this clone can fix; the text is one sentence and says how."""
