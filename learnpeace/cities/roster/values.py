"""What is written in the cells for language, sector and age, in any of our languages. Pure."""

import re
import unicodedata
from collections.abc import Callable

from babel import Locale

from learnpeace.accounts.guardians.rules import GROWN, TO_17, UNDER_16
from learnpeace.lib.languages import NAMES

Test = Callable[[str], bool]
OLDEST = 120

_SECTORS = {
    "wellness": "wellness health hospital bienestar salud الصحة العافية صحة الرفاه",
    "academic": "academic education school university academico educacion escuela "
    "colegio universidad docente docentes "
    "الاكاديمي التعليم تعليم الجامعة المدرسة",
    "security": "security police seguridad policia الامن امن الشرطة",
    "commerce": "commerce business trade market mercado comercio empresa empresas negocios "
    "التجارة تجارة الاعمال",
    "arts": "arts art culture artes arte cultura الفنون فنون الفن الثقافة",
    "recreation": "recreation sport sports leisure recreacion deporte deportes ocio "
    "الرياضة رياضة الترفيه",
    "service": "service services servicio servicios الخدمات الخدمة خدمات",
    "faith-based": "faith-based faith religion religious church mosque temple fe religioso "
    "religiosa iglesia parroquia mezquita templo "
    "الدين الديني ديني الايمان",
    "environmental": "environmental environment ecology ambiental medioambiente ambiente ecologia "
    "البيئة البيئي بيئة",
    "civic": "civic government council civico civica gobierno municipio alcaldia "
    "ayuntamiento ciudadania "
    "المدني الحكومة مدني البلدية",
}
_GROWN_WORDS = "adult adults grown adulto adulta adultos mayor بالغ بالغه راشد كبير"
_SUMS = frozenset({"total", "totals", "subtotal", "totales", "المجموع", "الاجمالي"})
_ARABIC = str.maketrans("ىةۀکی", "يههكي")
_NUMBERS = re.compile(r"\d+")
_UNDER = re.compile(
    r"^(<|under|below|younger than|less than|menor|menores|menos de|اقل من|تحت|دون)"
)


def folded(text: str) -> str:
    """Return a word as it is compared: no accents, no signs, small letters, one spelling."""
    plain = unicodedata.normalize("NFKD", text[:200].casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c) and c != "\u0640")
    kept = "".join(c if c.isalnum() else " " for c in bare.translate(_ARABIC))
    return " ".join(kept.split())


def language_of(text: str) -> str | None:
    """Return the code of a language of the interface: `es`, `Spanish`, `Español`, `الإسبانية`."""
    return _LANGUAGES.get(folded(text.replace("_", "-").split("-")[0]))


def sector_of(text: str) -> str | None:
    """Return which of the ten sectors is meant."""
    return _SECTOR_WORDS.get(folded(text))


def is_sum(name: str) -> bool:
    """Say whether a name is the word under a list, where a spreadsheet counts its rows."""
    return folded(name) in _SUMS


def age_of(text: str) -> str | None:
    """Return the age band of `15`, `under 16`, `16–17`, `18+` or `adult`; None for no age."""
    plain = folded(text)
    if plain in _GROWN:
        return GROWN
    numbers = [int(digits) for digits in _NUMBERS.findall(plain)[:3]]
    if not numbers or max(numbers) > OLDEST or len(plain) > 40:
        return None
    low = text.strip().casefold()
    if _UNDER.match(low) or _UNDER.match(plain):
        return UNDER_16 if numbers[0] <= 16 else TO_17 if numbers[0] <= 18 else None
    youngest = numbers[0]
    return UNDER_16 if youngest < 16 else TO_17 if youngest < 18 else GROWN


def _language_words() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, own in NAMES.items():
        names = [Locale.parse(code).get_display_name(teller) or "" for teller in NAMES]
        english = Locale.parse(code).get_display_name("en") or ""
        for word in (code, own, english, own.removeprefix("ال"), *names):
            found[folded(word)] = code
    return found | {"ingles": "en", "castellano": "es", "arabe": "ar", "arab": "ar", "eng": "en",
                    "spa": "es", "esp": "es", "ara": "ar"}  # fmt: skip


_LANGUAGES = _language_words()
_SECTOR_WORDS = {
    folded(word): key for key, words in _SECTORS.items() for word in (key, *words.split())
}
_GROWN = frozenset(folded(word) for word in _GROWN_WORDS.split())
