"""The four deployables. Each folder is one service; they share nothing but events."""
