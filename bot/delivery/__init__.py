"""Durable road between a messenger and the conversation: accept, answer, send.

`Courier` is the whole seam; the other modules are its parts. An accepted event is in the database
before the messenger hears 200, a reply is in the database before the event counts as answered,
and a message leaves the database when the messenger has taken it.
"""
