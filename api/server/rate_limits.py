"""Rate limits.

One rule: attempts are counted in memory over a sliding window, so that losing Redis lifts no limit.
"""

import time
from collections import deque
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from starlette.datastructures import Address

from core.kernel.errors import RateLimited


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


class RateLimiter:
    """The recent attempts, per key."""

    def __init__(self) -> None:
        self._attempts: dict[str, deque[float]] = {}

    def check(self, key: str, limit: RateLimit) -> None:
        """Count one attempt, or refuse with the seconds to wait."""
        now = time.monotonic()
        attempts = self._attempts.setdefault(key, deque())
        while attempts and attempts[0] <= now - limit.seconds:
            attempts.popleft()
        if len(attempts) >= limit.count:
            raise RateLimited(retry_after=max(1, int(attempts[0] + limit.seconds - now) + 1))
        attempts.append(now)
        if len(self._attempts) > 10_000:
            self._attempts = {
                name: kept for name, kept in self._attempts.items() if kept and kept[-1] > now - 3600
            }

    def reset(self, key: str) -> None:
        """Forget the attempts after a success."""
        self._attempts.pop(key, None)

    def check_login(self, host: str, email: str) -> None:
        """Count one attempt to log in, by any door: of this address, of this account, and of both together."""
        account = email.lower()
        self.check(f"login:{host}", OF_HOST)
        self.check(f"login:{account}:{host}", LOGIN)
        self.check(f"login:{account}", OF_ACCOUNT)

    def logged_in(self, host: str, email: str) -> None:
        """Forget this person's attempts after a success; whoever else tries from elsewhere is still counted."""
        self.reset(f"login:{email.lower()}:{host}")


def host_of(client: Address | None) -> str:
    """Who calls, by an address that they cannot choose: of IPv6 the network of 64 bits, which one customer has."""
    if client is None:
        return "?"
    try:
        address = ip_address(client.host)
    except ValueError:
        return client.host
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else client.host
