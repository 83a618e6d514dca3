# One image for every process; the command says which: parley-api, parley-worker, parley-relay, parley-telegram,
# parley-slack, parley-migrate, parley. Another one (--target backup) has PostgreSQL's programs too. docs/deployment.md.

FROM node:24-bookworm-slim AS scripts
WORKDIR /scripts
COPY api/web/npm/package.json api/web/npm/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /source
COPY deploy/requirements.lock ./
RUN uv venv /opt/parley \
 && VIRTUAL_ENV=/opt/parley uv pip install --no-cache --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY administration administration
COPY api api
COPY backup backup
COPY bots bots
COPY core core
COPY migrations migrations
COPY workers workers
RUN uv build --wheel --out-dir /wheel \
 && VIRTUAL_ENV=/opt/parley uv pip install --no-cache --no-deps --compile-bytecode /wheel/*.whl

FROM python:3.11-slim-bookworm AS parley
RUN groupadd --gid 10001 parley \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin parley \
 && install -d -o parley -g parley -m 0750 \
      /secrets /data /var/lib/parley /var/lib/parley/files /var/lib/parley/checkpoints /var/lib/parley/backups
COPY --from=build /opt/parley /opt/parley
COPY --from=scripts /scripts/node_modules/htmx.org/dist /opt/parley/scripts
ENV PATH=/opt/parley/bin:$PATH \
    PARLEY_SCRIPTS_DIR=/opt/parley/scripts \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /tmp
USER 10001:10001
STOPSIGNAL SIGTERM
CMD ["parley", "--help"]

# pg_basebackup must be of the server's major version, so it comes from PostgreSQL's own packages
FROM parley AS backup
USER 0:0
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates postgresql-common \
 && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
 && apt-get install -y --no-install-recommends postgresql-client-18 \
 && rm -rf /var/lib/apt/lists/*
ENV PARLEY_PG_BIN=/usr/lib/postgresql/18/bin
USER 10001:10001

# what is built when no target is named
FROM parley
