"""Servers of our own to test with."""

import socket
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def nats_server(folder: Path, *options: str, port: int | None = None) -> Iterator[str]:
    """A NATS server with JetStream that keeps its data in a folder, while the block lasts; its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = free_port() if port is None else port
    program = Path(sysconfig.get_path("scripts"), "nats-server")
    listening = ["-a", "127.0.0.1", "-p", str(chosen), "-js", "-sd", str(folder)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([program, *listening, *options], stderr=log, start_new_session=True)
    try:
        _wait_for(chosen, process)
        yield f"nats://127.0.0.1:{chosen}"
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until somebody listens; a server that ended says why in its log."""
    while process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("the NATS server ended at once")
