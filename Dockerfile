# syntax=docker/dockerfile:1
# One image for every process; deploy/entrypoint.sh picks the role: web, realtime, worker, beat, migrate, or any manage.py command.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements/production.txt requirements/
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes -r requirements/production.txt
COPY manage.py ./
COPY config config
COPY apps apps
COPY locale locale
COPY templates templates
COPY static static
# The settings of production refuse to load without these; what they are does not reach the image.
RUN SECRET_KEY="$(/opt/venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    PRISM_STORAGE_KEY="$(/opt/venv/bin/python -c 'import secrets; print(secrets.token_hex(32))')" \
    DATABASE_URL=postgresql://build@localhost/build VALKEY_URL=redis://localhost:6379/0 \
    PRISM_BASE_DOMAIN=localhost DEFAULT_FROM_EMAIL=build@localhost EMAIL_HOST=localhost \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    /opt/venv/bin/python manage.py collectstatic --noinput \
 && /opt/venv/bin/python -m compileall -q apps config

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production PRISM_DATA_DIR=/var/lib/prism
RUN useradd --system --uid 10001 --home-dir /var/lib/prism --create-home --shell /usr/sbin/nologin prism
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
COPY --chmod=755 deploy/entrypoint.sh /usr/local/bin/prism
USER 10001
VOLUME /var/lib/prism
EXPOSE 8000
ENTRYPOINT ["prism"]
CMD ["web"]
