"""Questions that travel in batches: kept until their answer has come, sent as the endpoint's limits allow, never twice.

A question is known by its content key. What a model wants to ask is noted here (`Post`), sent in batches (`Queue`), and
read by the model when it asks again (`until_answered`). All that is known stands in `batch/` of the run's folder until the run
is done, written down before each step at the endpoint, so that a killed process goes on where it stopped.
"""

from llmx.batch.desk import Busy, Desk, Limits, Remote
from llmx.batch.post import Post, Rest
from llmx.batch.queue import Queue
from llmx.batch.rounds import Batching, until_answered
from llmx.batch.store import FOLDER, Question, Sent, Store

__all__ = [
    "FOLDER",
    "Batching",
    "Busy",
    "Desk",
    "Limits",
    "Post",
    "Question",
    "Queue",
    "Remote",
    "Rest",
    "Sent",
    "Store",
    "until_answered",
]
