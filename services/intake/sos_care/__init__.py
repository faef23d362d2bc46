"""SOS-Care: who is in sudden hardship as the only earner of a family is offered public jobs first."""

from services.intake.sos_care import api, model, policies, rules, store

__all__ = ["api", "model", "policies", "rules", "store"]
