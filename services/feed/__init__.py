"""The feed: what partners in welfare and training hear of those whom they and the centre both care for.

It keeps what each partner was granted (which events, which of their fields, on which ground, until when) and which
seeker each client number of a partner stands for. Of the events that it reads it enters into each partner's own log
what that partner may know, by its client number and without anybody else's id; the partner reads the log over HTTP, as
batches or as a stream, or has it sent to an address of its own, its webhook. It takes down what was passed on of whom,
and shows it by the seeker. A consent that is withdrawn, a grant that ends and an erasure end it at once, and the log
says so. It reads every topic about persons and publishes nothing: without it nothing else changes.
"""
