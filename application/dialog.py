"""A typed turn that is answered at once, as the dialog API wants it."""

from contextlib import aclosing

from attrs import frozen

from application.access import Principal, within
from application.conversing import Converse
from application.turns import Turn, TurnEnded, TypedWords
from domain.errors import ClientNotFound, DeviceNotFound, ModelInferenceFailed
from domain.ids import ClientId, NetworkId, SessionId


@frozen
class SendMessage:
    """Say something to the hub in words, and wait for the answer."""

    converse: Converse

    async def __call__(
        self,
        principal: Principal,
        network_id: NetworkId,
        client_id: ClientId,
        session_id: SessionId | None,
        text: str,
    ) -> TurnEnded:
        within(principal, network_id)
        if principal.client_id not in {None, client_id}:
            raise DeviceNotFound(client_id)
        turn = Turn(
            network_id=network_id, client_id=client_id, session_id=session_id, words=TypedWords(text=text)
        )
        try:
            async with aclosing(self.converse(turn)) as events:
                async for event in events:
                    if isinstance(event, TurnEnded):
                        return event
        except ClientNotFound as error:
            raise DeviceNotFound(client_id) from error
        raise ModelInferenceFailed("The turn ended without an answer.")
