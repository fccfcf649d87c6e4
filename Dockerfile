# The program with its scheduler, from this checkout: locked dependencies, no compiler, no root.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /source
RUN python -m venv /opt/influence-graph
COPY requirements/schedule.txt requirements/
RUN /opt/influence-graph/bin/pip install --require-hashes -r requirements/schedule.txt
COPY pyproject.toml README.md LICENSE ./
COPY cypher cypher
COPY datasets datasets
COPY influence_graph influence_graph
RUN /opt/influence-graph/bin/pip install --no-deps .

FROM python:3.12-slim
COPY --from=build /opt/influence-graph /opt/influence-graph
# Whoever runs it (`user:` in docker-compose.yml) owns what she makes here, as in /tmp.
RUN install -d -m 1777 /var/lib/influence-graph
ENV PATH=/opt/influence-graph/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/var/lib/influence-graph \
    NUMBA_CACHE_DIR=/var/lib/influence-graph/cache/numba
WORKDIR /var/lib/influence-graph
VOLUME /var/lib/influence-graph
USER 10001:10001
ENTRYPOINT ["influence-graph"]
CMD ["--help"]
