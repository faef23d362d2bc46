"""The `jobplus` command and what only it needs: the local stack, the replay, the benchmarks."""
