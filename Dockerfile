# The image: one binary on Debian's smallest image. `make image-check` builds and runs it without a Docker engine.
ARG RUST_IMAGE=rust:1.95-slim-bookworm
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${RUST_IMAGE} AS build
# Where RocksDB's library and cargo's output are kept from build to build.
ARG XDG_CACHE_HOME=/var/cache
WORKDIR /src
COPY . .
# No target CPU is chosen: the image runs wherever its architecture does.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/var/cache/quoin,sharing=locked \
    export CARGO_TARGET_DIR="$XDG_CACHE_HOME/quoin/target" \
 && scripts/setup && scripts/rocksdb && cargo build --release --locked \
 && strip -o /usr/local/bin/quoin "$CARGO_TARGET_DIR/release/quoin"

FROM ${BASE_IMAGE}
# Nothing is installed: the one library beyond libc, libstdc++, is in the base because apt needs it.
RUN useradd --system --uid 10480 --user-group --home-dir /var/lib/quoin --shell /usr/sbin/nologin quoin \
 && install -d -o quoin -g quoin -m 750 /var/lib/quoin
COPY --from=build /usr/local/bin/quoin /usr/local/bin/quoin
RUN ["quoin", "--version"]
USER 10480:10480
VOLUME /var/lib/quoin
EXPOSE 7480
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["quoin", "health", "--addr", "127.0.0.1:7480"]
ENTRYPOINT ["quoin", "serve", "--data", "/var/lib/quoin", "--listen", "0.0.0.0:7480"]
