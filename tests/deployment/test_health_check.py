"""``parley-health`` says by its exit code whether a process is well; a heartbeat says that its loop turns."""

import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from api.health_check import MOST_SECONDS_SINCE_BEAT
from api.ready import HEARTBEAT_VARIABLE, Heartbeat


def checked(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "api.health_check", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_an_address_is_well_when_it_answers_200(status: int, code: int) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.handle_request).start()
    found = checked(f"http://127.0.0.1:{server.server_port}/health/ready")
    server.server_close()
    assert found.returncode == code
    assert str(status) in found.stdout or found.stdout == "ok\n"
    closed = checked(f"http://127.0.0.1:{server.server_port}/health/ready")
    assert (closed.returncode, "refused" in closed.stdout) == (1, True)


def test_a_heartbeat_that_is_old_or_missing_is_not_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "heartbeat"
    assert checked(str(file)).stdout.endswith("FileNotFoundError\n")
    monkeypatch.setenv(HEARTBEAT_VARIABLE, str(file))
    heartbeat = Heartbeat()
    heartbeat.beat()
    assert checked(str(file)).returncode == 0
    old = time.time() - MOST_SECONDS_SINCE_BEAT - 5
    os.utime(file, (old, old))
    found = checked(str(file))
    assert found.returncode == 1
    assert "last touched 2" in found.stdout
    heartbeat.beat()  # too soon after the last one
    assert checked(str(file)).returncode == 1


def test_a_process_whose_heartbeat_nobody_wants_touches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HEARTBEAT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    Heartbeat().beat()
    assert list(tmp_path.iterdir()) == []
