"""The workshop that the workers' tests stand in, with groups in it."""

from tests.workers.chats.shop import shop

__all__ = ["shop"]
