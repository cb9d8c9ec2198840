"""Letters: one that cannot be made stops no other."""

from datetime import timedelta

import pytest

from learnpeace.accounts.models import ServerSession
from learnpeace.lib import mail
from learnpeace.lib.db import db
from learnpeace.lib.throttle import ThrottleCount
from learnpeace.server import tidy
from tests.conftest import NOON


def test_an_address_that_no_letter_can_carry_does_not_stop_the_post(app):
    with app.app_context():
        mail.write("=?utf-8?b?w4pdva==?=@x.org", "One", "Text.\n", key="one", at=NOON)
        mail.write("ana@example.org", "Two", "Text.\n", key="two", at=NOON)
        db.session.commit()

        assert mail.deliver_due(app.config["SETTINGS"], at=NOON) == 1
        first, second = db.session.query(mail.Letter).order_by(mail.Letter.id)
        assert first.sent_at is None
        assert first.error.startswith("UnicodeEncodeError")
        assert second.sent_at is not None


def test_without_a_mail_server_a_letter_becomes_a_file(app, settings):
    with app.app_context():
        mail.write("ana@example.org", "Welcome", "Grüße aus Kisumu.\n", key="one", at=NOON)
        db.session.commit()
        mail.deliver_due(settings, at=NOON)

    assert "To: ana@example.org" in (settings.data_dir / "letters" / "000001.eml").read_text()


def test_a_line_break_in_an_address_is_refused(app):
    with app.app_context(), pytest.raises(ValueError, match="one line each"):
        mail.write("ana@example.org\r\nBcc: all@example.org", "One", "Text.", key="x", at=NOON)


def test_what_is_over_is_thrown_away(app, make, browse):
    ana = make.user("Ana")
    browse(None).get("/join/NOPE")
    with app.app_context():
        db.session.add(
            ServerSession(
                user_id=ana.id, token_hash="0" * 64, device="", created_at=NOON, ends_at=NOON
            )
        )
        db.session.commit()
        tidy(NOON + timedelta(days=365 * 3))
        db.session.commit()

        assert db.session.query(ServerSession).count() == 0
        assert db.session.query(ThrottleCount).count() == 0


def test_letters_are_thrown_away_after_half_a_year(app):
    with app.app_context():
        for days in (0, 30, 179):
            key, at = str(days), NOON + timedelta(days=days)
            mail.write("ana@example.org", "One", "Text.", key=key, at=at)
        db.session.commit()
        tidy(NOON + timedelta(days=200))
        db.session.commit()

        assert [letter.key for letter in db.session.query(mail.Letter)] == ["30", "179"]
