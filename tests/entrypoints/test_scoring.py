"""`mira score`: how well recordings can be heard."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from entrypoints.scoring import VERDICTS, score, verdict

SOUNDS = Path(__file__).parents[1] / "sounds"


@pytest.fixture
def recordings(tmp_path: Path) -> dict[str, Path]:
    """The same sentence near, in noise, and silence."""
    spoken, rate = soundfile.read(SOUNDS / "slt.flac", dtype="float32")
    noise = np.random.default_rng(3).standard_normal(len(spoken)).astype(np.float32)
    sounds = {"near": 0.7 * spoken, "noisy": 0.3 * spoken + 0.03 * noise, "silence": 0 * spoken}
    paths = {name: tmp_path / f"{name}.wav" for name in sounds}
    for name, path in paths.items():
        soundfile.write(path, sounds[name], rate)
    return paths


def test_recordings_are_ranked_best_first(
    recordings: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(recordings[name]) for name in ("silence", "near", "noisy")]
    assert score(["--json", *names]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [Path(row["file"]).stem for row in rows] == ["near", "noisy", "silence"]
    assert rows[0]["score"] > rows[1]["score"] > rows[2]["score"] >= 0
    assert rows[0]["verdict"] in {"excellent", "good"}
    assert rows[2]["verdict"] == "no speech"
    assert {"snr", "speech_clarity", "volume_level", "clipping"} <= set(rows[0])


def test_for_people_there_is_a_table(
    recordings: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(recordings["near"].parent)
    assert score(["near.wav", "silence.wav"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["file", "score", "verdict"]
    assert [line.split()[0] for line in lines[1:]] == ["near.wav", "silence.wav"]
    assert max(map(len, lines)) <= 110


def test_what_cannot_be_read_is_named_and_the_rest_is_scored(
    recordings: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.wav"
    text.write_text("this is no sound")
    names = [str(path) for path in (tmp_path / "none.wav", text, tmp_path, recordings["near"])]
    assert score(["--json", *names]) == 1
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 1
    errors = shown.err.splitlines()
    assert [line.startswith(f"mira: {name}: ") for line, name in zip(errors, names, strict=False)] == [
        True
    ] * 3
    assert errors[0].endswith("No such file or directory")
    assert "Errno" not in shown.err


def test_where_nothing_can_be_read_no_table_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score([str(tmp_path / "none.wav")]) == 1
    assert capsys.readouterr().out == ""


def test_without_a_file_the_call_is_wrong() -> None:
    with pytest.raises(SystemExit) as left:
        score([])
    assert left.value.code == 2


def test_every_score_has_a_verdict_and_a_better_one_no_worse() -> None:
    order = [word for _, word in VERDICTS]
    verdicts = [verdict(points / 10) for points in range(101)]
    places = [order.index(one) for one in verdicts]
    assert places == sorted(places, reverse=True)
    assert set(verdicts) == set(order)
