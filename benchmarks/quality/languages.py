"""Which language a short text is in, from its script and its commonest small words: good enough to report languages apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

_WORDS = {
    "en": "the of and to in is you that it for on with as are this be your have not from or an will can what how my me",
    "de": "der die das und ist nicht ich sie du mit ein eine einen auf zu den von wie für was dem im sind wird es auch alle",
    "fr": "le la les des et est pas vous je dans que une pour sur avec du au ce qui votre nous sont vos cette plus",
    "es": "el los las que una por con para es del se su como más pero esto esta todas usted al lo ha sus y",
    "it": "il lo gli che di non per una sono con del della come questo più tutte le istruzioni è dei alla nel",
    "pt": "os as que não uma para com por seu sua você do da em mais como isso todas são ao dos das",
    "nl": "het een van niet ik je met voor dat zijn op aan ook maar alle deze wat naar bij worden",
    "pl": "nie się na jest że do jak ale co to po czy dla wszystkie przez twoje proszę jako",
    "sv": "och att det som en på är av för med inte den till du alla din ett har jag",
    "tr": "bir ve bu için ile olarak çok değil ne gibi tüm sen ben da daha olan",
    "id": "yang dan untuk dengan ini tidak dari anda adalah dalam pada akan semua ke saya",
    "ro": "și nu este care pentru din cu sunt pe mai toate ale acest să în dar",
    "gd": "agus air an na tha anns am bho gu nach aig deireadh facal airson mar sin chan",
    "zu": "uma ukuthi futhi kodwa yonke ngaphambi esikhundleni noma ukuze wena lokho icala",
    "sr": "je na da se ne za sa su koji kao sve što od bi nije sam ili iz",
}
SMALL_WORDS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
SCRIPTS = {"CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CYRILLIC": "ru", "ARABIC": "ar", "HEBREW": "he",
           "DEVANAGARI": "hi", "GREEK": "el", "THAI": "th", "BENGALI": "bn", "TAMIL": "ta"}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=50_000)
def language(text: str) -> str:
    """Return the ISO 639-1 code of the language most of the text is in; `en` where nothing points elsewhere."""
    head = text[:2000]
    return _by_script(head) or _by_words(_WORD.findall(head.lower()))


def _by_script(text: str) -> str:
    letters = [char for char in text if char.isalpha()]
    foreign = Counter(unicodedata.name(char, "?").split()[0] for char in letters if ord(char) > 0x2FF)
    known = Counter({script: count for script, count in foreign.items() if script in SCRIPTS})
    if not known or known.total() < 0.3 * len(letters):
        return ""
    return "ja" if known["HIRAGANA"] + known["KATAKANA"] else SCRIPTS[known.most_common(1)[0][0]]


def _by_words(words: list[str]) -> str:
    counts = {code: sum(word in small for word in words) for code, small in SMALL_WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= 2 and counts[best] > 1.3 * counts["en"] else "en"
