"""Telling the hub what a device has to tell, once there is a socket, and clocks were compared over it."""

from typing import Final

from adapters.hub import DeviceSocket
from adapters.hub.clocks import micros
from entrypoints.device.outbox import Item, Outbox, Outcome, Pressed, Sound, UtteranceOver
from entrypoints.device.status import Status

ASKS_EVERY: Final = 1_500_000
"""Microseconds: while sound flows, the hub is asked so often how far it has come."""


async def send(socket: DeviceSocket, outbox: Outbox, status: Status) -> None:
    """Send all that there is to tell, for as long as the socket lives.

    Raises:
        SocketEnded, HubError: the hub wants this device no more.
    """
    opened, asked_at = 0, 0
    while True:
        await outbox.news()
        await socket.settled()
        if socket.times_opened != opened:
            opened = socket.times_opened
            outbox.arrived(socket.received_before)
            outbox.lost_touch()
        outbox.arrived(socket.received_until)
        item = outbox.take(micros())
        status.lost_seconds = outbox.lost_seconds
        if item is None:
            continue
        sent_at = micros()
        if not await _sent(socket, item, status):
            outbox.put_back(item)
            continue
        outbox.sent(item, sent_at)
        if not isinstance(item, Sound) or sent_at - asked_at > ASKS_EVERY:
            asked_at = sent_at
            await socket.beat()


async def _sent(socket: DeviceSocket, item: Item, status: Status) -> bool:
    """Whether it went out."""
    match item:
        case Sound(data=data, captured_at=captured_at):
            if not await socket.send_audio(data, captured_at):
                return False
            status.sent_seconds += item.seconds
        case UtteranceOver():
            await socket.finish()
        case Outcome(told=told):
            await socket.acknowledge(told)
        case Pressed(button=button, held=held):
            await socket.press(button, "hold" if held else "press")
    return True
