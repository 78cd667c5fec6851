"""What the offline assistant says to people who speak another language than English."""

from typing import Final

ENGLISH_ONLY: Final = "Without a connection to a language model I only understand English."
IN_THEIR_LANGUAGE: Final = {
    "de": "Ohne Verbindung zu einem Sprachmodell verstehe ich nur Englisch.",
    "es": "Sin conexión a un modelo de lenguaje solo entiendo inglés.",
    "fr": "Sans connexion à un modèle de langage, je ne comprends que l'anglais.",
    "it": "Senza una connessione a un modello linguistico capisco solo l'inglese.",
    "nl": "Zonder verbinding met een taalmodel begrijp ik alleen Engels.",
    "pl": "Bez połączenia z modelem językowym rozumiem tylko angielski.",
    "pt": "Sem ligação a um modelo de linguagem, só entendo inglês.",
}


def is_english(language: str) -> bool:
    """Whether a language tag such as en or en-GB means English."""
    return primary(language) == "en"


def primary(language: str) -> str:
    """The language of a tag, without its country: "de" of "de-AT"."""
    return language.strip().replace("_", "-").partition("-")[0].casefold()


def honest_sentences(language: str) -> tuple[str, ...]:
    """That only English is understood, in the person's language when it is known, and in English."""
    theirs = IN_THEIR_LANGUAGE.get(primary(language))
    return (ENGLISH_ONLY,) if theirs is None else (theirs, ENGLISH_ONLY)
