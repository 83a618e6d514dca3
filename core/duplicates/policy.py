"""Pure rules of duplicates: what resembles an earlier request is submitted only by who has read which."""

from collections.abc import Sequence
from typing import Any

from core.duplicates.errors import ResemblesEarlier
from core.duplicates.model import EarlierRequest


def accepted(found: Sequence[Sequence[Any]], *, accept: bool) -> tuple[str, ...]:
    """The numbers of the earlier requests, once they are accepted; ResemblesEarlier until then."""
    earlier = tuple(EarlierRequest(*each) for each in found)
    if earlier and not accept:
        raise ResemblesEarlier(", ".join(each.number for each in earlier), earlier)
    return tuple(each.number for each in earlier)
