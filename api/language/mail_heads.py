"""What a mail program puts before and between mails: ``From: Luis``, ``---- Forwarded message ----``.

One rule: it says nothing of what is asked for or offered, so it is left out.
"""

import re

from babel.core import Locale

from api.language.tokenizer import tokenize
from api.language.vocabulary import language_of, vocabulary

_RULER = re.compile(r"[-–—_=]{2,}[^\d]*[-–—_=]{2,}|[-–—_=*]{3,}")


def is_mail_head(written: str, locale: Locale) -> bool:
    """Whether a line is one of these."""
    tokens = tokenize(written)
    named = vocabulary(language_of(locale)).words["mail_head"].at(tokens, 0)
    ruled = _RULER.fullmatch(written) is not None
    return ruled or (named is not None and tokens[named[1] - 1].raw.endswith(":"))
