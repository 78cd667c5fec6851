"""A language tag finds its nearest voice, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.espeak.library import InstalledVoice
from adapters.espeak.voices import NoSuchVoice, VoiceIndex


@pytest.fixture(scope="module")
def index() -> VoiceIndex:
    voices = [
        InstalledVoice(identifier="gmw/en", priorities={"en-gb": 2, "en": 2}),
        InstalledVoice(identifier="gmw/en-GB-scotland", priorities={"en-gb-scotland": 5, "en": 4}),
        InstalledVoice(identifier="gmw/en-US", priorities={"en-us": 2, "en": 3}),
        InstalledVoice(identifier="roa/fr-BE", priorities={"fr-be": 5, "fr": 8}),
        InstalledVoice(identifier="roa/fr", priorities={"fr-fr": 5, "fr": 5}),
        InstalledVoice(identifier="sit/cmn", priorities={"cmn": 5, "zh": 5}),
        InstalledVoice(identifier="sit/cmn-Latn-pinyin", priorities={"zh": 5}),
    ]
    return VoiceIndex.of(voices, frozenset({"f3", "Mr serious"}))


@pytest.mark.parametrize(
    ("language", "identifier"),
    [
        ("en", "gmw/en"),
        ("en-gb", "gmw/en"),
        ("EN_GB", "gmw/en"),
        (" en-US ", "gmw/en-US"),
        ("en-au", "gmw/en"),
        ("en-gb-scotland", "gmw/en-GB-scotland"),
        ("fr", "roa/fr"),
        ("fr-CA", "roa/fr"),
        ("zh-Hans-CN", "sit/cmn"),
    ],
)
def test_the_nearest_voice_speaks(index: VoiceIndex, language: str, identifier: str) -> None:
    assert index.name(language, None) == identifier


def test_a_variant_is_added(index: VoiceIndex) -> None:
    assert index.name("en-us", "Mr serious") == "gmw/en-US+Mr serious"


@given(st.text(max_size=12), st.one_of(st.none(), st.text(max_size=12)))
def test_any_other_name_is_refused_or_one_of_ours(language: str, variant: str | None) -> None:
    index = VoiceIndex(nearest={"en": "gmw/en"}, variants=frozenset({"f3"}))
    try:
        name = index.name(language, variant)
    except NoSuchVoice:
        return
    assert name in {"gmw/en", "gmw/en+f3"}
