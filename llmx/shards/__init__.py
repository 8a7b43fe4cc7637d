"""A large run, cut into shards: each is read by itself, and done once its marker is written.

`do_shard` is all that an engine needs: it is a plain function of what can be pickled, and may be called anywhere, twice,
or killed.
"""

from llmx.shards.driving import run_shards, shards_wanted, write_manifest
from llmx.shards.planning import Item, Shard
from llmx.shards.working import do_shard

__all__ = ["Item", "Shard", "do_shard", "run_shards", "shards_wanted", "write_manifest"]
