"""Whether words break off before what they need, told by their grammar alone.

It is asked of words that make no sense to the hub, at a pause: is something still to come that every
speaker of English would wait for? What may follow but need not is left to how the voice sounds.
"""

import re
from typing import Final

_LEADING_ON: Final = frozenset(
    """
    a about add an and at because before but by can could every for from i in into it's mark my of or our
    remind schedule set so some tell the then this to um uh until what when which who will with would your
    """.split()  # noqa: SIM905 - a list of forty words is a page
)
"""Words that hardly ever are the last of a request."""
HELPING: Final = "am|are|did|do|does|had|has|have|is|should|was|were"
_SUBJECT: Final = "i|you|he|she|it|we|they|there|this|that|anybody|anyone|somebody|someone"
ASKING: Final = "what|what's|who|who's|which|where|when|why|how|whose"
_SOMEBODY: Final = r"everybody|everyone|all|us|him|her|them|mum|mom|dad|(?:my|our|the|his|her|your) \w+"
_POLITE: Final = r"(?:please |can you |could you |would you |will you )*"
_NAMED: Final = r"(?:the|a|an|my|our|your|his|her) \w+"
_UNFINISHED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_POLITE}(?:remind|tell|ask|inform|warn|let|say to|announce to) (?:{_SOMEBODY})$",
        rf"{_POLITE}(?:tell|ask|inform|warn|let) (?:{_SOMEBODY}|\w+) in (?:the )?\w+(?: \w+)?$",
        r".*\b(?:remind|tell|give|show|bring|find|get|send|read|let|fetch|ask) me$",
        r"(?!(?:turn|switch|leave|put|keep|is|are|was)\b|(?:\w+ )*(?:lights?|lamps?|everything|all) on$)"
        r".*\bon$",
        rf"{_POLITE}(?:mark|put|move|change|shift|rename|reschedule|postpone|push)\b"
        r"(?!.* (?:as|at|by|done|down|finished|for|from|in|into|off|on|out|to|until|up)\b) .+$",
        rf"(?!(?:{ASKING})\b).*\b(?<!don't )(?<!let me )"
        r"(?:know|want|need|got|wonder|wondering|would like|find out)$",
        r"(?:how many|how much|which|whose|what kind of|what sort of)(?: \w+)?$",
        rf"(?!.*\b(?:{_SUBJECT}) \w+$).*\b(?:{HELPING})$",
        r"(?!.*\b(?:about|after|cancel|delete|do|forget|hear|is|like|of|repeat|stop|was|with) that$).* that$",
        rf"(?:please|{HELPING}|can|could|will|would|may|shall)(?: (?:{_SUBJECT}))?$",
        rf"(?:{ASKING}) (?:can|could|did|do|does|have|has|should|will|would) (?:{_SUBJECT})$",
        rf"(?:(?:{ASKING})(?: \w+)? )?(?:can|could|did|do|does|should|will|would) (?:{_NAMED}|{_SUBJECT})$",
    )
)
_BARE_HOUR: Final = re.compile(
    r"(?!.*\b(?:today|tonight|tomorrow|morning|afternoon|evening|night|noon|every|daily|week|weekend|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b)"
    r".*\b(?:at|for) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})$"
)
_ONE_OF_MANY: Final = re.compile(
    rf"{_POLITE}(?:cancel|delete|remove|drop) (?:the|my|our) (?:appointment|meeting|event|call|visit|date)$"
)


def leads_on(words: str) -> bool:
    """Whether words (lower case, without marks at the end) lack what their grammar asks for."""
    last = words.rpartition(" ")[2]
    return last in _LEADING_ON or any(pattern.match(words) for pattern in _UNFINISHED)


def may_go_on(words: str) -> bool:
    """Whether words that can be done as they are leave open which: an hour of no day, one of many."""
    return bool(_BARE_HOUR.match(words) or _ONE_OF_MANY.match(words))
