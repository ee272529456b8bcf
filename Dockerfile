# syntax=docker/dockerfile:1
# The gateway with its engines, as a small image without root and without a toolchain.
#
#   docker build -t parley .
#   docker run --rm --network host -v parley-ledger:/var/lib/parley parley
#
# Without a configuration it listens on loopback only, which is why the host's network is used above. In production:
#
#   docker run -p 8080:8080 -v parley-ledger:/var/lib/parley -v ./parley.yaml:/etc/parley/parley.yaml:ro \
#       -e TWILIO_AUTH_TOKEN parley serve --config /etc/parley/parley.yaml --host 0.0.0.0

FROM swift:6.3-bookworm AS build
WORKDIR /src
COPY scripts/system-packages.sh scripts/engines.sh scripts/
COPY scripts/engines scripts/engines
RUN scripts/system-packages.sh build && scripts/engines.sh /opt/parley/engines
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
COPY Fuzz Fuzz
COPY Examples Examples
RUN swift build -c release --static-swift-stdlib --product parley \
    && install -D .build/release/parley /opt/parley/bin/parley \
    && strip /opt/parley/bin/parley

FROM debian:12-slim
COPY scripts/system-packages.sh scripts/ready.sh /opt/parley/scripts/
RUN /opt/parley/scripts/system-packages.sh run && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/parley parley
COPY --from=build /opt/parley/bin /opt/parley/bin
COPY --from=build /opt/parley/engines /opt/parley/engines
COPY LICENSE NOTICE /opt/parley/
ENV PATH=/opt/parley/bin:$PATH PARLEY_ENGINES=/opt/parley/engines
USER parley
WORKDIR /var/lib/parley
VOLUME /var/lib/parley
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s CMD ["/opt/parley/scripts/ready.sh", "8080"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["parley"]
CMD ["serve"]
