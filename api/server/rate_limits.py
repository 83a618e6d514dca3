"""Rate limits of one process: of what signed-in people do, and the first look at whoever tries to come in.

One rule: attempts are counted in memory over a sliding window, so that losing a server lifts no limit.

However many keys there are, memory stays bounded and nobody's attempts are forgotten: when there is no room for another
key, it shares a place with others.
"""

import time
from collections import deque
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from starlette.datastructures import Address

from core.kernel.errors import RateLimited

MOST_KEYS = 10_000
SHARED_PLACES = 1_024
SWEEP_SECONDS = 1.0
"""Between two looks for keys that count no longer: the look costs as much as there are keys."""


@dataclass(frozen=True)
class RateLimit:
    """At most ``count`` attempts in ``seconds``."""

    count: int
    seconds: int


LOGIN = RateLimit(10, 900)
OF_HOST = RateLimit(60, 900)
"""Many people may sit behind one address; a stranger elsewhere uses up nobody's own."""
OF_ACCOUNT = RateLimit(40, 900)
"""From wherever; more than one address has, so that one stranger alone keeps nobody out of their account."""
UPLOADS = RateLimit(60, 3600)
PICTURES = RateLimit(600, 3600)
"""Of pages of files."""


@dataclass
class _Attempts:
    """The times of the attempts under one key, and when the last of them counts no longer."""

    times: deque[float] = field(default_factory=deque)
    until: float = 0.0


class RateLimiter:
    """The recent attempts, per key."""

    def __init__(self) -> None:
        self._attempts: dict[str, _Attempts] = {}
        self._shared: dict[tuple[int, int], _Attempts] = {}
        self._swept_at = 0.0

    def check(self, key: str, limit: RateLimit) -> None:
        """Count one attempt, or refuse with the seconds to wait."""
        now = time.monotonic()
        found = self._of(key, now, limit)
        while found.times and found.times[0] <= now - limit.seconds:
            found.times.popleft()
        if len(found.times) >= limit.count:
            raise RateLimited(retry_after=max(1, int(found.times[0] + limit.seconds - now) + 1))
        found.times.append(now)
        found.until = max(found.until, now + limit.seconds)

    def reset(self, key: str) -> None:
        """Forget the attempts after a success."""
        self._attempts.pop(key, None)

    def _of(self, key: str, now: float, limit: RateLimit) -> _Attempts:
        """The attempts under this key; those of several keys together when there is no room for another."""
        found = self._attempts.get(key)
        if found is not None:
            return found
        if len(self._attempts) >= MOST_KEYS and now >= self._swept_at + SWEEP_SECONDS:
            self._swept_at = now
            self._attempts = {name: kept for name, kept in self._attempts.items() if kept.until > now}
        if len(self._attempts) >= MOST_KEYS:
            place = (
                limit.seconds,
                hash(key) % SHARED_PLACES,
            )  # of one window, so that none forgets another's
            return self._shared.setdefault(place, _Attempts())
        return self._attempts.setdefault(key, _Attempts())


def host_of(client: Address | None) -> str:
    """Who calls, by an address that they cannot choose: of IPv6 the network of 64 bits, which one customer has."""
    if client is None:
        return "?"
    try:
        address = ip_address(client.host)
    except ValueError:
        return client.host
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else client.host
