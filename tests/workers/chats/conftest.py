"""The workshop that the workers' tests stand in."""

from tests.workers.chats.shop import shop

__all__ = ["shop"]
