"""The way in over HTTP: who asks, what they may, how a request is read and answered; many rows in one request, and the
operator's interface."""
