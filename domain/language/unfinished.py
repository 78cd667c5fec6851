"""Whether words break off before what they need, told by their grammar alone.

It is asked of words at a pause: is something still to come that every speaker of English would wait for? What
may follow but need not is left to other traits, and to how the voice sounds.
"""

import re
from typing import Final

HESITATING: Final = "um|uh|er|erm|uhm|hmm|mm"
"""Sounds that keep the floor."""
HELPING: Final = "am|are|did|do|does|had|has|have|is|should|was|were"
ASKING: Final = "what|what's|who|who's|which|where|when|why|how|whose"
_SUBJECT: Final = "i|you|he|she|it|we|they|there|this|that|anybody|anyone|somebody|someone"
_SOMEBODY: Final = (
    r"everybody|everyone|all|us|him|her|them|mum|mom|dad|\w+'s \w+|(?:my|our|the|his|her|your|their) \w+"
)
_POLITE: Final = r"(?:please |can you |could you |would you |will you )*"
_NAMED: Final = r"(?:the|a|an|my|our|your|his|her|their) \w+"
_NUMBERED: Final = (
    "batch|bay|channel|chapter|conveyor|line|lot|machine|number|order|platform|room|station|unit|ward"
)
"""These bear a number where nothing else says which."""
_LEADING_ON: Final = frozenset(
    """
    a an and any because but cause could every for from he'll he's her his i i'd i'll i'm i've if into it's
    its let's mark my nor of onto or our schedule she'll than that'll the their there's these they'll they're
    to unless until very we'll we're we've what when where whether which while who who's whose will with would
    you'll you're your
    """.split()  # noqa: SIM905 - a list of sixty words is a page
)
"""Words that hardly ever are the last of a request."""
_STRANDED: Final = re.compile(
    r"(?:\S+ )?(?:(?:what|who|which|where)\b.* (?:about|for|from|like|with|(?:made|think|thinking|remind me) "
    r"of|listening to|talking to|belong to)|(?:what|which) .*(?:in|on))$"
)
"""A question may end with the preposition of what it asks for: what is it for?"""
_PARTICLE: Final = re.compile(
    r"(?:.*\b(?:comes?|coming|carry|drop|fill|get|go|goes|hang|hold|keep|leave|left|let|log|move|put|stay|"
    r"switch\w*|turn\w*)\b(?: (?!the following)\S+){0,4}|(?:is|are|was|were)(?: (?!there\b)\S+){1,3}|"
    r"(?:\S+ )*(?:lights?|lamps?|heating|everything|music|radio|it|\w+'s|all))"
    r"(?<! up)(?<! down)(?<! out) (?:in|on|over|by)$"
)
"""It may belong to a verb: turn it on, is dad in?"""
_UNFINISHED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:.* )?(?:{HESITATING}|let me see|let's see|you know|i mean)$",
        rf"{_POLITE}(?:remind|tell|ask|inform|warn|let|say to|announce to) (?:{_SOMEBODY})$",
        rf"{_POLITE}(?:tell|ask|inform|warn|text|message) \w+$",
        rf"{_POLITE}(?:write|reply|say) to (?:{_SOMEBODY}|\w+)$",
        r"(?!(?:what|which|who|where)\b)(?:.* )?(?:turn|switch|put|shut) (?:on|off)$",
        rf"{_POLITE}(?:tell|ask|inform|warn|let) (?:{_SOMEBODY}|\w+) in (?:the )?\w+(?: \w+)?$",
        r".*\b(?<!so )(?<!and )(?:remind|tell|give|show|bring|find|get|send|read|let|fetch|ask) me$",
        rf"{_POLITE}(?:remind|set)$",
        rf"{_POLITE}(?:mark|put|move|change|shift|rename|reschedule|postpone|push)\b"
        r"(?!.* (?:as|at|by|done|down|finished|for|from|back|in|into|off|on|out|to|until|up)\b) .+$",
        rf"(?!(?:{ASKING})\b).*\b(?<!don't )(?<!let me )"
        r"(?:know|wants?|needs?|got|wonder|wondering|would like|find out)$",
        r"(?:how many|how much|which|whose|what kind of|what sort of)(?: \w+)?$",
        rf"(?!.*\b(?:{_SUBJECT}|to) \w+$|.* (?:might|may|will|can|to) be$|"
        rf".+ (?:{ASKING}) {_NAMED} \w+$).*\b(?:{HELPING}|be|been|being)$",
        r"(?!.*\b(?:about|after|cancel|delete|do|forget|hear|is|like|of|repeat|stop|was|with) that$).* that$",
        rf"(?:please|{HELPING}|can|could|will|would|may|shall)(?: (?:{_SUBJECT}))?$",
        rf"(?:{ASKING}) (?:can|could|did|do|does|have|has|should|will|would) (?:{_SUBJECT})$",
        rf"(?:(?:{ASKING})(?: \w+)? )?(?:can|could|did|do|does|should|will|would) (?:{_NAMED}|{_SUBJECT})$",
        rf"(?!(?:\S+ )?(?:{ASKING})\b).*\b(?<!it )(?<!i )(?<!he )"
        r"(?:say|saying|says|said|called|named|explain|between|during|without)$",
        r".*(?<!do|am|is)(?<!are|was|did|has|had|can)(?<!does|were|have|will) (?:he|she|they|we)$",
        rf".* (?:at|by|for|from|in|on|to) (?:{_NUMBERED})$",
        rf".* (?:that|whether|if|because|saying|when|why|how) (?:{_NAMED}|(?:{_SUBJECT}))$",
    )
)
_PREPOSITIONS: Final = ("in", "on", "at", "over", "as", "by", "about")
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
    if _STRANDED.match(words):
        return False
    if last in _PREPOSITIONS and not _PARTICLE.match(words):
        return True
    return last in _LEADING_ON or any(pattern.match(words) for pattern in _UNFINISHED)


def may_go_on(words: str) -> bool:
    """Whether words that can be done as they are leave open which: an hour of no day, one of many."""
    return bool(_BARE_HOUR.match(words) or _ONE_OF_MANY.match(words))
