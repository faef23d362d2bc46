"""`make attack`: the services of a real stack, attacked by what fits their OpenAPI and what doesn't, as every role.

Each service is sent so many cases (schemathesis) over a world that exists, by tokens whose role may pass and by those
of all roles in turn. No case may be answered 5xx, or with what the OpenAPI doesn't say. Then all that was refused is
sent again while nothing else goes on: the tables must be as they were. At the end the service is healthy, and its api
process has stayed small. `python -m tests.attack --cases N --seed N SERVICE...` attacks less of it, or otherwise.
"""
