"""The stream: events leave by the outbox and the relay, records come by a consumer and are applied once. What is lost
is noticed, what can't be applied is set aside, what was published can be published again."""
