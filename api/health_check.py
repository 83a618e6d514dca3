"""``parley-health``: whether a process is well, as an exit code for whoever keeps containers running.

    parley-health http://127.0.0.1:8080/health/ready     its address answers 200
    parley-health /tmp/heartbeat                         it touched its file within the last 20 seconds

One rule: it imports nothing of ours, because it is called every few seconds.
"""

import sys
import time
import urllib.request
from pathlib import Path

MOST_SECONDS_SINCE_BEAT = 20
ANSWER_SECONDS = 4


def main() -> int:
    """0 when well; else 1, and a line that says what was seen."""
    if len(sys.argv) != 2:
        print("type: parley-health ADDRESS or parley-health FILE", file=sys.stderr)
        return 2
    seen = _answer(sys.argv[1]) if sys.argv[1].startswith("http://") else _beat(Path(sys.argv[1]))
    print(seen or "ok")
    return 1 if seen else 0


def _answer(url: str) -> str:
    """What is wrong with an address; the machine's proxy is not asked."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=ANSWER_SECONDS):
            return ""
    except OSError as error:
        return f"{url}: {error}"


def _beat(file: Path) -> str:
    """What is wrong with a heartbeat."""
    try:
        seconds = time.time() - file.stat().st_mtime
    except OSError as error:
        return f"{file}: {type(error).__name__}"
    return "" if seconds <= MOST_SECONDS_SINCE_BEAT else f"{file}: last touched {seconds:.0f} s ago"


if __name__ == "__main__":
    sys.exit(main())
