# The front door: every target installs or builds what it needs first.
SIZE ?= 10000000
SECONDS ?= 3600

.PHONY: demo test prove bench-report bench-scale bench-peers stages instructions soak lint advisories sbom image-check setup rocksdb

demo: rocksdb            ## price a cart of the demo data and show its waterfall
	cargo build --release --locked
	"$${CARGO_TARGET_DIR:-target}/release/quoin" demo

test: rocksdb            ## every test
	cargo test --locked

prove: rocksdb           ## the same tests with their full counts (property cases, kills)
	QUOIN_PROVE=1 cargo test --locked

bench-report: rocksdb    ## target/bench-report.json and the table of BENCHMARKS.md; SIZE=100000000 for the large run
	cargo bench --locked --bench report -- $(SIZE)

bench-scale: rocksdb     ## how everything grows: import, memory, carts a second, publications under load; SIZE=1000000000 for a billion prices
	cargo bench --locked --bench report -- --scale $(SIZE)

stages: rocksdb          ## how long each stage of a cart takes, by criterion
	cargo bench --locked --bench report -- --stages

instructions: rocksdb    ## the same in instructions, held against what each may take; needs valgrind
	@scripts/setup valgrind
	cargo bench --locked --bench report -- --instructions

bench-peers: rocksdb     ## quoin beside PostgreSQL, Redis, Medusa, zen-engine and a hash map; says what it installs; SIZE=100000000 PEERS=postgresql for the large run
	@scripts/setup-peers
	cargo bench --locked --manifest-path peers/Cargo.toml --target-dir "$${CARGO_TARGET_DIR:-target}" -- $(SIZE) $(PEERS)

soak: rocksdb            ## an hour of everything at once: memory, open files and latencies stay as they are; SECONDS=600 for less
	cargo bench --locked --bench report -- --soak $(SECONDS)

lint: rocksdb            ## formatting, clippy, docs, licences and sources
	cargo fmt --check && cargo fmt --check --manifest-path peers/Cargo.toml
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --manifest-path peers/Cargo.toml --target-dir "$${CARGO_TARGET_DIR:-target}" --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items
	scripts/deny

advisories:              ## known faults of dependencies; fetches the RustSec database, a git repository
	scripts/deny advisories

sbom:                    ## target/quoin.cdx.json, what quoin is made of (CycloneDX)
	scripts/sbom

image-check: rocksdb     ## builds the image and runs it, without a Docker engine (root, Debian)
	scripts/image-check

setup:                   ## installs what is missing, and says what
	@scripts/setup

rocksdb: setup           ## the static library of RocksDB, built once for the machine
	@scripts/rocksdb
