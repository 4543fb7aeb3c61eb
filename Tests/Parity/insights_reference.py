"""Reference figures for the insights, from numpy, scikit-learn, stumpy and statsmodels.

    pip install numpy pandas scikit-learn==1.9.1 stumpy==1.14.1 statsmodels==0.15.0
    python insights_reference.py Samples/IXIC-1d.csv > Tests/Golden/IXIC-1d.insights.json

Nothing here calls the program. The tests of Sources/Insights and Sources/SeriesMath/Learning make the same inputs from the
same prices and compare. Features are rounded to 32 bits first, for scikit-learn's trees hold no more.
"""

import json
import sys

import numpy as np
import pandas as pd
import statsmodels.api as sm
import stumpy
from sklearn.cluster import KMeans
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import silhouette_score

HORIZON = 5
ROWS = 400


def features(close):
    """Moves over 1, 5 and 20 bars and the distance from the mean of 50, of every bar from 49 on."""
    bars = np.arange(49, len(close))
    average = pd.Series(close).rolling(50).mean().to_numpy()
    columns = [close[bars] / close[bars - lag] - 1 for lag in (1, 5, 20)] + [close[bars] / average[bars] - 1]
    return bars, np.stack(columns, axis=1).astype(np.float32).astype(float)


def warped(a, b, band):
    """Every cell of the matrix, by the definition."""
    cost = np.full((len(a) + 1, len(b) + 1), np.inf)
    cost[0, 0] = 0
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            if abs(i - j) <= band:
                cost[i, j] = (a[i - 1] - b[j - 1]) ** 2 + min(cost[i - 1, j], cost[i, j - 1], cost[i - 1, j - 1])
    return float(np.sqrt(cost[-1, -1]))


def main(path):
    close = pd.read_csv(path)["close"].to_numpy(float)
    bars, rows = features(close)
    rose = (close[bars[:ROWS] + HORIZON] > close[bars[:ROWS]]).astype(float)
    train = rows[:ROWS]

    logistic = LogisticRegression(C=1 / 10, solver="newton-cholesky", tol=1e-12, max_iter=1000)
    scaled = (train - train.mean(axis=0)) / train.std(axis=0)
    logistic.fit(scaled, rose)
    boosted = GradientBoostingClassifier(
        n_estimators=30, learning_rate=0.1, max_depth=1, min_samples_leaf=20, init=None,
        random_state=0).fit(train, rose)

    points = ((rows - rows.mean(axis=0)) / rows.std(axis=0))[::25]
    means = KMeans(n_clusters=3, init=points[[0, 60, 120]], n_init=1, algorithm="lloyd", tol=0).fit(points)
    order = np.lexsort(means.cluster_centers_.T[::-1])

    query = close[-60:]
    profile = stumpy.core.mass(query, close[:-60])
    change = close[1:] / close[:-1] - 1
    hac = sm.OLS(change, np.ones(len(change))).fit(cov_type="HAC", cov_kwds={"maxlags": 10, "use_correction": False})

    def shape(stretch):
        return (stretch - stretch.mean()) / stretch.std()

    first, second = shape(close[1000:1020]), shape(close[2000:2020])
    json.dump(
        {
            "logistic": {
                "intercept": float(logistic.intercept_[0]), "weights": logistic.coef_[0].tolist(),
                "probabilities": logistic.predict_proba(scaled)[:5, 1].tolist(),
            },
            "boosted": {
                "features": [int(tree[0].tree_.feature[0]) for tree in boosted.estimators_],
                "thresholds": [float(tree[0].tree_.threshold[0]) for tree in boosted.estimators_],
                "probabilities": boosted.predict_proba(rows[:ROWS + 100])[::50, 1].tolist(),
            },
            "kmeans": {
                "points": len(points), "centres": means.cluster_centers_[order].tolist(),
                "inertia": float(means.inertia_), "silhouette": float(silhouette_score(points, means.labels_)),
            },
            "profile": {
                "length": len(profile), "every500": profile[::500].tolist(),
                "nearest": int(np.argmin(profile)), "least": float(profile.min()),
            },
            "newey_west": {"mean": float(hac.params[0]), "error": float(hac.bse[0]), "score": float(hac.tvalues[0])},
            "warped": {"band0": warped(first, second, 0), "band3": warped(first, second, 3),
                       "band19": warped(first, second, 19)},
        }, sys.stdout, indent=1)
    print()


main(sys.argv[1])
