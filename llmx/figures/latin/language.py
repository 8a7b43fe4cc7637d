"""Which language a text is in, by its most frequent words."""

from __future__ import annotations

from collections import Counter

LANGUAGES: dict[str, tuple[str, str]] = {
    # language: words that no other language of the table has among its own · an example
    "en": (
        "the of and to was were with by from is are this that which it its their has have been would will",
        "Output was up by 3% and is set to grow.",
    ),
    "de": (
        "der die das und ist wurde wurden mit von für auf den dem des ein eine im zum zur auch nicht werden stiegen betrug beträgt es kostet millionen milliarden mio mrd prozent",
        "Die Ausgaben stiegen auf 3,5 Mio. Euro.",
    ),
    "fr": (
        "le la de en les des du et est été une dans pour par sur avec au aux qui que cette ces ont sont milliards",
        "Le budget est de 3,5 millions d'euros.",
    ),
    "es": (
        "el la de en los las del y fue una en para por con al que esta estos han son se lo millones",
        "El gasto fue de 3,5 millones de euros.",
    ),
    "it": (
        "il la gli della delle dei e è stato una nel per con che alla sono di milioni miliardi",
        "Il costo della rete è di 3,5 milioni.",
    ),
    "pt": (
        "o os de das dos e foi uma no na para por com ao que são não em milhões",
        "O custo foi de 3,5 milhões no ano.",
    ),
    "nl": (
        "het een en is werd van voor met op de dat zijn niet ook naar bij miljoen miljard",
        "Het budget is 3,5 miljoen voor de stad.",
    ),
}
"""The languages that are told apart, each with frequent words and a sentence that they decide."""

_WORDS = {
    word: frozenset(language for language, (words, _) in LANGUAGES.items() if word in words.split())
    for words, _ in LANGUAGES.values()
    for word in words.split()
}


def language_of(words: Counter[str]) -> str:
    """The language that most of a text's frequent words belong to; English where none does.

    Args:
        words: its words in lower case, counted. A word that several languages share counts for each a part.
    """
    scores: Counter[str] = Counter()
    for word, languages in _WORDS.items():
        if count := words.get(word):
            for language in languages:
                scores[language] += 12 * count // len(languages)  # a count in whole parts: no rounding
    return max(LANGUAGES, key=lambda language: scores[language])
