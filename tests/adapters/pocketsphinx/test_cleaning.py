"""Noise is taken out of speech, and clean speech is left alone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from adapters.pocketsphinx import bundle
from adapters.pocketsphinx.cleaning import Cleaner, UnreadableParameters, read_static_codebook
from adapters.pocketsphinx.features import log_mel, mel_spectra
from domain.audio.pcm import Recording, to_s16le

Sound = Callable[[str], Recording]


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner.of(bundle.acoustic_model())


def hiss(count: int, level: float) -> np.ndarray:
    return (level * np.random.default_rng(5).standard_normal(count)).astype(np.float32)


def spectra_of(samples: np.ndarray) -> np.ndarray:
    return mel_spectra(to_s16le(np.pad(samples.astype(np.float32), 3_200)))


def test_the_gaussians_are_those_of_the_acoustic_model(cleaner: Cleaner) -> None:
    variances = read_static_codebook(bundle.acoustic_model() / "variances")
    assert variances.shape == (42 * 128, 13)
    assert len(cleaner.means) > 500
    assert (cleaner.variances > 0).all()
    assert np.abs(cleaner.means.mean(axis=0)).max() < 5


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "means").write_bytes(b"s3\nendhdr\n" + bytes(range(100)))
    with pytest.raises(UnreadableParameters):
        read_static_codebook(tmp_path / "means")
    (tmp_path / "other").write_bytes(b"nothing of the kind")
    with pytest.raises(UnreadableParameters):
        read_static_codebook(tmp_path / "other")


def test_clean_speech_and_stumps_of_sound_are_left_alone(cleaner: Cleaner, sound: Sound) -> None:
    assert cleaner.clean(spectra_of(sound("pills").samples)) is None
    assert cleaner.clean(mel_spectra(bytes(600))) is None


@pytest.mark.parametrize("level", [0.01, 0.03])
def test_noisy_speech_comes_nearer_to_what_it_was(cleaner: Cleaner, sound: Sound, level: float) -> None:
    samples = np.pad(sound("pills").samples, 3_200)
    clean = log_mel(spectra_of(samples))
    noisy = spectra_of(samples + hiss(len(samples), level))
    cleaned = cleaner.clean(noisy)
    assert cleaned is not None
    loud = clean > clean.max() - 6.0
    before = np.abs(log_mel(noisy) - clean)[loud].mean()
    after = np.abs(cleaned - clean)[loud].mean()
    assert after < 0.9 * before


def test_noise_alone_is_left_alone(cleaner: Cleaner) -> None:
    assert cleaner.clean(mel_spectra(to_s16le(hiss(32_000, 0.05)))) is None
