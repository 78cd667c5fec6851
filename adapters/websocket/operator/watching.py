"""One operator's socket, from its upgrade to its end."""

import asyncio
from datetime import timedelta
from typing import Final, NoReturn

import structlog
from attrs import define, field

from adapters.websocket.endings import FAILED, MALFORMED, SERVER_STOPS, TOO_SLOW, Goodbye, Over
from adapters.websocket.lines import Wire
from adapters.websocket.operator import messages, telling
from adapters.websocket.use_cases import SocketUseCases
from adapters.websocket.wire import read_object, structure, write
from application.ports.watching import Lookout
from domain.errors import InvalidValue, MiraError
from domain.ids import NetworkId

log = structlog.get_logger(__name__)

METERS_EVERY: Final = 0.125
LOG_EVERY: Final = 0.5
HEALTH_EVERY: Final = 5.0
SENDING_MAY_TAKE: Final = timedelta(seconds=10)
MOST_NETWORKS: Final = 16
"""Networks of which one socket may watch the streams at once."""
MOST_MALFORMED: Final = 100


@define(kw_only=True, eq=False)
class OperatorLine:
    """Tells an operator all that happens, and takes what is to be watched more closely."""

    wire: Wire
    use: SocketUseCases
    instance: str
    version: str
    _wish: messages.Watch = field(factory=messages.Watch, init=False)
    _sending: asyncio.Lock = field(factory=asyncio.Lock, init=False)
    _logged: int = field(default=0, init=False)
    _silent: set[str] = field(factory=set, init=False)
    _ended: asyncio.Event = field(factory=asyncio.Event, init=False)
    _goodbye: Goodbye = field(default=SERVER_STOPS, init=False)

    def end(self, goodbye: Goodbye) -> None:
        """Close soon, with these words."""
        self._goodbye = goodbye
        self._ended.set()

    async def run(self) -> None:
        """Tell until the operator leaves, which cancels this, or until there is a reason to close."""
        goodbye: Goodbye = FAILED
        try:
            with self.use.tower.watch() as lookout:
                await self._talk(lookout)
        except* Over as overs:
            first = overs.exceptions[0]
            goodbye = first.goodbye if isinstance(first, Over) else FAILED
        except* Exception:
            log.exception("an operator's socket broke")
        await self._close(goodbye)

    async def _talk(self, lookout: Lookout) -> None:
        now = self.use.clock.now()
        await self._send(messages.Hello(instance=self.instance, version=self.version, at=now))
        async with asyncio.TaskGroup() as tasks:
            for work in (self._read, self._meters, self._figures, self._log, self._health, self._end):
                tasks.create_task(work())
            tasks.create_task(self._sights(lookout))

    async def _read(self) -> NoReturn:
        """Take wishes; whatever else comes is refused."""
        malformed = 0
        while True:
            frame = await self.wire.receive()
            try:
                self._wish = _wish(frame or b"")
                self._silent.clear()
                malformed = 0
            except MiraError as error:
                malformed += 1
                if malformed > MOST_MALFORMED:
                    raise Over(MALFORMED) from error
                refused = messages.Refused(
                    error_code=error.code, message=error.message, details=error.details
                )
                await self._send(refused)

    async def _sights(self, lookout: Lookout) -> NoReturn:
        missed = 0
        while True:
            sight = await lookout.next()
            message = telling.told(sight, transcripts=self._wish.transcripts)
            if lookout.missed > missed:
                missed = lookout.missed
                await self._send(messages.Missed(count=missed))
            if message is not None:
                await self._send(message)

    async def _meters(self) -> NoReturn:
        """Tell the streams of the networks that are watched; once only when nobody is heard there."""
        while True:
            await asyncio.sleep(METERS_EVERY)
            for network_id in self._wish.networks:
                states = (await self.use.who_hears(NetworkId(network_id))).streams
                if states:
                    self._silent.discard(network_id)
                elif network_id in self._silent:
                    continue
                else:
                    self._silent.add(network_id)
                await self._send(telling.streams(NetworkId(network_id), states, self.use.clock.now()))

    async def _figures(self) -> NoReturn:
        while True:
            found = await self.use.pulse.next()
            await self._send(telling.figures(found, self.use.pulse.activity))

    async def _log(self) -> NoReturn:
        while True:
            found = self.use.log_tail.since(self._logged) if self._wish.log else ()
            if found:
                self._logged = found[-1].number
                await self._send(telling.lines(found))
            await asyncio.sleep(LOG_EVERY)

    async def _health(self) -> NoReturn:
        while True:
            health = await self.use.check_health()
            told = messages.HealthTold(
                status=health.overall.value,
                services={name: wellness.value for name, wellness in health.services.items()},
                active_networks=health.active_networks,
                active_clients=health.active_clients,
                instances=tuple(
                    messages.InstanceTold(instance_id=one.id, name=one.name, seen_at=one.seen_at)
                    for one in health.instances
                ),
                at=health.at,
            )
            await self._send(told)
            await asyncio.sleep(HEALTH_EVERY)

    async def _end(self) -> NoReturn:
        await self._ended.wait()
        raise Over(self._goodbye)

    async def _send(self, message: object) -> None:
        try:
            async with asyncio.timeout(SENDING_MAY_TAKE.total_seconds()), self._sending:
                await self.wire.send(write(message))
        except TimeoutError:
            raise Over(TOO_SLOW) from None

    async def _close(self, goodbye: Goodbye) -> None:
        try:
            async with asyncio.timeout(SENDING_MAY_TAKE.total_seconds()):
                await self.wire.close(goodbye.code, goodbye.reason)
        except (TimeoutError, RuntimeError):
            log.info("an operator's socket did not take its goodbye")


def _wish(frame: str | bytes) -> messages.Watch:
    """Read what is to be watched.

    Raises:
        InvalidValue: it is no such message, or names too many networks.
    """
    if not isinstance(frame, str):
        raise InvalidValue("message", "must be text")
    data = read_object(frame)
    if data.get("type") != "watch":
        raise InvalidValue("type", "must be watch")
    wish = structure(data, messages.Watch)
    if len(wish.networks) > MOST_NETWORKS:
        raise InvalidValue("networks", f"must be at most {MOST_NETWORKS}")
    return wish
