"""A release as it is kept: whole again when it is read, in small steps, from older ones too."""

import json
import zlib
from dataclasses import replace

import pytest

from learnpeace.catalog.fingerprints import fingerprint
from learnpeace.catalog.model import Quiz
from learnpeace.releases import frozen
from learnpeace.releases.rendering import render
from tests.courses import ALL_KINDS, small_course

pytestmark = pytest.mark.once

COURSE = small_course(quiz=Quiz(questions=ALL_KINDS))


def test_a_release_is_read_as_it_was_packed():
    html = render(COURSE)
    found = frozen.unpack(frozen.pack(COURSE, html), number=7, version="1.0.0")

    assert found.id == 7
    assert fingerprint(found.course) == fingerprint(COURSE)
    assert found.html == html
    assert found.weight > frozen.FIRST_VISIT


def test_who_unpacks_may_rest_after_each_module():
    many = replace(
        COURSE, modules=tuple(replace(COURSE.modules[0], id=f"part-{n}") for n in range(40))
    )
    rests = []
    frozen.unpack(
        frozen.pack(many, render(many)), number=1, version="1.0.0", rest=lambda: rests.append(1)
    )

    assert len(rests) > len(many.modules)


def test_a_release_of_an_earlier_version_of_the_product_is_read():
    html = render(COURSE)
    first, *others = map(json.loads, zlib.decompress(frozen.pack(COURSE, html)).splitlines())
    first["course"]["modules"] = [module for part in others for module in part["modules"]]
    first["html"] = html
    one_line = zlib.compress(json.dumps(first).encode())

    found = frozen.unpack(one_line, number=1, version="1.0.0")

    assert fingerprint(found.course) == fingerprint(COURSE)
    assert found.html == html
