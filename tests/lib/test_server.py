"""The server takes no part of an address from a header."""

from learnpeace.server import Server


def test_no_header_says_under_which_path_the_product_stands(app):
    server = Server(
        app.config["SETTINGS"],
        host="127.0.0.1",
        port=0,
        workers=1,
        threads=1,
        when_ready=print,
        on_exit=print,
    )

    assert server.cfg.forwarder_headers == []
