from hypothesis import given
from hypothesis import strategies as st

from learnpeace.certificates import serials

NUMBERS = st.text(serials.ALPHABET, min_size=serials.LENGTH, max_size=serials.LENGTH)


def test_numbers_are_long_and_none_comes_twice():
    made = {serials.new() for _ in range(2000)}

    assert len(made) == 2000
    assert all(len(number) == 20 and set(number) <= set(serials.ALPHABET) for number in made)


def test_the_alphabet_has_no_letter_that_looks_like_a_digit():
    assert len(set(serials.ALPHABET)) == 32
    assert not set("ILOU") & set(serials.ALPHABET)


@given(NUMBERS)
def test_a_number_reads_as_itself_however_it_is_typed(number: str):
    shown = serials.shown(number)

    assert [len(group) for group in shown.split("-")] == [5, 5, 5, 5]
    for typed in (number, shown, shown.lower(), shown.replace("-", " "), f"  {shown}\n"):
        assert serials.read(typed) == number
    assert serials.read(f"https://learn.example.org/verify/{shown}/") == number


@given(NUMBERS)
def test_letters_taken_for_digits_are_forgiven(number: str):
    assert serials.read(number.replace("0", "O").replace("1", "I")) == number
    assert serials.read(number.replace("0", "o").replace("1", "l")) == number


@given(st.text())
def test_anything_else_is_no_number_and_fits_an_address(text: str):
    read = serials.read(text)
    shown = serials.shown(text)

    assert read is None or (len(read) == 20 and set(read) <= set(serials.ALPHABET))
    assert set(shown) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
    assert len(shown) < 50
