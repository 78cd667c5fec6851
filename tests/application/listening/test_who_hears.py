"""What all instances of a hub hear together, whichever of them is asked."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from attrs import evolve, field, frozen

from application.listening.who_hears import WhoHears
from application.ports.neighbours import Heard
from domain.audio.decisions import StreamState
from domain.audio.quality import StreamMeter
from domain.events import AudioStreamSelected
from domain.ids import ONLY_INSTANCE, ClientId, InstanceId, NetworkId
from tests.application.household import HALL, KITCHEN, Household
from tests.samples import HOME, NOON, SHOP

THERE = InstanceId("inst_there")


def stream(client_id: ClientId, last_frame_at: int) -> StreamState:
    return StreamState(
        client_id=client_id,
        quality=StreamMeter().quality(),
        last_frame_at=last_frame_at,
        speaking=True,
        selected=False,
        may_win=True,
    )


def choice(client_id: ClientId, seconds: int) -> AudioStreamSelected:
    return AudioStreamSelected(
        client_id=client_id,
        score=5.0,
        reason="only_stream",
        provisional=False,
        streams=(),
        at=NOON + timedelta(seconds=seconds),
    )


@frozen
class Live:
    """What one instance hears."""

    heard: Mapping[NetworkId, Heard] = field(factory=dict)

    def streams(self, network_id: NetworkId) -> tuple[StreamState, ...]:
        return self.heard.get(network_id, Heard()).streams

    def last_choice(self, network_id: NetworkId) -> AudioStreamSelected | None:
        return self.heard.get(network_id, Heard()).choice


@frozen
class Next:
    """One other instance that can be asked, unless everybody is away."""

    live: Live
    alone: bool = False

    async def heard(
        self, network_ids: Collection[NetworkId], instances: Collection[InstanceId]
    ) -> tuple[Mapping[NetworkId, Heard], ...]:
        assert list(instances) == [THERE]
        return ({one: Heard.by(self.live, one) for one in network_ids},)


async def who_hears(hub: Household, here: Live, there: Next) -> WhoHears:
    """Two instances that live on one store."""
    async with hub.transactions.begin() as tx:
        for one in (ONLY_INSTANCE, THERE):
            await tx.instances.beat(one, hub.clock.now())
    return WhoHears(here, there, hub.transactions, ONLY_INSTANCE)


async def test_streams_of_all_instances_are_told_and_the_latest_choice(hub: Household) -> None:
    here = Live({HOME: Heard(streams=(stream(KITCHEN, 5),), choice=choice(KITCHEN, 1))})
    there = Live({HOME: Heard(streams=(stream(HALL, 7),), choice=choice(HALL, 2)), SHOP: Heard()})
    asked = await who_hears(hub, here, Next(there))
    heard = await asked(HOME)
    assert {one.client_id for one in heard.streams} == {KITCHEN, HALL}
    assert heard.choice == choice(HALL, 2)
    assert (await asked.of([HOME, SHOP])) == {HOME: heard, SHOP: Heard()}


async def test_a_client_that_moved_is_told_where_it_was_heard_last(hub: Household) -> None:
    old, new = stream(KITCHEN, 5), evolve(stream(KITCHEN, 9), speaking=False)
    for here, there in ((old, new), (new, old)):
        both = [Live({HOME: Heard(streams=(one,))}) for one in (here, there)]
        asked = await who_hears(hub, both[0], Next(both[1]))
        assert (await asked(HOME)).streams == (new,)


async def test_while_nobody_can_be_asked_it_is_told_what_is_heard_here(hub: Household) -> None:
    here = Live({HOME: Heard(streams=(stream(KITCHEN, 5),))})
    asked = await who_hears(hub, here, Next(Live({HOME: Heard(choice=choice(HALL, 1))}), alone=True))
    assert await asked(HOME) == here.heard[HOME]
