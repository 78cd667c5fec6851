"""Several transcribers and speakers, in order."""

import pytest

from adapters.fallback.providers import Asking, Provider
from adapters.fallback.speech import FallbackSpeaker, FallbackTranscriber
from application.ports.speech import Speaker, Transcriber
from domain.errors import AudioProcessingFailed, InvalidValue, MiraError, Overloaded, ProviderFailed
from domain.personas import Voice
from tests.fakes.speech import Beeping, Dictated, written

NOT_NOW = ProviderFailed("The server cannot be reached.", passing=True)
NEVER = ProviderFailed("The server answered 401.", passing=False)


async def _at_once(seconds: float) -> None:
    assert seconds < 1


ASKING = Asking(wait=_at_once)


def transcriber(*roles: Transcriber) -> FallbackTranscriber:
    providers = tuple(Provider[Transcriber](name=f"stt{n}", role=role) for n, role in enumerate(roles))
    return FallbackTranscriber(providers=providers, asking=ASKING)


def speaker(*roles: Speaker) -> FallbackSpeaker:
    providers = tuple(Provider[Speaker](name=f"tts{n}", role=role) for n, role in enumerate(roles))
    return FallbackSpeaker(providers=providers, asking=ASKING)


@pytest.mark.parametrize(
    ("errors", "tries", "heard"),
    [
        ([], 1, "one"),
        ([NOT_NOW], 2, "one"),
        ([Overloaded("Busy.")], 2, "one"),
        ([NOT_NOW, NOT_NOW], 2, "two"),
        ([NEVER], 1, "two"),
        ([AudioProcessingFailed("It broke.")], 1, "two"),
    ],
)
async def test_the_first_who_can_writes_it_down(errors: list[Exception], tries: int, heard: str) -> None:
    one, two = Dictated("one", errors=list(errors)), Dictated("two")
    transcript = await transcriber(one, two).transcribe(written("x"), ["Anna"])
    assert transcript.text == heard
    assert len(one.heard) == tries
    assert one.known[0] == ["Anna"]


async def test_who_is_asked_first_gets_ready() -> None:
    one, two = Dictated(), Dictated()
    await transcriber(one, two).prepare(["anna"])
    assert (one.prepared, two.prepared) == ([["anna"]], [])


async def test_when_nobody_can_the_hub_says_so() -> None:
    with pytest.raises(AudioProcessingFailed):
        await transcriber(Dictated(errors=[NEVER]), Dictated(errors=[NEVER])).transcribe(written("x"))
    with pytest.raises(AudioProcessingFailed):
        await speaker(Beeping(error=NEVER)).speak("Hello.", Voice())


async def test_who_fails_three_times_is_left_alone() -> None:
    one, two = Dictated("one", errors=[NEVER] * 9), Dictated("two")
    among = transcriber(one, two)
    for _ in range(6):
        assert (await among.transcribe(written("x"))).text == "two"
    assert len(one.heard) == 3


async def test_a_voice_that_one_has_not_another_may_have() -> None:
    refusing, able = Beeping(error=InvalidValue("voice_config.language", "is not there")), Beeping()
    assert len((await speaker(refusing, able).speak("Hi", Voice())).samples) == 320
    for _ in range(5):
        with pytest.raises(InvalidValue):
            await speaker(refusing, refusing).speak("Hi", Voice())


async def test_an_unforeseen_failure_is_not_hidden() -> None:
    broken = Dictated(errors=[ZeroDivisionError()])
    with pytest.raises(ZeroDivisionError):
        await transcriber(broken, Dictated()).transcribe(written("x"))
    assert issubclass(ProviderFailed, MiraError)
