"""What a network sets about listening."""

from attrs import field, frozen

from domain.audio.endpointing import TurnRules
from domain.audio.quality import Quality
from domain.errors import InvalidValue


@frozen(kw_only=True)
class ArbitrationRules:
    """What a network sets about listening."""

    threshold: float = field(default=0.5)
    """The least score, divided by 10, at which an utterance is used."""
    window_ms: int = field(default=300)
    """How long sound that came faster than real time waits for competitors."""
    turns: TurnRules = TurnRules()
    """How patient the endpointers of streams are; applies to streams that begin after it is set."""

    @threshold.validator
    def _a_share(self, _: object, threshold: float) -> None:
        if not 0.0 <= threshold <= 1.0:
            raise InvalidValue("quality_threshold", "must lie in 0..1")

    @window_ms.validator
    def _bounded(self, _: object, window_ms: int) -> None:
        if not 0 <= window_ms <= 10_000:
            raise InvalidValue("arbitration_window_ms", "must lie in 0..10000")

    def lets_pass(self, quality: Quality) -> bool:
        """Whether what sounds so good may be used."""
        return quality.is_speech and quality.score / 10.0 >= self.threshold
