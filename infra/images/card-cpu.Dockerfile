# The system below cards: the interpreter of the card environment and the libraries its wheels need. No packages of Python:
# the runner mounts the same environments as for sandboxes of processes, read-only.
#
#   docker build -f infra/images/card-cpu.Dockerfile -t ensemble-card-cpu infra/images
#
# BASE must have the Python of the machine's card environment (bookworm: 3.11).
ARG BASE=debian:bookworm-slim
FROM ${BASE}
COPY packages.txt /tmp/packages.txt
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive xargs apt-get -qq -y --no-install-recommends install < /tmp/packages.txt \
    && rm -rf /var/lib/apt/lists/* /tmp/packages.txt
USER 65534:65534
CMD ["python3.11"]
