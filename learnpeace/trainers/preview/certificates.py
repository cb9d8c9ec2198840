"""For `course check`: whether a course's own certificate fits, as JSON.

`python -m learnpeace.trainers.preview.certificates FOLDER` prints it as a preview would, with
neither database nor web server.
"""

import json
import sys
from pathlib import Path

from learnpeace.catalog.problems import Problem
from learnpeace.catalog.reader import read_course
from learnpeace.trainers import certificate_fits
from learnpeace.trainers.preview.server import create_preview


def main() -> None:
    """Print the problems of the course in this folder."""
    folder = Path(sys.argv[1])
    course = read_course(folder).course
    found: tuple[Problem, ...] = ()
    if course is not None:
        with create_preview(folder).test_request_context():
            found = certificate_fits.problems_of(course)
    told = [
        {"file": one.file, "line": one.line, "code": one.code, "message": one.message}
        for one in found
    ]
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
