"""Noise is taken out of speech, and clean speech is left alone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from adapters.pocketsphinx import bundle
from adapters.pocketsphinx.cleaning import Cleaner, UnreadableParameters, read_static_codebook
from adapters.pocketsphinx.features import COSINES, log_mel, mel_spectra
from domain.audio.pcm import Recording

Sound = Callable[[str], Recording]


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner.of(bundle.acoustic_model())


def hiss(count: int, level: float) -> np.ndarray:
    return (level * np.random.default_rng(5).standard_normal(count)).astype(np.float32)


def spectra_of(samples: np.ndarray) -> np.ndarray:
    return mel_spectra(np.pad(samples.astype(np.float32), 3_200))


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
    assert cleaner.study(spectra_of(sound("pills").samples)).noise is None
    assert cleaner.study(mel_spectra(np.zeros(300, np.float32))).noise is None


@pytest.mark.parametrize("level", [0.01, 0.03])
def test_noisy_speech_comes_nearer_to_what_it_was(cleaner: Cleaner, sound: Sound, level: float) -> None:
    samples = np.pad(sound("pills").samples, 3_200)
    clean = log_mel(spectra_of(samples))
    noisy = spectra_of(samples + hiss(len(samples), level))
    around = cleaner.study(noisy)
    assert around.noise is not None
    cleaned = cleaner.clean(noisy, around)
    loud = clean > clean.max() - 6.0
    before = np.abs(log_mel(noisy) - clean)[loud].mean()
    after = np.abs(cleaned - clean)[loud].mean()
    assert after < 0.9 * before


def test_noise_alone_is_left_alone(cleaner: Cleaner) -> None:
    assert cleaner.study(mel_spectra(hiss(32_000, 0.05))).noise is None


def test_silence_around_speech_does_not_change_what_the_channel_is_found_to_be(
    cleaner: Cleaner, sound: Sound
) -> None:
    samples = sound("pills").samples
    biases, means = [], []
    for around in (3_200, 24_000):
        padded = np.pad(samples, around)
        spectra = mel_spectra(padded + hiss(len(padded), 0.001))
        studied = cleaner.study(spectra)
        biases.append(studied.bias)
        means.append((cleaner.clean(spectra, studied) @ COSINES.T).mean(axis=0))
    assert np.abs(biases[1] - biases[0]).mean() < 0.3 * np.abs(means[1] - means[0]).mean()


def test_a_beginning_that_breaks_off_in_a_word_tells_the_noise(cleaner: Cleaner, sound: Sound) -> None:
    samples = np.pad(sound("pills").samples, 6_400)
    spectra = mel_spectra(samples + hiss(len(samples), 0.003))
    begun, whole = cleaner.study(spectra[:150]), cleaner.study(spectra)
    assert begun.noise is not None
    assert whole.noise is not None
    np.testing.assert_allclose(begun.noise.level, whole.noise.level, atol=0.7)


def test_what_is_louder_has_another_bias_and_is_otherwise_the_same(cleaner: Cleaner, sound: Sound) -> None:
    samples = np.pad(sound("pills").samples, 3_200)
    samples = samples + hiss(len(samples), 0.003)
    soft, loud = mel_spectra(0.05 * samples), mel_spectra(samples)
    as_heard = [
        np.frombuffer(cleaner.cepstra(spectra, cleaner.study(spectra)), "<f4") for spectra in (soft, loud)
    ]
    np.testing.assert_allclose(as_heard[0], as_heard[1], atol=0.1)
