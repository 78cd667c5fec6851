"""Our cepstra are pocketsphinx's: a decoder that is given them hears the same."""

from collections.abc import Callable

import numpy as np
import pytest
from pocketsphinx import Decoder

from adapters.pocketsphinx import bundle
from adapters.pocketsphinx.features import (
    CEPSTRA,
    COSINES,
    FILTERS,
    HOP,
    LIFTERS,
    frames_within,
    log_mel,
    mel_spectra,
)
from adapters.pocketsphinx.model import SpeechModel
from domain.audio.pcm import Recording, to_s16le


def test_the_cosines_undo_themselves() -> None:
    np.testing.assert_allclose(COSINES @ COSINES.T, np.eye(CEPSTRA), atol=1e-12)


def test_a_frame_stands_for_ten_milliseconds() -> None:
    for samples in (1, 409, 410, 411, 16_000):
        spectra = mel_spectra(np.zeros(samples, np.float32))
        assert spectra.shape[1] == FILTERS
        assert frames_within(samples) in {len(spectra), len(spectra) - 1}
        assert spectra.shape[0] == max(1, -(-(samples - 410) // HOP) + 1)


def test_a_tone_lies_in_its_band() -> None:
    tone = np.sin(2 * np.pi * 1_000 * np.arange(16_000) / 16_000) * 0.3
    spectra = mel_spectra(tone.astype(np.float32))
    centre = 2595 * np.log10(1 + 1_000 / 700)
    low, high = (2595 * np.log10(1 + hertz / 700) for hertz in (130, 6_800))
    expected = (centre - low) / (high - low) * (FILTERS + 1) - 1
    assert abs(int(np.argmax(spectra[50])) - expected) <= 1


def test_frames_of_a_recording_that_grows_stay_as_they_were() -> None:
    samples = np.random.default_rng(4).standard_normal(8_000).astype(np.float32)
    whole = mel_spectra(samples)
    settled = frames_within(5_000)
    np.testing.assert_allclose(mel_spectra(samples[:5_000])[:settled], whole[:settled])
    np.testing.assert_allclose(mel_spectra(samples, settled), whole[settled:])


@pytest.mark.slow
def test_a_decoder_hears_the_same_from_our_cepstra(
    model: SpeechModel, sound: Callable[[str], Recording]
) -> None:
    decoder = Decoder(
        hmm=str(bundle.acoustic_model()),
        lm=str(model.language),
        dict=str(model.dictionary),
        loglevel="FATAL",
        remove_noise=False,
    )
    samples = sound("pills").samples
    data = to_s16le(samples)
    decoder.start_utt()
    decoder.process_raw(data, full_utt=True)
    decoder.end_utt()
    theirs, theirs_probability = decoder.hyp().hypstr, decoder.hyp().prob
    decoder.reinit_feat()
    decoder.start_utt()
    cepstra = log_mel(mel_spectra(samples)) @ COSINES.T * LIFTERS
    decoder.process_cep(cepstra.astype("<f4").tobytes(), full_utt=True)
    decoder.end_utt()
    assert decoder.hyp().hypstr == theirs == "remind me to take my pills tomorrow at eight"
    assert decoder.hyp().prob == pytest.approx(theirs_probability, rel=0.2)
