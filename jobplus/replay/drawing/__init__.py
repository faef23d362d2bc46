"""The history that meets a plan: who registers, who is referred where, what becomes of them, and what goes on
unplanned."""
