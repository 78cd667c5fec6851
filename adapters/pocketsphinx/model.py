"""The recogniser's language model: what people ask of the hub, mixed with general English.

It is made once, out of sentences that the descriptions of the intents generate and the model of general
English in the wheel, and kept in the cache folder under a key of everything that it is made of.
"""

import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Final

from attrs import frozen

import domain.language

SLOTS: Final = tuple(f"~{number:02}" for number in range(1, 49))
"""Places that the model keeps for words of a network that no dictionary knows."""

SENTENCES: Final = 60_000
WITH_SLOTS: Final = 0.15
GENERAL_WORDS: Final = 16_000
SHARE_OF_REQUESTS: Final = 0.7
GAIN: Final = 1e-6
SEED: Final = 2
SPELT_OF: Final = 8

_MAKERS: Final = ("arpa.py", "backoff.py", "bundle.py", "english.py", "model.py", "spelling.py")
_DICTIONARY: Final = "words.dict"
_SPELLING: Final = "letters.json"
_LANGUAGE: Final = "requests.lm.bin"
_ABOUT: Final = "about.json"

Report = Callable[[str], None]


@frozen(kw_only=True)
class SpeechModel:
    """A model in its folder; spellings_at is where in the language model the list of words begins."""

    folder: Path
    spellings_at: int

    @property
    def dictionary(self) -> Path:
        """The words and their sounds."""
        return self.folder / _DICTIONARY

    @property
    def language(self) -> Path:
        """The trigram model, in pocketsphinx's binary form."""
        return self.folder / _LANGUAGE

    @property
    def spelling(self) -> Path:
        """The rules for how unknown words are said."""
        return self.folder / _SPELLING

    @classmethod
    def at(cls, folder: Path) -> "SpeechModel | None":
        """The model in a folder, if there is one."""
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return cls(folder=folder, spellings_at=about["spellings_at"])


def built(cache: Path) -> SpeechModel | None:
    """The model of this version of the intents, if it has been made."""
    return SpeechModel.at(cache / f"speech-{_key()}")


def build(cache: Path, report: Report = lambda _: None) -> SpeechModel:
    """Make the model, unless it is there; when several processes want it, one makes it and the others wait.

    It takes some seconds, and appears in the cache folder whole or not at all.
    """
    if model := built(cache):
        return model
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / "speech.lock"):
        if model := built(cache):
            return model
        workshop = Path(tempfile.mkdtemp(prefix="speech-", suffix=".part", dir=cache))
        try:
            _make(workshop, report)
            workshop.rename(cache / f"speech-{_key()}")
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
    model = built(cache)
    if model is None:
        raise FileNotFoundError(cache)
    return model


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock that the kernel lets go when the process ends."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _key() -> str:
    """A short hash of all that goes into the model: the intents, these modules, and what the wheel brings."""
    digest = hashlib.sha256(version("pocketsphinx").encode())
    ours = [Path(__file__).with_name(name) for name in _MAKERS]
    for folder in domain.language.__path__:
        ours += sorted(Path(folder).glob("*.py"))
    for file in ours:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _make(folder: Path, report: Report) -> None:
    from adapters.pocketsphinx import arpa, bundle
    from adapters.pocketsphinx.backoff import END, START, counted, mixed, pruned
    from adapters.pocketsphinx.english import read_general
    from adapters.pocketsphinx.spelling import learn

    report("reading the model of general English")
    english = read_general(bundle.general_english())
    spoken = frozenset(word for word, _, _ in bundle.pronunciations())
    report(f"making {SENTENCES} sentences out of the intents")
    said = tuple(_sentences())
    wanted = {word for sentence in said for word in sentence.split()}
    usual = [word for word in english.by_use() if word in spoken][:GENERAL_WORDS]
    words = sorted({START, END, *SLOTS, *usual, *(wanted & spoken)})
    report(f"mixing a model of {len(words)} words")
    general = pruned(english.about(words), GAIN)
    numbers = {word: number for number, word in enumerate(words)}
    model = mixed(counted(said, numbers, general), general, SHARE_OF_REQUESTS)
    report("writing it")
    _write_dictionary(folder / _DICTIONARY, numbers)
    report("learning to spell")
    learn(_spelt_words()).write(folder / _SPELLING)
    spellings_at = arpa.write_binary(model, folder / _LANGUAGE)
    (folder / _ABOUT).write_text(json.dumps({"spellings_at": spellings_at}), encoding="utf-8")


def _sentences() -> Iterator[str]:
    """The training sentences: the most without names, and some with places for them."""
    from domain.language.everyday import NOUNS, Phrases
    from domain.language.sampling import sentences

    random = Random(SEED)  # noqa: S311 - sentences are no secrets
    with_slots = round(SENTENCES * WITH_SLOTS)
    yield from sentences(random, SENTENCES - with_slots)
    open_nouns = (*NOUNS, *SLOTS)
    yield from sentences(random, with_slots, names=SLOTS, phrases=Phrases(nouns=open_nouns))


def _spelt_words() -> list[tuple[str, tuple[str, ...]]]:
    """Every so manieth word of the dictionary with its sounds."""
    from adapters.pocketsphinx import bundle

    words = [
        (word, tuple(sounds.split()))
        for word, name, sounds in bundle.pronunciations()
        if word == name and word.isalpha()
    ]
    return words[::SPELT_OF]


def _write_dictionary(path: Path, words: Mapping[str, int]) -> None:
    from adapters.pocketsphinx import bundle

    with path.open("w", encoding="utf-8") as file:
        for word, name, sounds in bundle.pronunciations():
            if word in words:
                file.write(f"{name} {sounds}\n")


def main(arguments: Sequence[str]) -> None:
    """Build the model into the folder that is named."""
    folder = Path(arguments[0] if arguments else os.environ.get("MIRA_CACHE_DIR", ".cache"))
    build(folder, _show)


def _show(step: str) -> None:
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
