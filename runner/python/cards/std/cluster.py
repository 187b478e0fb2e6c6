"""Finds groups of similar rows without being told any."""

from cards.base import BaseCard
from ensemble import estimators
from ensemble.fitted_columns import chosen_columns
from ensemble.tables import require_new_column, table_preview

_MAX_PAIRED = 20_000


class Cluster(BaseCard):
    card_type = "std/cluster"
    display_name = "Cluster"
    description = "Finds groups of similar rows and adds their number as a column. Numbers are scaled and texts encoded first."
    category = "training"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "columns": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Columns",
                "description": "What similarity is about. Empty: every column of numbers.",
                "format": "columns",
                "x-port": "dataset",
                "default": [],
            },
            "method": {
                "type": "string",
                "title": "Method",
                "description": "dbscan finds the number of groups itself and leaves out lone rows (-1).",
                "enum": ["kmeans", "dbscan", "agglomerative"],
                "default": "kmeans",
            },
            "clusters": {
                "type": "integer",
                "title": "Groups",
                "description": "For kmeans and agglomerative.",
                "minimum": 2,
                "maximum": 200,
                "default": 3,
            },
            "radius": {
                "type": "number",
                "title": "Radius",
                "description": "For dbscan: rows nearer than this are neighbours; columns have deviation 1.",
                "minimum": 0.001,
                "maximum": 1000,
                "default": 0.5,
            },
            "neighbors": {
                "type": "integer",
                "title": "Neighbours",
                "description": "For dbscan: how many neighbours make a row part of a group's core.",
                "minimum": 1,
                "maximum": 1000,
                "default": 5,
            },
            "column": {
                "type": "string",
                "title": "Name of the new column",
                "description": "Must not be a column of the table already.",
                "default": "cluster",
            },
            "seed": {
                "type": "integer",
                "title": "Seed",
                "description": "The same seed and data give the same model.",
                "minimum": 0,
                "maximum": 4294967295,
                "default": 42,
            },
        },
        "required": [],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe", "summary": "json"}

    def execute(self, config, inputs, storage):
        from sklearn.metrics import silhouette_score

        table = storage.load_dataframe(inputs["dataset"])
        column = require_new_column(table, config["column"])
        chosen = chosen_columns(table, config["columns"], "", "iuf")
        if config["method"] == "agglomerative" and len(table) > _MAX_PAIRED:
            raise ValueError(f"agglomerative compares every pair of {len(table):,} rows; use kmeans, or sample {_MAX_PAIRED:,} rows first")
        estimator = _estimator(config, len(table))
        numbers, texts, notes = estimators.learnable_columns(table[chosen])
        points = estimators.prepared("knn", "passthrough", numbers, texts).fit_transform(table[numbers + texts])
        labels = estimator.fit_predict(points)
        groups = sorted({int(label) for label in labels if label >= 0})
        inside = labels >= 0
        summary = {"method": config["method"], "groups": len(groups), "lone_rows": int((~inside).sum()), "silhouette": None}
        if 2 <= len(groups) < inside.sum():
            sample = min(5_000, int(inside.sum()))
            summary["silhouette"] = float(silhouette_score(points[inside], labels[inside], sample_size=sample, random_state=config["seed"]))
            self.log_metric("silhouette", summary["silhouette"])
        print("\n".join([*notes, *(f"{name}: {value}" for name, value in summary.items())]))
        return {
            "dataset": storage.save_dataframe("_", "_", "dataset", table.assign(**{column: labels.astype("int64")})),
            "summary": storage.save_json("_", "_", "summary", summary),
        }

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))


def _estimator(config, rows):
    from sklearn import cluster

    if config["method"] == "dbscan":
        return cluster.DBSCAN(eps=config["radius"], min_samples=config["neighbors"])
    if config["clusters"] > rows:
        raise ValueError(f"{config['clusters']} groups of {rows} rows cannot be found; ask for fewer")
    if config["method"] == "kmeans":
        return cluster.KMeans(config["clusters"], n_init=10, random_state=config["seed"])
    if config["method"] == "agglomerative":
        return cluster.AgglomerativeClustering(config["clusters"])
    raise ValueError(f"method {config['method']!r} does not exist; choose kmeans, dbscan or agglomerative")
