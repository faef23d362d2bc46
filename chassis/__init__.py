"""What every service stands on: the way from a command to a committed event, and from an event to a change.

Holds no word of the domain and imports neither `contracts` nor `services`.

    HTTP -> group_commit (GroupCommit) ----------------+
                                                       +-> command_batch (CommandHandler) -> outbox -> relay -> Kafka
    Kafka -> consumer  -> record_batch (subscriptions) -+
"""
