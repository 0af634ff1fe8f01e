# One image for worker, API, codec server, migrations and bootstrap: `hotline <command>`.
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/hotline
COPY requirements.lock /tmp/requirements.lock
RUN /opt/hotline/bin/pip install --require-hashes --requirement /tmp/requirements.lock
COPY . /srv/hotline
RUN /opt/hotline/bin/pip install --no-deps --no-build-isolation --editable /srv/hotline
# The worker's sandbox loads the workflow anew for every complaint: from bytecode, not from source.
RUN /opt/hotline/bin/python -m compileall -q --invalidation-mode unchecked-hash /srv/hotline

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /var/lib/hotline hotline
COPY --from=build /opt/hotline /opt/hotline
COPY --from=build /srv/hotline /srv/hotline
ENV PATH=/opt/hotline/bin:$PATH PYTHONDONTWRITEBYTECODE=1 \
    HOTLINE_DATA=/var/lib/hotline HOTLINE_LOG_FORMAT=json
USER hotline
WORKDIR /srv/hotline
ENTRYPOINT ["hotline"]
CMD ["--help"]
