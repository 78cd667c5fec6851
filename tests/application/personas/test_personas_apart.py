"""Nothing of one persona reaches another: neither instructions, nor what it remembers, nor what was said."""

from datetime import timedelta
from typing import Any

from attrs import evolve

from domain.ids import PersonaId
from domain.personas import DEFAULT_PERSONA, AdaptationMode, Behavior, Persona
from tests.application.household import KITCHEN, Household
from tests.fakes.dialogue import Parrot
from tests.fakes.personas import FewPersonas, persona
from tests.samples import NOON


def adaptive(persona_id: str, instructions: str) -> Persona:
    """A persona that remembers, with instructions of its own."""
    return evolve(
        persona(persona_id),
        adaptation_mode=AdaptationMode.ADAPTIVE,
        behavior=Behavior(instructions=instructions),
    )


NURSE, FRIEND = adaptive("nurse", "You are a nurse."), adaptive("friend", "You are a friend.")


def house() -> tuple[Household, Parrot]:
    parrot = Parrot()
    personas = FewPersonas((persona(DEFAULT_PERSONA), NURSE, FRIEND))
    return Household(personas=personas, interlocutor=parrot), parrot


def told(parrot: Parrot) -> str:
    """Everything that the interlocutor was told for its latest answer, but for the words themselves."""
    prompt = parrot.prompts[-1]
    parts: list[Any] = [prompt.persona, prompt.history, prompt.notes, prompt.context, prompt.begun]
    return repr(parts)


async def say_as(hub: Household, home: Any, persona_id: str, text: str) -> None:
    """A turn of a new session with a persona."""
    await hub.change_client(home, persona_id=PersonaId(persona_id))
    hub.clock.pass_by(hours=3)
    await hub.say(home, text)


async def test_an_adaptive_persona_remembers_its_own_sessions_and_no_others() -> None:
    hub, parrot = house()
    home = await hub.home()
    await say_as(hub, home, "nurse", "my blood pressure is secret")
    await say_as(hub, home, "friend", "I like tulips")
    assert "secret" not in told(parrot)
    assert "nurse" not in told(parrot)
    await say_as(hub, home, "nurse", "hello again")
    assert parrot.prompts[-1].notes == (
        f"On {NOON:%Y-%m-%d} somebody said here: my blood pressure is secret",
    )
    assert "tulips" not in told(parrot)
    assert "You are a friend." not in told(parrot)
    await say_as(hub, home, "friend", "hello again")
    assert "tulips" in told(parrot)
    assert "secret" not in told(parrot)


async def test_other_personas_remember_nothing_of_earlier_sessions() -> None:
    hub, parrot = house()
    home = await hub.home()
    for _ in range(3):
        await say_as(hub, home, DEFAULT_PERSONA, "I like tulips")
        assert parrot.prompts[-1].notes == ()
        assert parrot.prompts[-1].history == ()


async def test_what_was_said_in_another_network_or_at_another_client_is_not_remembered() -> None:
    hub, parrot = house()
    home, shop = await hub.home(), await hub.home()
    await say_as(hub, shop, "nurse", "secret of the shop")
    await say_as(hub, home, "nurse", "hello")
    assert "secret" not in told(parrot)


async def test_who_stands_in_for_a_persona_that_is_gone_knows_nothing_of_it() -> None:
    hub, parrot = house()
    home = await hub.home()
    await say_as(hub, home, "nurse", "my blood pressure is secret")
    session_id = (await hub.interactions(home))[0].session_id
    hub.personas = FewPersonas((persona(DEFAULT_PERSONA),))
    hub.clock.pass_by(minutes=1)
    ended = await hub.say(home, "what did I say")
    assert (ended.interaction.session_id, ended.interaction.persona_id) == (session_id, DEFAULT_PERSONA)
    assert parrot.prompts[-1].history == ()
    assert "secret" not in told(parrot)


async def test_within_a_session_a_persona_remembers_what_was_said() -> None:
    hub, parrot = house()
    home = await hub.home()
    for number in range(5):
        await hub.say(home, f"thing {number}", KITCHEN)
    assert [exchange.said for exchange in parrot.prompts[-1].history] == [f"thing {n}" for n in range(4)]
    assert hub.clock.now() - NOON < timedelta(minutes=1)
