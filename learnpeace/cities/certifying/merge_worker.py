"""The child process that puts pages together.

`python -m learnpeace.cities.certifying.merge_worker FOLDER FILE`

It is given a folder of PDFs and the file to write, has no secret, and limits on memory and time.
"""

import sys
from pathlib import Path

import pypdfium2

from learnpeace.lib.limits import set_limits

CPU_SECONDS = 240
MEMORY = 2 * 1024**3
LARGEST_FILE = 1000**3


def main() -> None:
    """Put the pages of a folder into one file."""
    set_limits(memory=MEMORY, seconds=CPU_SECONDS, file_size=LARGEST_FILE)
    folder, target = sys.argv[1:]
    put_together(sorted(Path(folder).glob("*.pdf")), Path(target))


def put_together(files: list[Path], target: Path) -> None:
    """Write the pages of some files, in their order, into one."""
    whole = pypdfium2.PdfDocument.new()
    for file in files:
        pages = pypdfium2.PdfDocument(file)
        whole.import_pages(pages)
        pages.close()
    whole.save(target)


if __name__ == "__main__":
    main()
