"""What every service stands on: the way from a command to a committed event, and from an event to a change.

Holds no word of the domain and imports neither `contracts` nor `services`.

    HTTP, one by one -> group_commit (GroupCommit) ----+
    HTTP, in bulk -------------------------------------+-> command_batch (CommandHandler) -> outbox -> relay -> Kafka
    Kafka -> consumer  -> record_batch (subscriptions) -+
"""
