"""Other systems of the city that read whole topics: who they are, by which ground, what of Kafka they may, until when.

Each has a record, a file of its own, that the topics job reads too: what isn't in a record that holds, nobody may.
"""
