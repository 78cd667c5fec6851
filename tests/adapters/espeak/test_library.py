"""espeak-ng itself, in processes of its own: its state is global."""

import subprocess
import sys
from hashlib import sha256

import pytest

SAY = """
import sys
from adapters.espeak.library import load
library = load(seed=int(sys.argv[1]))
for text in ("good morning", "turn down the music"):
    said = library.synthesize(text, voice="gmw/en-US+f2", rate=160, pitch=50, most_samples=10**6)
    sys.stdout.buffer.write(said)
"""


def _said(seed: int) -> str:
    done = subprocess.run([sys.executable, "-c", SAY, str(seed)], check=True, capture_output=True)
    assert len(done.stdout) > 20_000
    return sha256(done.stdout).hexdigest()


@pytest.mark.slow
def test_a_seed_makes_it_say_the_same_in_the_same_way() -> None:
    assert _said(5) == _said(5) != _said(6)
