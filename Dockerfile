# The images of production, all from this file: platform (Airflow, dbt, Great Expectations, tiendo), superset, proxy.
# `make compose-up` builds them; by hand it is `docker build --target platform .`. In a closed network put certificates
# (*.crt) into docker/ca and give the registry as --build-arg PIP_INDEX_URL=…: both stay in the stages that build and reach
# no image. Pinned by version; whoever mirrors the base images pins them by digest in .env.
ARG TIENDO_PYTHON_IMAGE
ARG TIENDO_NGINX_IMAGE

FROM ${TIENDO_PYTHON_IMAGE:-python:3.11.13-slim-bookworm} AS base

FROM base AS build
ARG PIP_INDEX_URL
COPY docker/ca/ /usr/local/share/ca-certificates/
COPY docker/install requirements/uv.txt /build/
RUN update-ca-certificates \
    && python3 -m venv /build/uv \
    && PIP_CERT=/etc/ssl/certs/ca-certificates.crt /build/uv/bin/pip install --quiet --no-cache-dir --require-hashes \
        -r /build/uv.txt

FROM build AS build-platform
ARG PIP_INDEX_URL
COPY requirements/production.txt /build/
RUN /build/install platform /build/production.txt

FROM build AS build-superset
ARG PIP_INDEX_URL
COPY requirements/superset.txt /build/
RUN /build/install superset /build/superset.txt

# What both houses have: a user that is nobody, and folders that volumes take their owner from.
FROM base AS house
RUN groupadd --gid 10001 tiendo \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin tiendo \
    && for folder in doors landing dbt log superset airflow; do \
        install -d -o tiendo -g tiendo -m 0750 /var/lib/tiendo/$folder; done \
    && for whose in all postgres redis airflow scheduler worker superset superset-init proxy; do \
        install -d -o tiendo -g tiendo -m 0750 /run/tiendo/$whose; done
ENV PYTHONUTF8=1 PYTHONUNBUFFERED=1 PYTHONPATH=/opt/tiendo/src:/opt/tiendo/docker HOME=/tmp TIENDO_HOME=/var/lib/tiendo
# Nobody calls home, whatever is started in here by hand (settings.QUIET).
ENV DO_NOT_TRACK=1 SCARF_ANALYTICS=false SCARF_NO_ANALYTICS=true GX_ANALYTICS_ENABLED=false \
    DBT_SEND_ANONYMOUS_USAGE_STATS=false AIRFLOW__COSMOS__ENABLE_TELEMETRY=false \
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=false AIRFLOW__METRICS__STATSD_ON=false AIRFLOW__METRICS__OTEL_ON=false \
    AIRFLOW__TRACES__OTEL_ON=false
WORKDIR /opt/tiendo

# The environment first: it changes seldom, and versions share its layer.
FROM house AS platform
COPY --from=build-platform /opt/tiendo/env/platform/ env/platform/
COPY requirements/ requirements/
COPY src/ src/
COPY docker/*.py docker/*.html docker/
COPY dags/ dags/
COPY dbt_project/ dbt_project/
COPY expectations/ expectations/
COPY superset/ superset/
ENV PATH=/opt/tiendo/env/platform/bin:$PATH
# A checkout may be closed to everybody but root; the command `tiendo`, as on the desk; and bytecode: the root file system is
# read-only where it runs, so that what is not compiled now is compiled at every start.
RUN chmod -R a+rX requirements src docker dags dbt_project expectations superset \
    && python -c "from pathlib import Path; from tiendo.operate import setup; setup.link_package(Path('/opt/tiendo/env/platform'))" \
    && python -m compileall -q src dags expectations superset docker
USER 10001:10001
ENTRYPOINT ["python", "-m", "tiendo.operate.containers"]

FROM house AS superset
COPY --from=build-superset /opt/tiendo/env/superset/ env/superset/
COPY requirements/ requirements/
COPY src/ src/
COPY docker/*.py docker/*.html docker/
COPY superset/ superset/
ENV PATH=/opt/tiendo/env/superset/bin:$PATH
RUN chmod -R a+rX requirements src docker superset && python -m compileall -q src superset docker
USER 10001:10001
ENTRYPOINT ["python", "-m", "tiendo.operate.containers"]

FROM ${TIENDO_NGINX_IMAGE:-nginx:1.28.0-bookworm} AS proxy
COPY docker/nginx.conf /etc/nginx/nginx.conf
RUN chmod a+r /etc/nginx/nginx.conf
USER 101:101
CMD ["nginx", "-g", "daemon off;"]
