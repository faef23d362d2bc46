"""The topics that reporting reads: all of them, every event, but for the compacted ones, which keep no history."""

from contracts.topics import TOPICS

READ = tuple(topic.name for topic in TOPICS if not topic.compacted)
