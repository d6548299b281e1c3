# The product in a container: built in one stage, run in another, as nobody, on a read-only root.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --require-hashes --only-binary :all: -r requirements.txt
COPY . .
# The key is the build's alone: it signs nothing, and is in no layer of the image.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    ALLOWED_HOSTS=localhost VAR_DIR=/tmp/var STATIC_ROOT=/app/collected \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /venv/bin/python -m compileall -q -j 0 /app /venv/lib

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="RevOps Control Center" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 revops \
    && useradd --uid 10001 --gid revops --no-create-home --home-dir /tmp --shell /usr/sbin/nologin revops \
    && install -d -o revops -g revops -m 0700 /var/lib/revops /backups
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 PORT=8000 \
    VAR_DIR=/var/lib/revops STATIC_ROOT=/app/collected BACKUP_DIR=/backups
WORKDIR /app
USER 10001:10001
VOLUME ["/var/lib/revops", "/backups"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["python", "manage.py", "serve", "--web-only"]
