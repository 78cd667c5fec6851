"""Which conversation a client is in, and with whom."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.personas.sessions import Seat, TakeSeat
from domain.errors import MiraError, SessionExpired, SessionNotFound
from domain.ids import ClientId, NetworkId, PersonaId, SessionId
from domain.sessions import SessionStatus
from tests.application.household import HALL, KITCHEN, Household
from tests.fakes.personas import FewPersonas, persona
from tests.samples import NOON


async def take(
    hub: Household,
    network_id: NetworkId,
    client_id: ClientId = KITCHEN,
    session_id: SessionId | None = None,
) -> Seat:
    async with hub.transactions.begin() as tx:
        client = await tx.clients.get(network_id, client_id)
        return await TakeSeat(hub.personas, hub.ids, hub.clock)(tx, client, session_id)


async def test_the_first_turn_opens_a_session_with_a_conversation_of_its_own(hub: Household) -> None:
    home = await hub.home()
    seat = await take(hub, home)

    assert seat.persona.id == seat.session.persona_id == "mira"
    assert seat.session.expires_at == NOON + timedelta(minutes=30)
    (conversation,) = await hub.conversations(home)
    assert conversation.id == seat.session.conversation_id
    assert (conversation.client_id, conversation.created_at) == (KITCHEN, NOON)


async def test_the_next_turn_takes_the_same_seat_and_keeps_it_warm(hub: Household) -> None:
    home = await hub.home()
    first = await take(hub, home)
    hub.clock.pass_by(minutes=29)
    second = await take(hub, home)
    by_name = await take(hub, home, session_id=first.session.id)

    assert second.session == by_name.session == evolve(first.session, expires_at=NOON + timedelta(minutes=59))
    assert len(await hub.conversations(home)) == 1


async def test_after_a_long_silence_a_new_session_begins(hub: Household) -> None:
    home = await hub.home()
    first = await take(hub, home)
    hub.clock.pass_by(minutes=30)
    with pytest.raises(SessionExpired):
        await take(hub, home, session_id=first.session.id)
    second = await take(hub, home)

    assert second.session.id != first.session.id
    assert second.session.conversation_id != first.session.conversation_id
    assert len(await hub.conversations(home)) == 2


async def test_a_session_that_was_ended_is_over_before_its_time(hub: Household) -> None:
    home = await hub.home()
    first = await take(hub, home)
    async with hub.store.begin() as tx:
        await tx.sessions.update(evolve(first.session, status=SessionStatus.ENDED))
    with pytest.raises(SessionExpired):
        await take(hub, home, session_id=first.session.id)
    assert (await take(hub, home)).session.id != first.session.id


async def test_a_session_of_somebody_else_is_answered_like_a_missing_one(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    await hub.register(home, HALL)
    mine = await take(hub, home)
    for network_id, client_id in ((home, HALL), (shop, KITCHEN)):
        with pytest.raises(SessionNotFound):
            await take(hub, network_id, client_id, mine.session.id)
    with pytest.raises(SessionNotFound):
        await take(hub, home, session_id=SessionId("sess_none"))


async def test_a_client_with_a_persona_of_its_own_talks_with_that_one_and_waits_as_long(
    hub: Household,
) -> None:
    home = await hub.home()
    await hub.change_client(home, persona_id=PersonaId("nurse"))
    seat = await take(hub, home)
    assert seat.persona.id == "nurse"
    assert seat.session.expires_at == NOON + timedelta(hours=2)


async def test_a_persona_that_was_taken_away_is_stood_in_for(hub: Household) -> None:
    home = await hub.home()
    await hub.change_client(home, persona_id=PersonaId("nurse"))
    before = await take(hub, home)
    hub.personas = FewPersonas((persona("mira"),))
    after = await take(hub, home)

    assert after.session.id == before.session.id
    assert after.persona.id == after.session.persona_id == "mira"
    hub.clock.pass_by(hours=3)
    assert (await take(hub, home)).persona.id == "mira"


async def test_a_seat_is_part_of_the_transaction_that_takes_it(hub: Household) -> None:
    home = await hub.home()

    async def take_and_leave() -> None:
        async with hub.transactions.begin() as tx:
            client = await tx.clients.get(home, KITCHEN)
            await TakeSeat(hub.personas, hub.ids, hub.clock)(tx, client, None)
            raise MiraError("We changed our mind.")

    with pytest.raises(MiraError, match="changed our mind"):
        await take_and_leave()
    assert await hub.conversations(home) == []


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
async def test_a_session_lasts_exactly_as_long_as_no_pause_is_too_long(pauses: list[int]) -> None:
    hub = Household()
    home = await hub.home()
    sessions = [(await take(hub, home)).session.id]
    for pause in pauses:
        hub.clock.pass_by(minutes=pause)
        sessions.append((await take(hub, home)).session.id)
    for before, after, pause in zip(sessions, sessions[1:], pauses, strict=False):
        assert (before == after) == (pause < 30)
    assert len(set(sessions)) == 1 + sum(pause >= 30 for pause in pauses)
