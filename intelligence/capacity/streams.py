"""Random numbers that belong to what they are about, so that two runs differ only where their inputs differ.

Every provider, lot and interest has a stream of its own, keyed by the seed and its identifiers. Adding a provider
therefore leaves all other providers' luck as it was, and the order of the inputs changes nothing (common random
numbers). Philox is used because its key alone fixes a stream, without warming up.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


def stream(seed: int, *key: str | int) -> np.random.Generator:
    """The generator that belongs to this key, at its beginning.

    >>> stream(1, "lot", "D1").random() == stream(1, "lot", "D1").random()
    True
    >>> stream(1, "lot", "D1").random() == stream(1, "lot", "D2").random()
    False
    """
    name = repr((seed, *key)).encode("utf-8", "surrogatepass")
    return np.random.Generator(np.random.Philox(key=int.from_bytes(blake2b(name, digest_size=16).digest(), "little")))
