"""What the classifier costs and how right it is: training, loading, one text, many texts on two cores.

Speeds stand beside those of the plainest pipeline of scikit-learn (TF-IDF of words and pairs, one logistic regression for
the agency only), fitted on the same texts and timed in the same run.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import classifiers
from classifiers import Classifier
from classifiers.corpus import Row, read_corpus
from classifiers.training import train

CORPUS = Path(classifiers.__file__).parent / "corpus"
TEXTS = 2_000
BATCH = 10_000
CHUNK = 250
_model: Classifier


def main() -> None:
    """Measure and print."""
    rows = read_corpus([CORPUS])
    texts = [row.text for row in rows][:: max(1, len(rows) // TEXTS)][:TEXTS]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.zip"
        report = train([CORPUS], path)
        loading = _median_seconds([lambda: Classifier.load(path)] * 5)
        model = Classifier.load(path)
        one = _median_seconds([lambda text=text: model.classify(text) for text in texts])
        plain, fitting = _plain_pipeline(rows, texts)
        many = _texts_per_second(path, texts)
        size = path.stat().st_size
    print(
        f"train, calibrate and measure  {report.seconds:8.1f} s    on {report.rows} texts, {report.terms} terms"
    )
    print(f"  x fitting the plain pipeline{report.seconds / fitting:8.1f}")
    print(f"load                          {loading:8.3f} s")
    print(f"model file                    {size / 1e6:8.1f} MB")
    print(f"one text, all heads, p50      {one * 1000:8.2f} ms   with flags, reasons and asks")
    print(
        f"  x the plain pipeline        {one / plain:8.2f}      ({plain * 1000:.2f} ms for the agency alone)"
    )
    print(f"two processes                 {many:8.0f} texts/s")


def _median_seconds(steps: Sequence[Callable[[], object]]) -> float:
    taken = []
    for step in steps:
        started = time.perf_counter()
        step()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _plain_pipeline(rows: Sequence[Row], texts: Sequence[str]) -> tuple[float, float]:
    """Return the median seconds for one text by the plain pipeline, and the seconds to fit it."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True),
        LogisticRegression(C=30, max_iter=60),
    )
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline.fit([row.text for row in rows], [row.lead for row in rows])
    fitting = time.perf_counter() - started
    return _median_seconds(
        [lambda text=text: pipeline.predict_proba([text]) for text in texts[:500]]
    ), fitting


def _texts_per_second(path: Path, texts: Sequence[str]) -> float:
    many = [texts[number % len(texts)] for number in range(BATCH)]
    chunks = [many[start : start + CHUNK] for start in range(0, BATCH, CHUNK)]
    with ProcessPoolExecutor(2, initializer=_load, initargs=(path,)) as pool:
        list(pool.map(_classify_all, chunks[:4]))
        started = time.perf_counter()
        done = sum(pool.map(_classify_all, chunks))
        return done / (time.perf_counter() - started)


def _load(path: Path) -> None:
    global _model
    _model = Classifier.load(path)


def _classify_all(texts: Sequence[str]) -> int:
    for text in texts:
        _model.classify(text)
    return len(texts)
