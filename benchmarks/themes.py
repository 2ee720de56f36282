"""Themes against baselines, on the same comments and encoder in the same run: ``python benchmarks/themes.py --help``.

BERTopic (Grootendorst 2022), with outliers as one theme or reassigned to the nearest, and Leiden communities of the
graph of nearest neighbours (Traag et al. 2019) run where their packages are installed. The project does not depend on
them: ``pip install umap-learn hdbscan pandas plotly tqdm pyyaml igraph leidenalg``, ``pip install --no-deps bertopic``.
The number of themes is given to nobody but to "number given", which has that of the human codes.

Scores against human codes: with one code a comment, adjusted mutual information and adjusted Rand; with several,
best-match F1 by code (macro and weighted by size, codes of ten comments or more) and extended B-cubed F (Amigo et al.
2009). Macro best F1 is the one to read: the other two reward a handful of very broad themes. CPU seconds leave out
those of the encoder, which are beside them; a method that embeds whole comments alone has fewer texts to encode. Each
method has run once on a few comments before, so that nothing is loaded or compiled while it is timed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, silhouette_score
from sklearn.neighbors import kneighbors_graph
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from intelligence.market import Comment
from intelligence.text.find import find_themes
from intelligence.text.semantic import Encoder, minilm

SETS = ("survey_multi", "patient_feedback_single", "short_single", "titles_single", "intents_single", "small_survey")
CANDIDATE_NUMBERS = (5, 10, 15, 20, 30, 45, 60, 80, 100)
SMALLEST_CODE = 10
NEIGHBOURS = 15
WARM_UP = 300

Pairs = list[tuple[int, str]]
Method = Callable[[Sequence[str], int, Encoder, int], Pairs]
"""From texts, seed, encoder and the number of human codes to rows and their themes."""


def ours(texts: Sequence[str], seed: int, encode: Encoder, codes: int) -> Pairs:
    return _found(texts, seed, encode)


def ours_lexical(texts: Sequence[str], seed: int, encode: Encoder, codes: int) -> Pairs:
    return _found(texts, seed, None)


def _found(texts: Sequence[str], seed: int, encode: Encoder | None) -> Pairs:
    comments = [Comment(str(n), str(n), "", text) for n, text in enumerate(texts)]
    found = find_themes(comments, seed=seed, encode=encode)
    pairs = dict.fromkeys((int(a.comment_id), a.theme_id) for a in found.assignments)
    of_row: dict[int, list[str]] = {}
    for row, theme in pairs:
        of_row.setdefault(row, []).append(theme)
    for pile in found.set_aside:
        if pile.same_as is not None:
            of_row[int(pile.comment_id)] = of_row[int(pile.same_as)]
    return [(row, theme) for row, themes in of_row.items() for theme in themes]


def encoder_k_means(texts: Sequence[str], seed: int, encode: Encoder, codes: int) -> Pairs:
    return _k_means(encode(texts), seed)


def encoder_k_means_given(texts: Sequence[str], seed: int, encode: Encoder, codes: int) -> Pairs:
    labels = KMeans(min(codes, len(texts)), n_init=1, random_state=seed).fit_predict(encode(texts))
    return _numbered(labels)


def bertopic(texts: Sequence[str], seed: int, encode: Encoder, codes: int) -> Pairs:
    return _numbered(_bertopic(texts, seed, encode(texts))[1])


def bertopic_reassigned(texts: Sequence[str], seed: int, encode: Encoder, codes: int) -> Pairs:
    rows = encode(texts)
    model, topics = _bertopic(texts, seed, rows)
    if {-1} < set(topics):
        topics = model.reduce_outliers(texts, topics, strategy="embeddings", embeddings=rows)
    return _numbered(topics)


def _bertopic(texts: Sequence[str], seed: int, rows: Any) -> tuple[Any, Any]:
    """As it comes, but for the seed of its UMAP."""
    umap = import_module("umap").UMAP(
        n_neighbors=NEIGHBOURS, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed
    )
    model = import_module("bertopic").BERTopic(umap_model=umap)
    return model, model.fit_transform(texts, rows)[0]


def leiden(texts: Sequence[str], seed: int, encode: Encoder, codes: int) -> Pairs:
    """Communities by modularity of the graph of the nearest neighbours by cosine."""
    rows = encode(texts)
    graph = kneighbors_graph(rows, min(NEIGHBOURS, len(rows) - 1), metric="cosine")
    ends = sp.coo_matrix(graph.maximum(graph.T))
    own = ends.row < ends.col
    network = import_module("igraph").Graph(len(rows), list(zip(ends.row[own], ends.col[own], strict=True)))
    leidenalg = import_module("leidenalg")
    return _numbered(leidenalg.find_partition(network, leidenalg.ModularityVertexPartition, seed=seed).membership)


def _numbered(labels: Sequence[int]) -> Pairs:
    return [(row, str(label)) for row, label in enumerate(labels)]


def tfidf_k_means(texts: Sequence[str], seed: int, encode: Encoder, codes: int) -> Pairs:
    return _k_means(TfidfVectorizer(stop_words="english", min_df=2).fit_transform(texts), seed)


def lsa_k_means(texts: Sequence[str], seed: int, encode: Encoder, codes: int) -> Pairs:
    words = TfidfVectorizer(stop_words="english", min_df=2).fit_transform(texts)
    return _k_means(
        normalize(TruncatedSVD(min(100, min(words.shape) - 1), random_state=seed).fit_transform(words)), seed
    )


def _k_means(view: Any, seed: int) -> Pairs:
    """K-means, its number of clusters chosen by silhouette on at most 2,000 rows."""
    best: tuple[float, Any] = (-2.0, None)
    for number in CANDIDATE_NUMBERS:
        if number >= view.shape[0]:
            break
        labels = MiniBatchKMeans(number, n_init=3, random_state=seed).fit_predict(view)
        sample = min(2_000, view.shape[0])
        best = max(
            best, (silhouette_score(view, labels, sample_size=sample, random_state=seed), labels), key=lambda b: b[0]
        )
    return _numbered(best[1])


METHODS: dict[str, Method] = {
    "ours": ours,
    "ours, wording only": ours_lexical,
    "encoder + k-means": encoder_k_means,
    "  number given": encoder_k_means_given,
    "BERTopic": bertopic,
    "  outliers reassigned": bertopic_reassigned,
    "Leiden": leiden,
    "TF-IDF + k-means": tfidf_k_means,
    "LSA + k-means": lsa_k_means,
}

NEEDED = {"BERTopic": "bertopic", "  outliers reassigned": "bertopic", "Leiden": "leidenalg"}
"""Packages that the project does not depend on."""


class TimedEncoder:
    """The engine's encoder, with the CPU seconds it took; a text that was encoded before costs nothing again."""

    __name__ = minilm.__name__

    def __init__(self) -> None:
        self.seconds = 0.0
        self._known: dict[str, Any] = {}

    def __call__(self, texts: Sequence[str]) -> Any:
        start = time.process_time()
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, minilm(new), strict=True))
        result = np.array([self._known[text] for text in texts])
        self.seconds += time.process_time() - start
        return result


