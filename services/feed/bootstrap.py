"""The feed put together; nothing else wires anything."""

from pathlib import Path

from chassis.batch.clock import clock
from chassis.running.service import Blueprint
from contracts.seekers import ConsentRecorded, SeekerErased
from contracts.topics import SOURCES
from services.feed import __doc__ as purpose
from services.feed import entries, grants, links, log, notices, persons, webhooks
from services.feed.judges import JUDGES
from services.feed.owners import OPENINGS_DAYS
from services.feed.settings import FeedSettings
from services.feed.subscriptions import READ

CODE_DAYS = 2
"""How long a code's hash is kept: longer than it may hold."""


def blueprint(settings: FeedSettings) -> Blueprint:
    """Say what makes up the feed. The order of `stores` is its one lock order, in which events are taken in as well."""
    doers = {
        entries.Entry: log.store.AddEntries(),
        entries.EmptiedLinks: log.store.EmptyLinks(),
        entries.EmptiedByConsent: log.store.EmptyByConsent(),
        links.model.ForgottenPerson: links.store.ForgetPersons(),
        persons.model.Opening: persons.store.AddOpenings(),
        persons.model.FormerCounsellor: persons.store.NoteDepartures(),
        webhooks.model.Redriven: webhooks.store.RedriveLetters(),
        webhooks.model.BegunAgain: webhooks.store.BeginAgain(),
        webhooks.model.Discarded: webhooks.store.DiscardLetters(),
        webhooks.model.EndedWebhook: webhooks.store.EndWebhooks(),
    }
    own = [topic.name for topic in settings.notice_topics]
    return Blueprint(
        name="feed",
        purpose=purpose or "",
        migrations=Path(__file__).parent / "migrations",
        decode=notices.reading.decode,
        routers=(
            grants.api.router,
            links.api.router,
            log.api.router,
            log.snapshots.router,
            log.printed.router,
            webhooks.api.router,
            notices.api.router,
        ),
        judges=JUDGES,
        stores={
            persons.model.Person: persons.store.PersonStore(),
            links.model.Link: links.store.LinkStore(),
            links.model.Code: links.store.CodeStore(),
            grants.model.Grant: grants.store.GrantStore(),
            entries.Partner: log.store.PartnerStore(),
            grants.model.GrantsOf: grants.store.GrantsOfStore(),
            webhooks.model.Webhook: webhooks.store.WebhookStore(),
            webhooks.model.DeadLetters: webhooks.store.DeadLettersStore(),
        },
        doers=doers,
        deciders=(grants.rules.DECIDERS, links.rules.DECIDERS, webhooks.rules.DECIDERS),
        apply=notices.reading.past_notices(log.taking.Taking(clock(settings.clock), doers).apply),
        overtaking=(SeekerErased, ConsentRecorded),
        topics=(*READ, *own),
        unparked=own,
        sources={**SOURCES, **{topic.name: topic.source for topic in settings.notice_topics}},
        retention={"entry": settings.feed_days, "code": CODE_DAYS, "record_opening": OPENINGS_DAYS},
        due={"ended grants": grants.due.grants},
        leading={"webhooks": webhooks.sending.leading(settings)},
        status={"webhooks": webhooks.queries.told},
    )
