"""Random numbers that belong to what they are about, so that two runs differ only where their inputs differ.

Every provider, lot and interest has a stream of its own, keyed by the seed and its identifiers. Adding a provider
therefore leaves all other providers' luck as it was, and the order of the inputs changes nothing (common random
numbers). Philox is used because its key alone fixes a stream, without warming up.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt


def stream(seed: int, *key: str | int) -> np.random.Generator:
    """The generator that belongs to this key, at its beginning.

    >>> stream(1, "lot", "D1").random() == stream(1, "lot", "D1").random()
    True
    >>> stream(1, "lot", "D1").random() == stream(1, "lot", "D2").random()
    False
    """
    return np.random.Generator(_philox(seed, key))


def uniform_pairs(seed: int, *key: str | int, draws: int) -> npt.NDArray[np.float32]:
    """Two rows of uniform numbers above 0 and at most 1, made from the raw stream in half a generator's time.

    >>> uniform_pairs(1, "bid", "P1", "D1", draws=3).shape
    (2, 3)
    """
    raw = _philox(seed, key).random_raw(draws).view(np.uint32).reshape(draws, 2)
    luck = np.empty((2, draws), np.float32)
    luck[...] = raw.T
    luck *= np.float32(2.0**-32)
    luck += np.float32(2.0**-33)
    return luck


def _philox(seed: int, key: tuple[str | int, ...]) -> np.random.Philox:
    name = repr((seed, *key)).encode("utf-8", "surrogatepass")
    return np.random.Philox(key=int.from_bytes(blake2b(name, digest_size=16).digest(), "little"))
