"""``status``: the board in words or as JSON.

One rule: it says "ready" only when the supervisor lives and every required part is up.
"""

import json
from typing import Any

from stack import board as boards
from stack.board import Board
from stack.paths import Paths
from stack.up import n8n_line, n8n_state


def status(paths: Paths, *, as_json: bool) -> int:
    """Print it; 0 when ready, 1 when not."""
    board = boards.read(paths.state)
    if as_json:
        print(json.dumps(as_dict(board), indent=2))
    else:
        _in_words(board)
    return 0 if board.ready else 1


def as_dict(board: Board) -> dict[str, Any]:
    """The same for programs."""
    facts = board.facts if board.alive else {}
    return {
        "ready": board.ready,
        "api": facts.get("api"),
        "sandbox": facts.get("sandbox"),
        "telegram_api": facts.get("telegram_api"),
        "slack_api": facts.get("slack_api"),
        "n8n": {"state": n8n_state(board), "url": facts.get("n8n") if n8n_state(board) != "off" else None},
        "database_fence": facts.get("fence"),
        "parts": {
            name: {
                "state": row.state if board.alive else "stopped",
                "pid": row.pid if board.alive else 0,
                "restarts": row.restarts,
                "detail": row.detail,
            }
            for name, row in board.parts.items()
        },
    }


def _in_words(board: Board) -> None:
    if not board.alive:
        print("Parley is not running: type './parley up'.")
        return
    print("Parley is ready." if board.ready else f"Parley is not ready: {', '.join(board.missing)}.")
    for name, row in board.parts.items():
        again = f", started again {row.restarts} times" if row.restarts else ""
        process = f"pid {row.pid}" if row.pid else ""
        print(f"  {name:<10} {row.state:<10} {process:<12}{again} {row.detail}".rstrip())
    print(
        f"  API {board.facts['api']}"
        + (f"   sandbox {board.facts['sandbox']}" if board.facts["sandbox"] else "")
    )
    print(f"  n8n: {n8n_line(board)}")
    if not board.facts.get("fence", True):
        print("  database fence off")
