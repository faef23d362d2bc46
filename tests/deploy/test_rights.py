"""Kafka's rights follow from the topics' own table, which says of each service what its subscriptions do."""

import pytest

from contracts.topics import LISTENS, PROFILES, SEEKERS, SURVEYS, TOPICS
from docs.generate import SERVICES, blueprint_of
from jobplus.stack.rights import Right, group_of, rights_of, users_of

RIGHTS = rights_of(TOPICS, LISTENS)


@pytest.mark.parametrize("service", SERVICES)
def test_the_table_names_what_a_service_subscribes_to(service: str) -> None:
    blueprint = blueprint_of(service)
    subscribed = {*blueprint.topics, *(subscription.event.topic.name for subscription in blueprint.subscriptions)}
    assert {topic.name for topic in LISTENS[service]} == subscribed  # pyright: ignore[reportArgumentType]


def test_a_service_writes_what_it_owns_reads_what_it_listens_to_and_has_its_own_group() -> None:
    assert rights_of([PROFILES, SEEKERS, SURVEYS], {"intake": [SURVEYS], "matching": [PROFILES]}) == {
        Right("intake", "WRITE", "TOPIC", "jobplus.profiles"),
        Right("intake", "WRITE", "TOPIC", "jobplus.seekers"),
        Right("followup", "WRITE", "TOPIC", "jobplus.surveys"),
        Right("intake", "READ", "TOPIC", "jobplus.surveys"),
        Right("matching", "READ", "TOPIC", "jobplus.profiles"),
        Right("intake", "READ", "GROUP", "jobplus.intake"),
        Right("matching", "READ", "GROUP", "jobplus.matching"),
    }


def test_each_topic_is_written_by_one_user_and_each_service_is_one() -> None:
    writers = [right.name for right in RIGHTS if right.operation == "WRITE"]
    assert sorted(writers) == sorted(topic.name for topic in TOPICS)
    assert users_of(RIGHTS) == sorted(SERVICES)
    assert {right.name for right in RIGHTS if right.kind == "GROUP"} == {group_of(service) for service in SERVICES}
