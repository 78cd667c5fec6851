"""From the language that a persona speaks to a voice that espeak-ng has."""

from collections.abc import Mapping, Sequence

from attrs import frozen

from adapters.espeak.library import InstalledVoice


class NoSuchVoice(Exception):
    """espeak-ng has nothing for what was asked; the text is what: language or voice."""


@frozen(kw_only=True)
class VoiceIndex:
    """The nearest voice by language tag, and the variants that may colour it.

    espeak-ng selects by its own names and knows neither `en-gb` nor `zh` by them, though its voices list
    these tags with a priority: so the tags are read once, and a voice is chosen by its identifier.
    """

    nearest: Mapping[str, str]
    variants: frozenset[str]

    @classmethod
    def of(cls, voices: Sequence[InstalledVoice], variants: frozenset[str]) -> "VoiceIndex":
        """Index the voices: each tag to the one that lists it with the lowest priority."""
        best: dict[str, tuple[int, str]] = {}
        for voice in voices:
            for tag, priority in voice.priorities.items():
                if tag not in best or priority < best[tag][0]:
                    best[tag] = (priority, voice.identifier)
        return cls(nearest={tag: identifier for tag, (_, identifier) in best.items()}, variants=variants)

    def name(self, language: str, variant: str | None) -> str:
        """What to call the voice of a language (a BCP 47 tag such as en-GB) and a variant (such as f3).

        A region that has no voice gets the language's own: en-AU is spoken as en.

        Raises:
            NoSuchVoice: there is no voice for the language, or no such variant.
        """
        identifier = self._identifier(language)
        if variant is None:
            return identifier
        if variant not in self.variants:
            raise NoSuchVoice("voice")
        return f"{identifier}+{variant}"

    def _identifier(self, language: str) -> str:
        parts = language.strip().lower().replace("_", "-").split("-")
        for length in range(len(parts), 0, -1):
            if found := self.nearest.get("-".join(parts[:length])):
                return found
        raise NoSuchVoice("language")
