"""What several folders of tests share: how properties are tried, and real servers, one of each a run."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers import nats_server

settings.register_profile("mira", deadline=None)
settings.load_profile("mira")


@pytest.fixture
def nats_url(tmp_path: Path) -> Iterator[str]:
    """A NATS server of our own, with JetStream."""
    with nats_server(tmp_path / "nats") as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_socket() -> Iterator[Path]:
    """The folder with the socket of a PostgreSQL server of our own; its administrator is postgres."""
    with tempfile.TemporaryDirectory(prefix="mira-pg-") as folder, pytest.MonkeyPatch.context() as patch:
        Path(folder).chmod(0o755)
        runtime = Path(folder, "run")
        runtime.mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pgserver

        server = pgserver.get_server(Path(folder, "data"), cleanup_mode="delete")
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()")
        yield Path(str(server.get_postmaster_info().socket_dir))
        server.cleanup()
