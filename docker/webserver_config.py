"""Airflow's accounts in production: its own (Flask-AppBuilder), or those of an identity provider where one is named."""

from __future__ import annotations

import os

# Airflow's own docs ask for these two; everything else is in tiendo.operate.containers.
WTF_CSRF_ENABLED = True
AUTH_USER_REGISTRATION = False

if os.environ.get("TIENDO_OIDC_ISSUER"):
    import oidc

    globals().update(oidc.airflow())
