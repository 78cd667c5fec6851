"""A hub to test over HTTP: real use cases over a real store, in a little world that does as it is told."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import frozen
from quart import Quart

from adapters.http.app import OPERATIONS, create_app
from adapters.http.options import HttpOptions
from adapters.http.routing import Operation
from adapters.http.use_cases import UseCases
from adapters.jwt.links import HmacLinkSigner
from adapters.memory.audience import InProcessAudience
from application.networks.limiting import Throttle
from application.networks.tokens import TokenDesk
from application.ports.storage import Transactions
from entrypoints.container import filled
from tests.adapters.residents import MovableClock, OnePersona, Parrot, Seal, Shelf, Silence, Writer
from tests.adapters.wiring import wired
from tests.fakes.speech import Dictated
from tests.hub_stores import fresh_store


@frozen(kw_only=True, repr=False)
class House:
    """A hub of its own, and what a test needs of its inside."""

    app: Quart
    transactions: Transactions
    clock: MovableClock
    tokens: TokenDesk
    signer: HmacLinkSigner
    operator: Seal
    blobs: Shelf
    live: Silence

    async def network(self, name: str = "Home") -> Mapping[str, Any]:
        """Open a network over HTTP, and answer what was told of it."""
        answer = await self.app.test_client().post("/api/v1/networks", json={"name": name})
        assert answer.status_code == 201
        return await answer.get_json()

    async def client(
        self, network: Mapping[str, Any], client_id: str = "phone-1", **others: Any
    ) -> Mapping[str, Any]:
        """Register a client over HTTP, and answer what was told of it."""
        answer = await self.app.test_client().post(
            f"/api/v1/networks/{network['network_id']}/clients",
            headers=bearer(network["network_token"]),
            json={"client_id": client_id, "device_type": "mobile", **others},
        )
        assert answer.status_code == 201
        return await answer.get_json()

    async def device(self, network: Mapping[str, Any], **others: Any) -> Mapping[str, Any]:
        """Register a device over HTTP, and answer what was told of it."""
        answer = await self.app.test_client().post(
            "/v1/devices",
            headers=bearer(network["network_token"]),
            json={"name": "living room", "device_type": "tablet", **others},
        )
        assert answer.status_code == 201
        return await answer.get_json()


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def build_house(
    transactions: Transactions | None = None,
    *,
    open_registration: bool = True,
    throttle: Throttle | None = None,
    operations: tuple[Operation, ...] = OPERATIONS,
    **options: Any,
) -> House:
    """Put a hub together over a store: a fresh one unless another is given."""
    store = fresh_store() if transactions is None else transactions
    http = HttpOptions(**{"port": 8123, "version": "1.2.3", **options})
    clock, live, blobs, operator = MovableClock(), Silence(), Shelf(), Seal()
    container = wired(
        store,
        clock=clock,
        listening=live,
        throttle=throttle,
        base_url=http.base_url,
        open_registration=open_registration,
        operator_version=operator,
        audience=InProcessAudience(),
        blobs=blobs,
        personas=OnePersona(),
        interlocutor=Parrot(clock),
        transcriber=Dictated("what was said"),
        sounds=Writer(),
    )
    return House(
        app=create_app(filled(UseCases, container), http, operations),
        transactions=store,
        clock=clock,
        tokens=container.tokens(),
        signer=container.signer(),
        operator=operator,
        blobs=blobs,
        live=live,
    )


def utc(moment: datetime) -> str:
    """A moment as the hub writes it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
