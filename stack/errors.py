"""What can stop the stack, in a sentence that says what to type.

One rule: a person never reads a traceback for something they can mend.
"""


class StackError(Exception):
    """Something a person can mend; the text is one sentence and says how."""
