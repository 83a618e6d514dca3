"""The workshop that the workers' tests stand in."""

from tests.workers.delivery.worker_env import worker_env

__all__ = ["worker_env"]
