"""A look that is not saved yet, as it travels in a page's address: signed, for one city."""

from dataclasses import asdict, dataclass

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from learnpeace.certificates.look import Look
from learnpeace.certificates.papers import Paper

DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a coordinator chose; the names are those of `models.CertificateLook`."""

    accent: str = ""
    emblem: str = ""
    emblem_words: str = ""
    signature: str = ""
    signer: str = ""
    signer_office: str = ""
    paper: Paper = Paper.A4_LANDSCAPE

    def look(self, country: str) -> Look:
        """Return what a page is printed with."""
        return Look(
            accent=self.accent,
            emblem=f"asset:{self.emblem}" if self.emblem else "",
            emblem_words=self.emblem_words,
            signature=f"asset:{self.signature}" if self.signature else "",
            signer=self.signer,
            office=self.signer_office,
            country=country,
        )


def packed(draft: Draft, city_id: int) -> str:
    """Return a draft as text that only this city's pages read."""
    return str(_signer(city_id).dumps(asdict(draft)))


def unpacked(text: str, city_id: int) -> Draft | None:
    """Return the draft; None for one of another city, older than a day, or not ours."""
    try:
        values = _signer(city_id).loads(text, max_age=DAY)
        return Draft(**{**values, "paper": Paper(values["paper"])})
    except (BadData, KeyError, TypeError, ValueError):
        return None


def _signer(city_id: int) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"certificate-look-{city_id}")
