"""Tables as offices have them: texts and sheets read into rows, days and refs as they are typed, and what can be wrong
with them."""
