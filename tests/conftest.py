"""What several folders of tests share: how properties are tried, and real servers, one of each a run."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.hub_stores import KINDS, Databases, postgresql_databases, sqlite_databases
from tests.servers import nats_server

ROOM_FOR_DATABASES = 4_000_000_000
"""Bytes; what the databases of one run take is a quarter of it."""

structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)
settings.register_profile("mira", deadline=None)
settings.load_profile("mira")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the hubs of all tests stand on another kind of store."""
    parser.addoption("--store", choices=KINDS, default="memory", help="what the hubs of tests stand on")


@pytest.fixture(scope="session")
def _sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return sqlite_databases(tmp_path_factory.mktemp("hubs"))


@pytest.fixture(scope="session")
def _postgresql_databases(postgresql_socket: Path) -> Databases:
    return postgresql_databases(postgresql_socket)


@pytest.fixture
async def hubs_on_sqlite(_sqlite_databases: Databases) -> AsyncIterator[None]:
    """Hubs of this test stand on SQLite."""
    async with _sqlite_databases.serving():
        yield


@pytest.fixture
async def hubs_on_postgresql(_postgresql_databases: Databases) -> AsyncIterator[None]:
    """Hubs of this test stand on PostgreSQL."""
    async with _postgresql_databases.serving():
        yield


@pytest.fixture(autouse=True)
def _hubs_on_the_chosen_store(request: pytest.FixtureRequest) -> None:
    if (kind := request.config.getoption("--store")) != "memory":
        request.getfixturevalue(f"hubs_on_{kind}")


@pytest.fixture(
    params=[
        "memory",
        pytest.param("sqlite", marks=pytest.mark.slow),
        pytest.param("postgresql", marks=pytest.mark.slow),
    ]
)
def each_store(request: pytest.FixtureRequest) -> None:
    """Hubs of this test stand on each kind of store in turn, or on the one that pytest was told."""
    if (chosen := request.config.getoption("--store")) not in {"memory", request.param}:
        pytest.skip(f"hubs stand on {chosen}")
    if request.param != "memory":
        request.getfixturevalue(f"hubs_on_{request.param}")


@pytest.fixture
def nats_url(tmp_path: Path) -> Iterator[str]:
    """A NATS server of our own, with JetStream."""
    with nats_server(tmp_path / "nats") as url:
        yield url


def _quick_folder() -> str | None:
    """Where many small files are soon made and soon gone: in memory, where there is enough; else as usual."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM_FOR_DATABASES else None


@pytest.fixture(scope="session")
def postgresql_socket() -> Iterator[Path]:
    """The folder with the socket of a PostgreSQL server of our own; its administrator is postgres."""
    with (
        tempfile.TemporaryDirectory(prefix="mira-pg-", dir=_quick_folder()) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        Path(folder).chmod(0o755)
        runtime = Path(folder, "run")
        runtime.mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pgserver

        server = pgserver.get_server(Path(folder, "data"), cleanup_mode="delete")
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()")
        yield Path(str(server.get_postmaster_info().socket_dir))
        server.cleanup()
