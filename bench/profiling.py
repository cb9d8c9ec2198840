"""Shows where a request's time goes: `python -m bench.profiling "module page"`.

Runs in this process with a test client, so nothing of server or client is in the figures.
"""

import cProfile
import pstats
import secrets
import sys
import tempfile
import time
from pathlib import Path

from bench.filling import fill
from bench.scenarios import Scenario, scenarios
from learnpeace.cli import application
from learnpeace.lib import clock
from learnpeace.settings import Settings

REQUESTS, LINES = 1000, 70


def main() -> None:
    """Profile every scenario whose name holds the given words."""
    words = " ".join(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        database = f"sqlite:///{data_dir / 'learnpeace.sqlite3'}"
        settings = Settings(
            secret_key=secrets.token_hex(), database_url=database, data_dir=data_dir, proxies=1
        )
        app = application(settings)
        world = fill(app, at=clock.now())
        for scenario in scenarios(world, app):
            if words in scenario.name:
                client = app.test_client(use_cookies=False)
                profile(scenario, lambda ask, client=client: ask.through(client))


def profile(scenario: Scenario, send: object) -> None:
    """Print the time of a request without, then the functions with the profiler."""
    assert callable(send)
    for profiler in (None, cProfile.Profile()):
        scenario.prepare()
        asks = [ask for ask, _ in zip(scenario.asks(), range(REQUESTS), strict=False)]
        for ask in asks[:50]:
            send(ask)
        begun = time.process_time()
        if profiler:
            profiler.enable()
        for ask in asks[50:]:
            send(ask)
        if profiler:
            profiler.disable()
            pstats.Stats(profiler).sort_stats("tottime").print_stats(LINES)
            pstats.Stats(profiler).sort_stats("cumtime").print_stats(LINES)
        used = (time.process_time() - begun) * 1000 / len(asks[50:])
        sys.stdout.write(f"{scenario.name}: {used:.2f} ms a request\n")


if __name__ == "__main__":
    main()
