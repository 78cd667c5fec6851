"""What the assistant says about itself, made from the descriptions of what it understands."""

from collections.abc import Sequence

from domain.language.descriptions import Description, descriptions


def help_sentences() -> tuple[str, ...]:
    """What the assistant can do, in two or three sentences with examples."""
    useful = [each for each in descriptions() if each.does]
    abilities = listed_out([each.does for each in useful], "and")
    examples = listed_out([f"“{each.example}”" for each in useful[:3]], "or")
    return f"I can {abilities}.", f"Say, for example, {examples}."


def example() -> str:
    """One thing to say, for whoever was not understood."""
    return descriptions()[0].example


def describe(name: str) -> Description:
    """The description of that name.

    Raises:
        KeyError: there is none.
    """
    return {each.name: each for each in descriptions()}[name]


def listed_out(things: Sequence[str], last: str) -> str:
    """Things in a row as one says them: "a", "a and b", "a, b and c"."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {last} {things[-1]}"
