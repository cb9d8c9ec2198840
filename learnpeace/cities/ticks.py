"""Which lines of a list were ticked in a form that was sent."""

from flask import request

from learnpeace.lib.db import LARGEST_NUMBER


def ticked_numbers(name: str) -> list[int]:
    """Return the numbers that are ticked in the sent form, without what is none."""
    return [found for text in request.form.getlist(name) if (found := number_in(text))]


def number_in(text: str) -> int:
    """Return the number of something in the database; 0 for what is none."""
    is_number = text.isascii() and text.isdigit() and len(text) < 11
    return int(text) if is_number and int(text) <= LARGEST_NUMBER else 0
