"""What the database cannot take never reaches it, and what it refuses is not told to the log."""

import pytest
import sqlalchemy as sa

from learnpeace.lib.db import db


@pytest.mark.parametrize("address", ["/courses/%00", "/attempts/%00/1", "/courses/%00/certificate"])
def test_an_address_with_a_null_is_nowhere(make, browse, address):
    assert browse(make.user("Ana")).get(address).status_code == 404


def test_an_error_of_the_database_does_not_repeat_what_somebody_wrote(app):
    with app.app_context(), pytest.raises(sa.exc.SQLAlchemyError) as caught:
        db.session.execute(sa.text("INSERT INTO nowhere VALUES (:words)"), {"words": "my secret"})

    assert "my secret" not in str(caught.value)
