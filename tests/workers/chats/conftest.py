"""The workshop that the workers' tests stand in."""

from tests.workers.chats.live_env import live_env
from tests.workers.delivery.worker_env import worker_env

__all__ = ["live_env", "worker_env"]
