"""Estimators by name, with the preparation of mixed columns in front, so that whatever is learned is learned from training rows alone.

Knows nothing of storage or cards. A model made here carries `target_name_`, the column it predicts, and `feature_names_in_`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

CLASSIFIERS = (
    "logistic_regression",
    "random_forest",
    "gradient_boosting",
    "knn",
    "svm",
    "decision_tree",
    "extra_trees",
    "naive_bayes",
)
REGRESSORS = ("linear", "ridge", "lasso", "random_forest", "gradient_boosting", "knn", "svm")
_SCALED = {"logistic_regression", "knn", "svm", "linear", "ridge", "lasso"}


def learnable_columns(table: "pandas.DataFrame") -> tuple[list[str], list[str], list[str]]:
    """(number columns, text columns, a sentence for every column that was left out). Raises ValueError when none is left."""
    numbers, texts, notes = [], [], []
    for name, column in table.items():
        reason = None
        if column.notna().sum() == 0:
            reason = "it is empty"
        elif column.dtype.kind in "biuf":
            numbers.append(name)
        elif column.dtype.kind in "mM":
            reason = "dates are not handled; derive numbers from it first"
        elif column.astype(str).nunique() > max(50, 0.5 * len(column)):
            reason = f"{column.astype(str).nunique()} different texts look like names, not categories"
        else:
            texts.append(name)
        if reason:
            notes.append(f"column {name!r} was left out: {reason}")
    if not numbers and not texts:
        raise ValueError("there is no column to learn from besides the target" + (f"; {'; '.join(notes)}" if notes else ""))
    return numbers, texts, notes


def rows_with_target(table: "pandas.DataFrame", target: str) -> tuple["pandas.DataFrame", list[str]]:
    """The rows that have a target, and a note about those that do not."""
    rows = table[table[target].notna()]
    lost = len(table) - len(rows)
    if rows.empty:
        raise ValueError(f"no row has a value in the target column {target!r}")
    return rows, [f"{lost} rows without a target were left out"] if lost else []


def check_classes(labels: "pandas.Series", target: str) -> None:
    """Raises ValueError when the column holds no classes: too few, or a measured number."""
    count = labels.nunique()
    if count < 2:
        raise ValueError(f"target column {target!r} has {count} different value{'' if count == 1 else 's'}; a classifier needs at least 2")
    if looks_measured(labels):
        raise ValueError(
            f"target column {target!r} looks like a measured number ({count} different values); this card predicts classes, "
            "std/train_regressor predicts numbers"
        )


def check_measured(values: "pandas.Series", target: str, at_least: int = 2) -> None:
    """Raises ValueError when the column does not hold finite numbers, `at_least` so many different ones."""
    if values.dtype.kind not in "biuf":
        raise ValueError(f"target column {target!r} holds {values.dtype}, not numbers; std/train_classifier predicts classes")
    if values.nunique() < at_least:
        raise ValueError(f"target column {target!r} is the same in every row; there is nothing to learn")
    if values.isin([float("inf"), float("-inf")]).any():
        raise ValueError(f"target column {target!r} holds infinite values; filter those rows out")


def looks_measured(labels: "pandas.Series") -> bool:
    """Whether the values are numbers with fractions, or so many different ones that they are hardly classes."""
    if labels.dtype.kind == "f" and bool((labels % 1 != 0).any()):
        return True
    count = labels.nunique()
    return labels.dtype.kind in "iuf" and count > 50 and count > 0.2 * len(labels)


def classifier(config: dict[str, Any], rows: int) -> tuple[dict[str, Any], Any]:
    """({hyperparameter: value}, the unfitted classifier) of `config["model"]`."""
    from sklearn import ensemble, linear_model, naive_bayes, neighbors, svm, tree

    name, seed = config["model"], config["seed"]
    forest = {"n_estimators": config["trees"], "max_depth": config["max_depth"] or None}
    boosting = {"n_estimators": config["trees"], "max_depth": config["max_depth"] or 3, "learning_rate": config["learning_rate"]}
    if name == "logistic_regression":
        return _made({"C": config["regularization"]}, linear_model.LogisticRegression, max_iter=2000, random_state=seed)
    if name == "svm":
        return _made({"C": config["regularization"]}, svm.SVC, random_state=seed)
    if name == "knn":
        return _made({"n_neighbors": _neighbors(config, rows)}, neighbors.KNeighborsClassifier)
    if name == "random_forest":
        return _made(forest, ensemble.RandomForestClassifier, random_state=seed)
    if name == "extra_trees":
        return _made(forest, ensemble.ExtraTreesClassifier, random_state=seed)
    if name == "decision_tree":
        return _made({"max_depth": config["max_depth"] or None}, tree.DecisionTreeClassifier, random_state=seed)
    if name == "gradient_boosting":
        return _made(boosting, ensemble.GradientBoostingClassifier, random_state=seed)
    if name == "naive_bayes":
        return _made({}, naive_bayes.GaussianNB)
    raise ValueError(f"model {name!r} does not exist; choose one of {', '.join(CLASSIFIERS)}")


def regressor(config: dict[str, Any], rows: int) -> tuple[dict[str, Any], Any]:
    """({hyperparameter: value}, the unfitted regressor) of `config["model"]`. More `regularization` gives a simpler model."""
    from sklearn import ensemble, linear_model, neighbors, svm

    name, seed, strength = config["model"], config["seed"], config["regularization"]
    if name == "linear":
        return _made({}, linear_model.LinearRegression)
    if name == "ridge":
        return _made({"alpha": strength}, linear_model.Ridge, random_state=seed)
    if name == "lasso":
        return _made({"alpha": strength}, linear_model.Lasso, max_iter=10_000, random_state=seed)
    if name == "svm":
        return _made({"C": 1 / strength}, svm.SVR)
    if name == "knn":
        return _made({"n_neighbors": _neighbors(config, rows)}, neighbors.KNeighborsRegressor)
    if name == "random_forest":
        forest = {"n_estimators": config["trees"], "max_depth": config["max_depth"] or None}
        return _made(forest, ensemble.RandomForestRegressor, random_state=seed)
    if name == "gradient_boosting":
        boosting = {"n_estimators": config["trees"], "max_depth": config["max_depth"] or 3, "learning_rate": config["learning_rate"]}
        return _made(boosting, ensemble.GradientBoostingRegressor, random_state=seed)
    raise ValueError(f"model {name!r} does not exist; choose one of {', '.join(REGRESSORS)}")


def prepared(name: str, estimator: Any, numbers: list[str], texts: list[str]) -> Any:
    """Preparation and estimator as one scikit-learn pipeline: gaps filled, texts one-hot, numbers scaled where `name` needs it."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    steps = []
    if numbers:
        fill = SimpleImputer(strategy="median")
        steps.append(("numbers", make_pipeline(fill, StandardScaler()) if name in _SCALED else fill, numbers))
    if texts:
        encode = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=50, sparse_output=False)
        fill = SimpleImputer(strategy="constant", fill_value="(empty)")
        steps.append(("texts", make_pipeline(FunctionTransformer(as_texts, feature_names_out="one-to-one"), fill, encode), texts))
    return make_pipeline(ColumnTransformer(steps, verbose_feature_names_out=False), estimator)


def as_texts(table: "pandas.DataFrame") -> "pandas.DataFrame":
    """Everything but gaps as text, so that a column of truth values with gaps is one of categories."""
    return table.astype(object).where(table.isna(), table.astype(str)).where(table.notna(), None)


def features_of(model: Any, table: "pandas.DataFrame") -> list[str]:
    """The columns a model wants, or for a model that does not say, all but its target."""
    target = getattr(model, "target_name_", None)
    return list(getattr(model, "feature_names_in_", [name for name in table.columns if name != target]))


def _made(chosen: dict[str, Any], kind: Any, **fixed: Any) -> tuple[dict[str, Any], Any]:
    return chosen, kind(**chosen, **fixed)


def _neighbors(config: dict[str, Any], rows: int) -> int:
    if config["neighbors"] > rows:
        raise ValueError(f"neighbors is {config['neighbors']}, but there are only {rows} training rows")
    return config["neighbors"]
