"""The workshop that the workers' tests stand in."""

from tests.workers.delivery.shop import shop

__all__ = ["shop"]
