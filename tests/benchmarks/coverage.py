"""Coverage proofs on simulated listings with known truth: `python -m tests.benchmarks.coverage [POLLS]`.

Prints, per kind of source, how many polls were proved, the gaps there were and how many of them were found, the proofs
that were false (there must be none) and the pages read per poll.
"""

import sys

from tests.listing_simulation import KINDS, simulate


def main(polls: int) -> int:
    print(f"{'source':<10} {'polls':>6} {'proved':>7} {'gaps':>6} {'found':>6} {'false':>6} {'pages/poll':>10}")
    bad = 0
    for kind in KINDS:
        tally = simulate(kind, polls=polls, seed=2026)
        bad += tally.false_proofs + tally.gaps - tally.gaps_found
        print(
            f"{kind:<10} {tally.polls:>6} {tally.proved / tally.polls:>7.1%} {tally.gaps:>6} {tally.gaps_found:>6}"
            f" {tally.false_proofs:>6} {tally.requests / tally.polls:>10.2f}"
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
