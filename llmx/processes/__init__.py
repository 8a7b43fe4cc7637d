"""Work spread over processes of this machine; one that dies costs what it was on, and that only the second time."""

from llmx.processes.collector import collect_seldom
from llmx.processes.pool import Dead, Pool, processes_of

__all__ = ["Dead", "Pool", "collect_seldom", "processes_of"]
