"""`mira score --watch`: a line for each stretch of sound."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from domain.audio.pcm import Samples
from entrypoints.scoring import score
from entrypoints.watching import BLOCK, meter_lines

SOUNDS = Path(__file__).parents[1] / "sounds"


def blocks(samples: Samples) -> list[Samples]:
    return [samples[at : at + BLOCK] for at in range(0, len(samples) - BLOCK, BLOCK)]


def shown(lines: list[str]) -> float:
    return float(lines[-1].split()[0])


def test_the_meter_rises_for_speech_and_stays_down_for_silence() -> None:
    spoken, _ = soundfile.read(SOUNDS / "slt.flac", dtype="float32")
    assert shown(list(meter_lines(blocks(spoken)))) > 5
    assert shown(list(meter_lines(blocks(np.zeros_like(spoken))))) == 0


def test_clipping_is_said() -> None:
    spoken, _ = soundfile.read(SOUNDS / "slt.flac", dtype="float32")
    assert any("clipping!" in line for line in meter_lines(blocks(np.clip(spoken * 40, -1, 1))))


def test_without_files_it_says_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        score([])
    assert ended.value.code == 2
    assert "--watch" in capsys.readouterr().err
