"""What is sent and refused for its size is still read to its end, and thrown away.

A browser that is answered while it sends shows a broken connection, and not the answer.
"""

from flask import Flask, Response, request

MOST = 100 * 1000**2  # bytes; who sends more sees the connection break
AT_ONCE = 64 * 1024


def init_app(app: Flask) -> None:
    """Read off what was too large, before the answer leaves."""

    @app.after_request
    def read_off(response: Response) -> Response:
        if response.status_code == 413:
            left = min(request.content_length or 0, MOST)
            source = request.environ["wsgi.input"]
            while left > 0 and (piece := source.read(min(left, AT_ONCE))):
                left -= len(piece)
        return response
