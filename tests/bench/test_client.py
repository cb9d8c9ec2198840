"""The load client against a small server of our own."""

import socket
import threading
from collections.abc import Iterator
from itertools import repeat

import pytest

from bench.client import drive, percentile, whole

pytestmark = pytest.mark.once
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"


@pytest.fixture
def serve() -> Iterator:
    """Return a function that answers every request with these bytes, then hangs up or not."""
    doors: list[socket.socket] = []

    def start(answer: bytes, *, hang_up: bool = False) -> int:
        door = socket.create_server(("127.0.0.1", 0))
        doors.append(door)

        def answer_all() -> None:
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(line,), daemon=True).start()

        def talk(line: socket.socket) -> None:
            with line:
                while line.recv(65536):
                    line.sendall(answer)
                    if hang_up:
                        return

        threading.Thread(target=answer_all, daemon=True).start()
        return int(door.getsockname()[1])

    yield start
    for door in doors:
        door.close()


def test_every_request_is_counted_and_timed(serve):
    round_ = drive(serve(ANSWER), repeat(b"GET / HTTP/1.1\r\n\r\n"), connections=4, count=20)

    assert round_.statuses == {200: 20}
    assert len(round_.times) == 20
    assert round_.errors(200) == 0
    assert round_.size == 20 * len(ANSWER)


def test_a_round_ends_when_there_is_nothing_left_to_ask(serve):
    round_ = drive(serve(ANSWER), iter([b"GET / HTTP/1.1\r\n\r\n"] * 3), connections=2, seconds=9)

    assert round_.requests == 3


def test_another_answer_is_an_error(serve):
    refusal = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"

    round_ = drive(serve(refusal), repeat(b"GET / HTTP/1.1\r\n\r\n"), connections=1, count=4)

    assert round_.errors(200) == 4


def test_a_server_that_closes_after_each_answer_is_asked_again(serve):
    answer = ANSWER.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    port = serve(answer, hang_up=True)
    round_ = drive(port, repeat(b"GET / HTTP/1.1\r\n\r\n"), connections=2, count=6)

    assert round_.statuses == {200: 6}


def test_an_answer_that_never_comes_is_an_error(serve):
    round_ = drive(serve(b"", hang_up=True), repeat(b"GET /\r\n\r\n"), connections=1, count=2)

    assert round_.statuses == {0: 2}
    assert round_.times == []


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", None),
        (ANSWER, 200),
        (b"HTTP/1.1 303 SEE OTHER\r\ncontent-length: 0\r\n\r\n", 303),
        (b"HTTP/1.1 204 NO CONTENT\r\n\r\n", 204),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok\n\r\n0\r\n\r\n", 200),
    ],
)
def test_an_answer_is_whole_when_its_length_has_come(answer, status):
    assert whole(bytearray(answer)) == status


def test_percentiles_are_values_that_were_measured():
    values = [float(n) for n in range(1, 101)]

    assert [percentile(values, p) for p in (50, 95, 99)] == [50, 95, 99]
    assert percentile([7.0], 99) == 7.0
    assert percentile([], 50) == 0.0
