"""The words of what somebody wrote, so that two spellings of the same thing are found to be the same."""

import hashlib
import re
import unicodedata

MOST_BYTES = 600
"""What an index entry holds with ease; longer ones are told apart by their fingerprint."""
_WORD = re.compile(r"\w+")


def normalised(text: str) -> str:
    """``Laptop, Dell`` and ``dell  LAPTOP`` are the same: letter case, order, spaces and punctuation do not count."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = " ".join(sorted(_WORD.findall(folded))) or folded.strip()
    written = words.encode()
    return words if len(written) <= MOST_BYTES else hashlib.sha256(written).hexdigest()
