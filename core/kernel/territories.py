"""Countries: the officially assigned two-letter codes of ISO 3166-1.

One rule: what the common locale data knows besides (regions, exceptional and private codes) is no country.
"""

from functools import cache

from babel.core import Locale

_NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"]
)


@cache
def known_countries() -> frozenset[str]:
    """The codes, in capital letters."""
    codes = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES
