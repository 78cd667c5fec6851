"""A story that branches: scenes, each of which the listeners end with a choice."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from attrs import evolve, field, frozen

from domain.activities.choosing import LETTERS, MAX_OPTIONS, chosen
from domain.errors import InvalidValue
from domain.ids import ClientId

BEGINNING: Final = "beginning"
FEWEST_PARTS: Final = 2
MOST_PARTS: Final = 12


@frozen(kw_only=True)
class Choice:
    """One way on: how it is offered, other words for it, and the scene that it leads to."""

    text: str
    also: tuple[str, ...] = ()
    leads_to: str


@frozen(kw_only=True)
class Scene:
    """A piece of the story; one without choices is an ending."""

    text: str
    choices: tuple[Choice, ...] = field(default=())

    @choices.validator
    def _check_choices(self, _: object, choices: tuple[Choice, ...]) -> None:
        if len(choices) == 1 or len(choices) > MAX_OPTIONS:
            raise InvalidValue("choices", f"must be none or 2 to {MAX_OPTIONS}")


@frozen(kw_only=True)
class Story:
    """A branching story: every scene can be reached, every choice leads to one, and none to one before.

    One that has a number of parts is thought of while it is told: of its scenes those are there that were
    told, and its choices lead to others that nobody has thought of yet.
    """

    title: str
    theme: str
    parts: int | None = field(default=None)
    scenes: Mapping[str, Scene] = field()

    @parts.validator
    def _check_parts(self, _: object, parts: int | None) -> None:
        if parts is not None and not FEWEST_PARTS <= parts <= MOST_PARTS:
            raise InvalidValue("length", f"must be {FEWEST_PARTS} to {MOST_PARTS} parts")

    @scenes.validator
    def _check_scenes(self, _: object, scenes: Mapping[str, Scene]) -> None:
        if self.parts is not None:
            return
        if BEGINNING not in scenes:
            raise InvalidValue("scenes", f"must have one named {BEGINNING}")
        unreached = set(scenes) - _reached(scenes, BEGINNING, ())
        if unreached:
            raise InvalidValue("scenes", f"cannot be reached: {', '.join(sorted(unreached))}")

    @property
    def longest(self) -> int:
        """How many parts are told at most."""
        return self.parts or _depth(self.scenes, BEGINNING)

    def with_scene(self, name: str, scene: Scene) -> "Story":
        """The story with one more scene."""
        return evolve(self, scenes={**self.scenes, name: scene})


def _depth(scenes: Mapping[str, Scene], name: str) -> int:
    return 1 + max((_depth(scenes, choice.leads_to) for choice in scenes[name].choices), default=0)


def _reached(scenes: Mapping[str, Scene], name: str, before: tuple[str, ...]) -> set[str]:
    if name in before:
        raise InvalidValue("scenes", f"must not go round in circles: {' -> '.join((*before, name))}")
    if name not in scenes:
        raise InvalidValue("scenes", f"lead to {name}, which is not there")
    reached = {name}
    for choice in scenes[name].choices:
        reached |= _reached(scenes, choice.leads_to, (*before, name))
    return reached


@frozen(kw_only=True)
class Told:
    """A scene is told by a client, which then asks its people for a choice."""

    teller: ClientId
    text: str
    choices: tuple[str, ...]


@frozen(kw_only=True)
class ChoiceUnclear:
    """Something was said that is none of the choices."""

    client_id: ClientId
    choices: tuple[str, ...]


@frozen(kw_only=True)
class StoryOver:
    """The story has come to one of its endings."""

    scenes: int


StoryNews = Told | ChoiceUnclear | StoryOver


@frozen(kw_only=True)
class Telling:
    """A story as far as it is told, in turns: each scene by the next of the clients that are there."""

    story: Story
    tellers: tuple[ClientId, ...]
    path: tuple[str, ...] = ()
    """The scenes that were told, the present one last."""
    turn: int = 0

    @property
    def scene(self) -> Scene | None:
        """The present scene; None before the first, and where it has yet to be thought of."""
        return self.story.scenes.get(self.path[-1]) if self.path else None

    @property
    def unwritten(self) -> bool:
        """Whether somebody has to think of the present scene before it can be told."""
        return bool(self.path) and self.scene is None

    @property
    def last_part(self) -> bool:
        """Whether the present scene is the last of a story that has a number of parts."""
        return self.story.parts is not None and len(self.path) >= self.story.parts

    @property
    def so_far(self) -> tuple[tuple[str, str], ...]:
        """The scenes before the present one, each with the words of the choice that was made there."""
        told = []
        for name, following in pairwise(self.path):
            scene = self.story.scenes[name]
            made = next(choice.text for choice in scene.choices if choice.leads_to == following)
            told.append((scene.text, made))
        return tuple(told)

    @property
    def teller(self) -> ClientId | None:
        """Whose turn it is; None when nobody is left."""
        return self.tellers[self.turn % len(self.tellers)] if self.tellers else None

    @property
    def over(self) -> bool:
        """Whether an ending is reached, or nobody is left to hear one."""
        return not self.tellers or (self.scene is not None and not self.scene.choices)

    def begin(self) -> tuple["Telling", tuple[StoryNews, ...]]:
        """Tell the first scene."""
        return evolve(self, path=(BEGINNING,))._told()

    def written(self, text: str, ways_on: tuple[str, ...] = ()) -> tuple["Telling", tuple[StoryNews, ...]]:
        """Tell the present scene, now that somebody has thought of it; without ways on it is an ending."""
        part = len(self.path) + 1
        choices = tuple(
            Choice(text=way, leads_to=f"part {part}{letter}")
            for way, letter in zip(ways_on, LETTERS, strict=False)
        )
        story = self.story.with_scene(self.path[-1], Scene(text=text, choices=choices))
        return evolve(self, story=story)._told()

    def choose(self, client_id: ClientId, said: str) -> tuple["Telling", tuple[StoryNews, ...]]:
        """Go on as the one whose turn it is wishes; others are listened to when theirs comes."""
        scene = self.scene
        if scene is None or self.over or client_id != self.teller:
            return self, ()
        place = chosen(said, [(choice.text, *choice.also) for choice in scene.choices])
        if place is None:
            return self, (ChoiceUnclear(client_id=client_id, choices=_texts(scene)),)
        following = scene.choices[place].leads_to
        return evolve(self, path=(*self.path, following), turn=self.turn + 1)._told()

    def leave(self, client_id: ClientId) -> tuple["Telling", tuple[StoryNews, ...]]:
        """Go on without somebody; the scene is told again by the next one if it was theirs."""
        if client_id not in self.tellers:
            return self, ()
        theirs = client_id == self.teller
        place = self.tellers.index(client_id)
        now = self.turn % len(self.tellers)
        left = tuple(one for one in self.tellers if one != client_id)
        after = evolve(self, tellers=left, turn=(now - (place < now)) % len(left) if left else 0)
        return after._told() if theirs and left and not self.over else (after, ())

    def join(self, client_id: ClientId) -> "Telling":
        """Let somebody take turns from now on."""
        return self if client_id in self.tellers else evolve(self, tellers=(*self.tellers, client_id))

    def _told(self) -> tuple["Telling", tuple[StoryNews, ...]]:
        scene, teller = self.scene, self.teller
        if scene is None or teller is None:
            return self, ()
        told = Told(teller=teller, text=scene.text, choices=_texts(scene))
        return self, (told,) if scene.choices else (told, StoryOver(scenes=len(self.path)))


def _texts(scene: Scene) -> tuple[str, ...]:
    return tuple(choice.text for choice in scene.choices)
