"""What an older version left in the status file is still understood."""

import signal
from pathlib import Path

from stack.json_files import write_json
from stack.supervisor.status_file import read_status


def test_a_service_of_an_older_version_is_stopped_the_way_it_wants(tmp_path: Path) -> None:
    row = {"state": "ready", "pid": 7, "stop": int(signal.SIGINT), "patience": 40.0, "no longer known": 1}
    file = tmp_path / "state.json"
    write_json(file, {"pid": 1, "since": "", "parts": {"postgres": row}}, mode=0o600)
    status = read_status(file).services["postgres"]
    assert (status.pid, status.stop_signal, status.stop_timeout) == (7, signal.SIGINT, 40.0)
