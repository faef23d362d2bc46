"""Drawing: charts by what they are told, in a process of its own, which knows nothing of releases and reads nothing."""
