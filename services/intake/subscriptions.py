"""The events that intake listens to, and which slice handles each."""

from chassis.subscriptions import Subscription

SUBSCRIPTIONS: tuple[Subscription, ...] = ()