def scores(codes: Sequence[Sequence[str]], pairs: Pairs) -> dict[str, float]:
    """The scores that suit the codes, by name."""
    rows = len(codes)
    if all(len(own) == 1 for own in codes):
        first: dict[int, str] = {}
        for row, theme in pairs:
            first.setdefault(row, theme)
        labels, gold = [first.get(row, "none") for row in range(rows)], [own[0] for own in codes]
        return {"AMI": adjusted_mutual_info_score(gold, labels), "ARI": adjusted_rand_score(gold, labels)}
    gold_matrix = _indicator([(row, code) for row, own in enumerate(codes) for code in own], rows)
    found = _indicator(pairs, rows)
    sizes, totals = np.asarray(gold_matrix.sum(0)).ravel(), np.asarray(found.sum(0)).ravel()
    f1 = (2 * (gold_matrix.T @ found).toarray() / (sizes[:, None] + totals[None, :])).max(axis=1)
    kept = sizes >= min(SMALLEST_CODE, sizes.max())
    return {
        "macro F1": float(f1[kept].mean()),
        "weighted F1": float(np.average(f1[kept], weights=sizes[kept])),
        "B-cubed F": _b_cubed(gold_matrix, found),
    }


def _indicator(pairs: Pairs, rows: int) -> Any:
    names = {name: place for place, name in enumerate(sorted({name for _, name in pairs}))}
    at = ([row for row, _ in pairs], [names[name] for _, name in pairs])
    matrix = sp.csr_matrix((np.ones(len(pairs)), at), shape=(rows, len(names)))
    matrix.data[:] = 1
    return matrix


def _b_cubed(gold: Any, found: Any) -> float:
    """Extended B-cubed F: the mean over comments of how well shared themes and shared codes agree."""
    precision, recall = [], []
    for first in range(0, gold.shape[0], 1_000):
        themes = (found[first : first + 1_000] @ found.T).toarray()
        codes = (gold[first : first + 1_000] @ gold.T).toarray()
        both = np.minimum(themes, codes)
        precision.extend((both / np.maximum(themes, 1)).sum(1) / np.maximum((themes > 0).sum(1), 1))
        recall.extend((both / np.maximum(codes, 1)).sum(1) / np.maximum((codes > 0).sum(1), 1))
    p, r = float(np.mean(precision)), float(np.mean(recall))
    return 2 * p * r / max(p + r, 1e-9)


def read_set(path: Path) -> tuple[list[str], list[list[str]]]:
    text = gzip.decompress(path.read_bytes()).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    return [row["text"] for row in rows], [row["labels"].split(";") for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where themes_*.csv.gz lie")
    parser.add_argument("--sets", nargs="*", default=SETS, choices=SETS, metavar="SET", help=", ".join(SETS))
    parser.add_argument("--methods", nargs="*", default=list(METHODS), choices=METHODS, metavar="METHOD")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    missing = [name for name in arguments.methods if name in NEEDED and find_spec(NEEDED[name]) is None]
    if missing:
        print("not run, since their packages are not installed:", ", ".join(map(str.strip, missing)))
    methods = [name for name in arguments.methods if name not in missing]
    print(f"{'set':<24} {'method':<22} {'themes':>6} {'CPU s':>6} {'encoding s':>10}  scores")
    for name in arguments.sets:
        texts, codes = read_set(arguments.data / f"themes_{name}.csv.gz")
        for method in methods:
            encode = TimedEncoder()
            if name == arguments.sets[0]:
                METHODS[method](texts[:WARM_UP], arguments.seed, encode, CANDIDATE_NUMBERS[0])
                encode = TimedEncoder()
            start = time.process_time()
            with threadpool_limits(limits=1):
                pairs = METHODS[method](texts, arguments.seed, encode, len({code for own in codes for code in own}))
            seconds = time.process_time() - start - encode.seconds
            measured = "  ".join(f"{score} {value:.3f}" for score, value in scores(codes, pairs).items())
            themes = len({theme for _, theme in pairs})
            print(
                f"{name:<24} {method:<22} {themes:>6} {seconds:>6.1f} {encode.seconds:>10.1f}  {measured}", flush=True
            )


if __name__ == "__main__":
    main()
