"""The benchmarks: each on a stack of its own, in interleaved rounds, with its peers measured in the same run."""
