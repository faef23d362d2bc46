"""The site for who reads the events: a page an event, the AsyncAPI document as a page, and how to be right with both.

In Korean and in English. `jobplus site` writes it into a folder; nothing on it asks another machine for anything.
"""
