"""Values in words, in each language."""

import pytest

from learnpeace.lib.languages import speaking
from learnpeace.lib.words import duration

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("minutes", "english", "spanish", "arabic"),
    [
        (1, "1 minute", "1 minuto", "دقيقة واحدة"),
        (2, "2 minutes", "2 minutos", "دقيقتان"),
        (30, "30 minutes", "30 minutos", "30 دقيقة"),
        (45, "45 minutes", "45 minutos", "45 دقيقة"),
        (60, "1 hour", "1 hora", "ساعة واحدة"),
        (61, "1 hour 1 minute", "1 hora y 1 minuto", "ساعة واحدة ودقيقة واحدة"),
        (90, "1 hour 30 minutes", "1 hora y 30 minutos", "ساعة واحدة و30 دقيقة"),
        (120, "2 hours", "2 horas", "ساعتان"),
        (185, "3 hours 5 minutes", "3 horas y 5 minutos", "3 ساعات و5 دقائق"),
        (660, "11 hours", "11 horas", "11 ساعة"),
        (6030, "100 hours 30 minutes", "100 horas y 30 minutos", "100 ساعة و30 دقيقة"),
        (0, "0 minutes", "0 minutos", "0 دقيقة"),
    ],
)
def test_a_time_is_told_in_hours_and_minutes(app, minutes, english, spanish, arabic):
    with app.test_request_context():
        for code, words in (("en", english), ("es", spanish), ("ar", arabic)):
            with speaking(code):
                assert duration(minutes) == words


def test_a_language_without_words_of_its_own_tells_a_time_in_english(app):
    with app.test_request_context(), speaking("fr"):
        assert duration(90) == "1 hour 30 minutes"
