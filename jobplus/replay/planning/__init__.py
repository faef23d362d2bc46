"""What a plan says: read, checked, and made smaller or larger."""
