"""A network that breaks at a chosen moment, between a test and a server."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress


class Wire:
    """A port that leads to a server, until so many bytes or commits went through: then nothing gets through, once."""

    #: A Bolt message without fields: its two bytes in a chunk of that length (https://neo4j.com/docs/bolt/current/).
    COMMIT = b"\x00\x02\xb0\x12\x00\x00"

    def __init__(self, to: int, *, after_bytes: int = 0, before_commit: int = 0, after_commit: int = 0) -> None:
        self.to, self.after_bytes, self.before_commit, self.after_commit = to, after_bytes, before_commit, after_commit
        self.bytes = self.commits = self.cuts = 0
        self._guard = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self._cut()
        for one in self._open:
            one.close()

    def _cut(self) -> None:
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.to))
            self._open += [caller, server]
            for one, other, counted in ((caller, server, True), (server, caller, False)):
                threading.Thread(target=self._carry, args=(one, other, counted), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, counted: bool) -> None:
        try:
            while data := one.recv(65536):
                if counted and self._ends(data, other, one):
                    return
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _ends(self, data: bytes, server: socket.socket, caller: socket.socket) -> bool:
        """Whether the wire is cut at these bytes of the caller."""
        with self._guard:
            self.bytes += len(data)
            self.commits += self.COMMIT in data
            late = self.after_commit and self.commits >= self.after_commit
            if self.cuts or not (
                late
                or (self.after_bytes and self.bytes >= self.after_bytes)
                or (self.before_commit and self.commits >= self.before_commit)
            ):
                return False
            self.cuts += 1
        # the server gets the commit but its answer gets nowhere; or it gets the first half of what was said
        caller.shutdown(socket.SHUT_RDWR)
        if late:
            server.sendall(data)
            time.sleep(0.5)
        elif self.after_bytes:
            server.sendall(data[: len(data) // 2])
        server.shutdown(socket.SHUT_RDWR)
        return True
