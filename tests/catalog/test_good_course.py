"""A course that uses everything the format offers is read whole."""

from datetime import timedelta

import pytest

from learnpeace.catalog.model import (
    Action,
    Check,
    Keep,
    Kind,
    Meeting,
    Order,
    Reflection,
    Show,
    Shuffle,
    Text,
    TrackExample,
    Video,
)  # fmt: skip
from learnpeace.catalog.reader import read_catalog
from tests.catalog.good_course import FILES, edited, reading, write

pytestmark = pytest.mark.once


@pytest.fixture
def course(tmp_path):
    found = reading(tmp_path)
    assert found.problems == ()
    assert found.course is not None
    return found.course


def test_the_course_file_is_typed(course):
    assert (course.id, course.version, course.hours) == ("culture-of-peace", "2.3.0", 12)
    assert course.languages == ("en", "es")
    assert course.tracks == ("urban", "rural", "post-conflict", "established")
    assert course.order is Order.IN_ORDER
    assert course.complete.surveys == ("before", "after")
    assert course.complete.meetings == 1
    assert course.certificate.valid == "3 years"
    assert course.changelog.startswith("# Changes")


def test_modules_come_in_the_order_of_the_course_file(course):
    ids = [module.id for module in course.modules]
    assert ids == ["what-is-peace", "listening", "service-resilience", "our-city-plan"]
    assert course.modules[2].tracks == ("post-conflict", "urban")
    assert course.modules[3].after == "listening"
    assert [module.required for module in course.modules] == [True, True, True, False]


def test_a_module_keeps_its_settings_and_boxes_in_order(course):
    module = course.modules[1]
    assert (module.title, module.minutes) == ("Listening before speaking", 35)
    assert module.objectives == ("tell an observation from a judgement",)
    assert module.content_note == "mentions the loss of a home"
    assert module.sources == ("A/RES/53/243, Programme of Action, paragraph 9",)
    kinds = [type(block) for block in module.blocks]
    assert kinds == [Text, TrackExample, Reflection, Action, Check, Video, Meeting]
    assert [block.line for block in module.blocks] == [11, 32, 40, 44, 48, 58, 62]


def test_code_in_a_text_is_neither_box_nor_heading(course):
    assert "::: not a box, but code" in course.modules[1].blocks[0].markdown


def test_a_video_knows_its_transcript(course):
    video = course.modules[1].blocks[5]
    assert (video.url, video.minutes, video.size) == ("https://example.org/talk", 12, "48MB")
    assert video.transcript == "talk.md"
    assert video.transcript_markdown == "## The talk\n\nWords that were spoken."


def test_a_check_may_hold_a_scale(course):
    questions = course.modules[1].blocks[4].questions
    assert [question.kind for question in questions] == [Kind.ONE, Kind.SCALE]
    assert questions[0].choices[0].reason == "Calm can hide fear."


def test_a_quiz_has_its_rules_and_the_questions_of_its_banks(course):
    quiz = course.modules[1].quiz
    assert (quiz.pass_mark, quiz.tries, quiz.wait) == (70, 3, timedelta(minutes=10))
    assert (quiz.keep, quiz.show, quiz.pick) == (Keep.LAST, Show.PASSED, 8)
    assert quiz.shuffle == (Shuffle.QUESTIONS, Shuffle.CHOICES)
    assert [question.id for question in quiz.questions] == [
        "paraphrase", "signs", "steps", "kinds", "structural", "areas", "people", "length",
        "hidden", "dialogue",
    ]  # fmt: skip
    assert quiz.questions[1].all_or_nothing
    assert quiz.questions[1].choices[1].text == "saying back what you heard, in your own words"
    assert quiz.questions[2].was == "four-steps"
    assert "two-neighbours.svg" in quiz.questions[0].body


def test_a_survey_has_no_right_answers(course):
    kinds = [question.kind for question in course.survey.questions]
    assert kinds == [Kind.SCALE, Kind.ONE, Kind.SEVERAL, Kind.OPEN]
    assert course.survey.translations["es"]["place"].choices["2"].text == "en un pueblo"


def test_files_that_texts_refer_to_travel_with_the_course(course):
    assert sorted(course.assets) == [
        "banks/circle.webp", "certificate/logo.svg", "listening/leaflet.pdf", "listening/talk.mp3",
        "listening/two-neighbours.svg", "what-is-peace/well.png",
    ]  # fmt: skip
    assert course.assets["listening/two-neighbours.svg"].media_type == "image/svg+xml"


def test_a_translation_has_the_sources_boxes_and_questions(course):
    texts = course.modules[1].translations["es"]
    assert texts.title == "Escuchar antes de hablar"
    assert not texts.is_stale
    kinds = [type(block) for block in texts.blocks]
    assert kinds == [Text, TrackExample, Reflection, Action, Check, Video, Meeting]
    assert texts.blocks[3].markdown == ""  # shown in the source's language
    assert texts.blocks[5].transcript_markdown.startswith("## La charla")
    questions = [question.id for question in course.modules[1].quiz.questions]
    assert set(questions) <= set(texts.questions)


def test_a_translated_question_keeps_the_marking_of_its_source(course):
    texts = course.modules[1].translations["es"]
    calm = texts.blocks[4].questions[0]
    assert [choice.right for choice in calm.choices] == [False, True]
    assert calm.choices[1].text == "No"
    assert texts.questions["paraphrase"].choices["1"].right
    assert texts.questions["kinds"].pairs["4"].left == ""
    assert texts.questions["structural"].accepted == ("violencia estructural",)


def test_line_ends_and_a_byte_order_mark_change_nothing(tmp_path, course):
    strange = {
        file: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
        for file, text in FILES.items()
        if isinstance(text, str) and file.endswith((".md", ".yaml"))
    }
    found = reading(tmp_path / "again", strange)
    assert found.problems == ()
    assert found.course == course


def test_numbers_and_words_of_yaml_stay_words(tmp_path):
    found = reading(tmp_path, edited("course.yaml", "One sentence for the catalogue.", "no"))
    assert found.course.summary == "no"


def test_a_missing_translation_is_only_a_warning(tmp_path):
    found = reading(tmp_path, {"our-city-plan/module.es.md": None})
    assert [str(problem) for problem in found.problems] == [
        (
            "our-city-plan/module.md:1: warning T202: This is not translated yet: there is no "
            "our-city-plan/module.es.md. Learners see the source."
        )
    ]
    assert found.course.modules[3].translations == {}


def test_a_catalogue_reads_every_folder_and_names_one_without_a_course(tmp_path):
    write(tmp_path)
    (tmp_path / "notes").mkdir()
    (tmp_path / "README.md").write_text("Not a folder.")
    catalog = read_catalog(tmp_path)
    assert sorted(catalog) == ["culture-of-peace", "notes"]
    assert catalog["culture-of-peace"].course is not None
    assert str(catalog["notes"].problems[0]) == (
        "course.yaml:1: error F101: There is no course.yaml in this folder. Write one."
    )


def test_a_catalogue_that_is_not_there_is_empty(tmp_path):
    assert read_catalog(tmp_path / "nowhere") == {}
