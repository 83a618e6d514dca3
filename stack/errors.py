"""What can stop the stack, in a sentence that says what to type.

One rule: nobody has to read a traceback for something they can fix.
"""


class StackError(Exception):
    """Something a person can fix; the text is one sentence and says how."""
