"""Letters: one that cannot be made stops no other."""

from learnpeace.lib import mail
from learnpeace.lib.db import db
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
