"""A scripted server, and the real client before it."""

from collections.abc import AsyncIterator

import pytest

from adapters.openai.server import Server, connected
from tests.adapters.openai.asking import Desk
from tests.fakes.model_server import model_server, says


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Somebody who asks a model behind a scripted server, in a network with an agenda."""
    async with model_server(says("Hello.")) as server:
        where = Server(name="openai", base_url=server.base_url, api_key="sk-secret", patience=5.0)
        async with connected(where) as client:
            desk = Desk(server=server, where=where, client=client)
            await desk.settle_in()
            yield desk
