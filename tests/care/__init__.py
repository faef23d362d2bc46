"""Care, told as the stories of the people in it, on all four services."""
