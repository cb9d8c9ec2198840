"""Keeping the page of a certificate, once and for all. The caller commits."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import cast

import sqlalchemy as sa

from learnpeace.certificates.keeping.composing import Composed
from learnpeace.certificates.models import Certificate, CertificateSheet
from learnpeace.certificates.printing import print_sheet
from learnpeace.lib.db import db


def keep_sheet(at: datetime) -> None:
    """Keep the style sheet of today, unless it is kept (1 or 2 queries)."""
    sheet = print_sheet.sheet()
    if db.session.get(CertificateSheet, sheet.fingerprint) is not None:
        return
    row = CertificateSheet(fingerprint=sheet.fingerprint, css=sheet.css, made_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except sa.exc.IntegrityError:  # another worker has kept it at this moment
        return


def keep_pages(pages: Iterable[tuple[Composed, bytes]]) -> None:
    """Keep pages that were made, each with its hash, unless one is kept (1 query)."""
    values = [
        {
            "own": page.id,
            "html": page.html,
            "template": page.template,
            "renderer": print_sheet.RENDERER,
            "pdf": pdf,
            "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
        }
        for page, pdf in pages
    ]
    if not values:
        return
    table = cast("sa.Table", Certificate.__table__)
    names = ("html", "template", "renderer", "pdf", "pdf_sha256")
    kept = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("own"), table.c.pdf.is_(None))
        .values({name: sa.bindparam(name) for name in names})
    )
    db.session.connection().execute(kept, values)
