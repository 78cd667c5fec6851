"""What tells of words, at a pause, whether more will follow, by traits of their grammar.

Each trait is read off the words with a few closed lists (prepositions, helping verbs, verbs that need an
object) and off what the hub understands. How much each tells was fitted on what people say before pauses and
at the end; see completeness_weights.py.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from domain.language.completeness_weights import CONSTANT, WEIGHTS
from domain.language.follow_ups import open_wish
from domain.language.intents import (
    AskAgenda,
    AskDate,
    AskReminders,
    CreateEvent,
    CreateReminder,
    Greet,
    Intent,
    Plain,
    Repeat,
)
from domain.language.understanding import understand
from domain.language.unfinished import ASKING, HELPING, HESITATING, leads_on, may_go_on

_ANYWHERE: Final = ZoneInfo("UTC")
_MARKS: Final = re.compile(r"[^\w'-]+")
_FIRST_WORDS: Final = re.compile(
    rf"(?:(?:{HESITATING}|well|so|okay|oh|hey|now|please|(?:can|could|would|will) you|make sure to) )+"
)
"""What may stand before any request, and says nothing of it."""
_HELPING: Final = (
    rf"{HELPING}|can|could|will|would|shall|should|may|must|\w+n't|don't|let's|\w+'(?:s|m|re|ll|ve|d)"
)
_OWN: Final = "the|my|our|your|his|her|their|this|that|these|those"
_NAMING: Final = rf"{_OWN}|a|an|some|any|every|each|another|more|no|two|three"
_PLACING: Final = (
    "about|above|across|after|against|around|as|at|before|behind|below|beside|between|by|called|during|for|"
    "from|in|inside|into|like|near|of|off|on|onto|outside|over|past|since|through|till|to|under|until|with|"
    "within|without"
)
_WHEN: Final = (
    r"\w+day|\w+days|tonight|tomorrow|noon|midnight|morning|afternoon|evening|night|weekend|week|month|year|"
    "now|later|soon|january|february|march|april|may|june|july|august|september|october|november|december|"
    "christmas|easter|breakfast|lunch|dinner"
)
_COUNTING: Final = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|half|"
    r"quarter|hours?|minutes?|seconds?|first|second|third|\w+th|o'clock|moment|\d+"
)
_TRANSITIVE: Final = (
    "add|announce|answer|ask|begin|book|bring|buy|call|cancel|change|check|close|cook|delete|dim|explain|find|"
    "finish|fix|forget|get|give|have|inform|invite|keep|let|like|list|lock|log|lower|make|mark|mean|move|need|"
    "note|open|order|plan|play|postpone|press|put|raise|read|record|remind|remove|rename|report|reschedule|"
    "say|schedule|send|set|show|shut|spell|start|switch|take|tell|turn|unlock|use|want|wash|water|write"
)
_ENDING: Final = (
    "stop|cancel|pause|skip|resume|repeat|call|answer|clear|delete|snooze|lock|remove|close|shut|forget"
)
_SHIFTING: Final = (
    "add|bring|change|dim|give|invite|lower|move|postpone|put|raise|report|send|set|show|switch|take|turn"
)
_ASIDE: Final = "up|down|on|off|out|back|away|over|along|through"
_OF_SOMETHING: Final = (
    "name|capital|speed|price|temperature|rest|end|beginning|size|cost|volume|number|pressure|level|middle|"
    "date|author|meaning|population|height"
)
_BEING: Final = (
    r"(?:on|off|in|out|over|here|there|open|closed|locked|ready|free|still|late|full|empty|done|gone|back|home|busy|"
    r"broken|clean|dirty|safe|hot|cold|up|down|available|true|correct|\w+ing|\w+ed)$"
)
"""What something may be, when it is asked whether it is."""
_SAID_ALONE: Final = (
    "yes|yeah|no|nope|okay|ok|thanks|thank|you|please|stop|next|pause|skip|help|hello|hi|hey|good|morning|"
    "evening|afternoon|night|bye|goodbye|cancel|never|mind|forget|it|that|done|resume|again|repeat|go|on|not|"
    "now|so|very|much|a|lot|snooze|louder|quieter|sorry|right|sure|of|course|there|back|up|see|later|fine|all|"
    "be|will|is|enough|volume|down|mute|both|welcome|why|what|happened"
)
_NAMED: Final = re.compile(
    rf"(?P<formula>(?:(?:{_SAID_ALONE})(?: |$))+$)|(?P<asking>(?:{ASKING}|how's) |(?:{ASKING})$)|"
    r"(?P<telling>(?:i|we|he|she|it|they|there|that|this|every(?:thing|body|one)|(?:it|that|there)'s|i'm|"
    r"(?:we|they)'re|(?:i|we)'ll)(?: |$))|(?P<choosing>(?!let's|don't)(?:"
    + _HELPING
    + rf") )|(?P<part>(?:{_NAMING}) )"
)
"""What kind of sentence it begins as, the first that fits; anything else is a command."""
_KINDS: Final = ("asking", "choosing", "telling", "part")
_TRAITS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "answers": r"(?:yes|yeah|no|nope|okay) ",
        "is polite at its end": r".+ (?:please|thanks)$",
        "is one word": r"\S+$",
        "is two words": r"\S+ \S+$",
        "ends with a preposition": r"(?!(?:what|which|who|where|is|are|was)\b.* \w+.* "
        r"(?:in|of|from|for|about|at|over|like|with)$)"
        rf".*\b(?:{_PLACING})$(?<!on)(?<!off)(?<!come in)(?<!go in)",
        "ends with a transitive verb": rf"(?!(?:what|which|who)\b.* ).*\b(?:{_TRANSITIVE})$",
        "ends with something like a capital": rf".*\b(?:{_OF_SOMETHING})$",
        "asks of one that is known": rf"(?:{ASKING})(?: old| late)? (?:is|are|am|was|were) "
        r"(?:you|that|this|we|they|he|she|things|everybody|everyone|everything|(?<=late is )it)$",
        "asks who did": rf"(?:who|what) (?!(?:{_HELPING}) )\w+(?: \S+)*$",
        "the most of its kind": r"(?:who|what|which|where|when|how)\b.* "
        r"(?:best|worst|only|right|first|\w+est) \w+$",
        "asks whether something is": r"(?:is|are|was|were|when was|when were) "
        rf"(?:(?:{_NAMING}) \w+(?: (?!{_BEING})\w+)?|there|it|anybody|anyone|everyone|anything)$",
        "plans": r"(?:let's|i|we|i'll|we'll)\b.*\b"
        r"(?:to|should|must|would like|want|could|can|let's|i'll|we'll) \w+",
        "ends in a manner": r".*\b(?:again|upstairs|downstairs|outside|home|here|there|first|too|instead|"
        "back|everywhere|ready|done|finished|open|empty|full|closed)$",
    }.items()
}
_BOUND_TRAITS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "is placed": rf"\w.* (?:{_PLACING}) (?:.* )?(?!(?:{_PLACING}|{_NAMING})$)\S+$",
        "is timed": rf".*\b(?:(?:{_WHEN})|(?:after|at|by|every|for|in|on the|past|to|until) "
        rf"(?:(?:about|an?|the|half|quarter|past|to) )*(?:{_COUNTING})(?: (?:{_COUNTING}|a m|p m))*)$",
        "has a clause": r".+ (?:that|if|whether|wh\w+|how|because|and|before) \w+ .+$",
    }.items()
}
"""What says when, where or more."""
_OPEN_TRAITS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "names something new": r".*\b(?:an?|some|any|something|anything|more|another|half|\w+ing)"
        r"(?: \w+){0,2}$",
        "reminds of no time": r"(?:remind|wake|don't let|don't forget)\b.+",
        "ends what is known": rf"(?:{_ENDING}) .+",
        "shifts without a whither": rf"(?!.*\b(?:{_ASIDE})\b)(?:{_SHIFTING}) .+",
    }.items()
}
"""These are told of words that say nothing of the kind."""


def traits(text: str, now: datetime) -> Mapping[str, float]:
    """Every trait by its name: 1 or 0, and the number of words and its logarithm.

    Of words that lack what their grammar asks for nothing else counts.
    """
    words = " ".join(_MARKS.sub(" ", text.lower()).split())
    first = _FIRST_WORDS.match(words)
    core = words[first.end() :] if first else words
    told = {"leads on": leads_on(core), "may go on": may_go_on(core)} | _grammar(core)
    intent = understand(text, now, _ANYWHERE)
    lacks_something = _lacks_something(intent)
    told |= {
        "lacks something": lacks_something,
        "can be done at its time": isinstance(intent, CreateReminder | CreateEvent) and not lacks_something,
        "asks, and takes nothing": told["asking"] and isinstance(intent, Plain | Greet | AskDate),
    }
    if told["leads on"]:
        return {name: float(name == "leads on") for name in told}
    return {name: float(value) for name, value in told.items()}


def _grammar(core: str) -> dict[str, float]:
    """What words are by themselves, without what may stand before any request."""
    found = _NAMED.match(core)
    kind = (found.lastgroup if found else None) or "command"
    count = len(core.split())
    told: dict[str, float] = {name: bool(pattern.match(core)) for name, pattern in _TRAITS.items()}
    told |= {name: bool(pattern.match(core)) for name, pattern in _BOUND_TRAITS.items()}
    is_open = not any(told[name] for name in _BOUND_TRAITS)
    told |= {name: is_open and bool(pattern.match(core)) for name, pattern in _OPEN_TRAITS.items()}
    told |= {f"{name}, words": math.log(max(1, count)) * (kind == name) for name in _KINDS}
    return told | {
        "is a formula": kind == "formula",
        "asking": kind == "asking",
        "asking, open": kind == "asking" and is_open,
        "command": kind == "command",
        "command, open": kind == "command" and is_open,
        "words": math.log(max(1, count)),
        "words, straight": count,
    }


def likely_all(text: str, now: datetime) -> float:
    """How likely a text is all that will be said, as log-odds, by the text alone."""
    return CONSTANT + sum(WEIGHTS[name] * value for name, value in traits(text, now).items() if value)


def _lacks_something(intent: Intent) -> bool:
    """Whether something is missing, or often follows: what do I have ... tomorrow?"""
    match intent:
        case AskAgenda(period=None) | AskReminders(period=None) | Repeat(title=None):
            return True
        case _:
            return open_wish(intent) is not None
