# As card-cpu.Dockerfile, on a base that holds the CUDA libraries. The driver's own come from the machine, by the NVIDIA
# container toolkit; packages such as torch come with the environment of the card.
#
#   docker build -f infra/images/card-gpu.Dockerfile -t ensemble-card-gpu infra/images
#
# BASE must have the Python of the machine's card environment, or that environment an interpreter of its own (uv python).
ARG BASE=nvidia/cuda:12.6.3-runtime-debian12
FROM ${BASE}
COPY packages.txt /tmp/packages.txt
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive xargs apt-get -qq -y --no-install-recommends install < /tmp/packages.txt \
    && rm -rf /var/lib/apt/lists/* /tmp/packages.txt
ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 65534:65534
CMD ["python3.11"]
