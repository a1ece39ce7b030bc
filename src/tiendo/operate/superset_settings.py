"""How Superset is started: its environment and its server's command line; its own options are in superset_config.py.

In: the settings and their secrets. Out: what the desk's supervisor and the container both start. Standard library only:
Superset's environment holds nothing else of ours.
"""

from __future__ import annotations

import os

from tiendo.operate.settings import Settings


def environment(settings: Settings) -> dict[str, str]:
    """What Superset needs beside `Settings.child_environment`."""
    return {
        "FLASK_APP": "superset.app:create_app()",
        "SUPERSET_HOME": str(settings.home / "superset"),
        "SUPERSET_CONFIG_PATH": str(settings.checkout / "superset" / "superset_config.py"),
        "SUPERSET_SECRET_KEY": settings.secret("superset_key"),
    }


def command(settings: Settings, host: str) -> tuple[str, ...]:
    """The web server."""
    gunicorn = str(settings.superset_env / "bin" / "gunicorn")
    # A worker costs seconds of a core to start; its threads wait for the database together.
    count = max(1, min(4, (os.cpu_count() or 1) // 2))
    workers = ("--workers", str(count), "--worker-class", "gthread", "--threads", "16", "--timeout", "120")
    bind = ("--bind", f"{host}:{settings.superset_port}")
    return (gunicorn, "--no-control-socket", *bind, *workers, "superset.app:create_app()")
