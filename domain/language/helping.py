"""What the assistant says about itself, made from the descriptions of what it understands."""

from domain.language.descriptions import descriptions
from domain.language.speaking import listed_out


def help_sentences() -> tuple[str, ...]:
    """What the assistant can do, in two or three sentences with examples."""
    useful = [each for each in descriptions() if each.does]
    abilities = listed_out([each.does for each in useful])
    examples = listed_out([f"“{each.example}”" for each in useful[:3]], "or")
    return f"I can {abilities}.", f"Say, for example, {examples}."


def example() -> str:
    """One thing to say, for whoever was not understood."""
    return descriptions()[0].example
