"""The process that those of files are forked from: ``python -m api.quote_files``, with the API's socket as its stdin.

One rule: it reads no byte of what somebody sent; a file is opened by a child, which has nothing but that file.

It has loaded what opens files, so that a file costs no start of Python. For each file the API sends two sockets: one
goes to the child as its stdin and stdout, by the other the API learns the child's exit code. Whoever closes the API's
side of that one ends the child: the API that waits no longer, or the kernel when the API is gone.
"""

import contextlib
import gc
import os
import resource
import selectors
import signal
import socket
from typing import NoReturn

from api.quote_files import one_file
from api.quote_files import reader_limits as limits

MOST_OPEN = 64
"""Descriptors of this process, so that a child knows which ones it may have inherited."""


def main() -> None:
    # of the terminal: the API answers what it has begun, and then ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_OPEN, MOST_OPEN))
    one_file.warm_up()
    gc.collect()
    gc.freeze()  # a collection in a child would write to, and so copy, the memory that all of them share
    RunningChildren(socket.socket(fileno=os.dup(0))).run()


class RunningChildren:
    """The children that are running, each with the socket by which the API learns of its end."""

    def __init__(self, api: socket.socket) -> None:
        self._api = api
        self._is_asked = True
        self._children: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()

    def run(self) -> None:
        """Until the API asks no more and the last child has ended."""
        woken, wakes = socket.socketpair()
        for each in (woken, wakes):
            each.setblocking(False)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector.register(self._api, selectors.EVENT_READ)
        self._selector.register(woken, selectors.EVENT_READ)
        while self._is_asked or self._children:
            for key, _ in self._selector.select():
                if key.fileobj is self._api:
                    self._fork_next()
                elif key.fileobj is woken:
                    woken.recv(MOST_OPEN)
                    self._reap()
                else:
                    self._end(key.data)

    def _fork_next(self) -> None:
        asked, descriptors, _, _ = socket.recv_fds(self._api, 1, 2)
        if not asked:
            self._is_asked = False
            self._selector.unregister(self._api)
            return
        file, ends = descriptors
        pid = os.fork()
        if not pid:
            _be_child(file)
        os.close(file)
        self._children[pid] = socket.socket(fileno=ends)
        self._selector.register(self._children[pid], selectors.EVENT_READ, pid)

    def _end(self, pid: int) -> None:
        """The number is the child's until it is reaped, and a child that was is not among them any more."""
        if pid in self._children:
            self._selector.unregister(self._children[pid])
            os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        """Tell the API how each child ended that has."""
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            with self._children.pop(pid) as ends:
                with contextlib.suppress(KeyError):
                    self._selector.unregister(ends)
                with contextlib.suppress(OSError):
                    ends.send(str(os.waitstatus_to_exitcode(status)).encode())


def _be_child(file: int) -> NoReturn:
    """Let go of everything but the file, take the limits on, and answer. Nothing of the parent's goes on here."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(file, 0)
        os.dup2(file, 1)
        os.closerange(3, MOST_OPEN)
        limits.apply()
        one_file.answer()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
