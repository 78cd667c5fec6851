"""What a client sends once more after it has lost its socket is heard once."""

from hypothesis import given
from hypothesis import strategies as st

from application.listening.heard_before import REMEMBERED, HeardBefore
from domain.audio.pcm import SAMPLE_RATE, Samples
from tests.application.household import KITCHEN
from tests.application.listening.hearing import CHUNK, Ear, near

BLOCK = SAMPLE_RATE // 25
STEP = 40_000
WHOLE_SECONDS = 2.9
"""How long the sentence is, from the first to the last of it."""
START = 1_700_000_000_000_000


def heard(memory: HeardBefore, numbers: range, off: int = 0) -> list[int]:
    """Which of some blocks are new."""
    return [n for n in numbers if not memory.again(KITCHEN, START + n * STEP + off, BLOCK)]


@given(
    first=st.integers(1, 100),
    again_from=st.integers(0, 100),
    more=st.integers(0, 50),
    off=st.integers(-STEP // 3, STEP // 3),
)
def test_each_block_is_heard_once_whatever_is_sent_again(
    first: int, again_from: int, more: int, off: int
) -> None:
    memory = HeardBefore()
    assert heard(memory, range(first)) == list(range(first))
    memory.came(KITCHEN)
    begins = min(again_from, first)
    assert heard(memory, range(begins, first + more), off) == list(range(first, first + more))


def test_who_never_left_is_always_heard() -> None:
    memory = HeardBefore()
    assert heard(memory, range(10)) == heard(memory, range(10)) == list(range(10))


def test_a_clock_that_was_set_back_makes_nobody_deaf() -> None:
    memory = HeardBefore()
    heard(memory, range(10))
    memory.came(KITCHEN)
    assert not memory.again(KITCHEN, START - 2 * REMEMBERED, BLOCK)
    assert heard(memory, range(3)) == [0, 1, 2]


def test_sound_without_a_time_is_always_new() -> None:
    memory = HeardBefore()
    heard(memory, range(10))
    memory.came(KITCHEN)
    assert not memory.again(KITCHEN, None, BLOCK)


def test_who_was_heard_long_ago_is_forgotten() -> None:
    memory = HeardBefore()
    heard(memory, range(10))
    memory.forget_before(START)
    assert memory
    memory.forget_before(START + 11 * STEP)
    assert not memory


async def test_what_is_said_after_a_loss_is_heard_without_what_was_heard_before(
    ear: Ear, sentence: Samples
) -> None:
    hub, heard_by = ear.hub, near(sentence)
    home = await hub.home()
    await ear.join(home, KITCHEN)
    cut = 22 * CHUNK
    async with ear.listening.running():
        began = hub.clock.micros()
        await ear.play({(home, KITCHEN): heard_by[:cut]})
        ear.listening.leave(home, KITCHEN)
        await ear.settle()
        await ear.join(home, KITCHEN)
        for first in range(cut - 10 * CHUNK, len(heard_by), CHUNK):
            captured_at = began + first * 1_000_000 // SAMPLE_RATE
            hub.clock.pass_by(milliseconds=max(0, captured_at - hub.clock.micros()) // 1000)
            ear.listening.hear(home, KITCHEN, heard_by[first : first + CHUNK], captured_at)
        ear.listening.finish(home, KITCHEN)
        await ear.settle()
        lengths = [turn.hearing.seconds for turn in await hub.interactions(home) if turn.hearing]
    assert len(lengths) == 2
    assert abs(sum(lengths) - WHOLE_SECONDS) < 0.4, "a second of it was sent twice"
