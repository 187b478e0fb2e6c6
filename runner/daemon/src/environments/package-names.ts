/** Names people write when they mean another package. Pure. */

/** What is imported → what it is called in the index. */
const IMPORTED_AS: Readonly<Record<string, string>> = {
  bs4: 'beautifulsoup4',
  cv2: 'opencv-python-headless',
  dateutil: 'python-dateutil',
  dotenv: 'python-dotenv',
  pil: 'pillow',
  serial: 'pyserial',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  yaml: 'pyyaml',
};

const WELL_KNOWN = [
  ...Object.values(IMPORTED_AS),
  ...'accelerate altair catboost datasets diffusers duckdb fastapi gensim hdbscan httpx humanize imbalanced-learn jax joblib keras lightgbm'.split(
    ' ',
  ),
  ...'lightning lxml matplotlib mlflow networkx nltk numba numpy onnx onnxruntime openai openpyxl optuna pandas plotly polars prophet'.split(
    ' ',
  ),
  ...'pyarrow pydantic requests scipy seaborn sentence-transformers shap spacy sqlalchemy statsmodels sympy tensorflow tiktoken tokenizers'.split(
    ' ',
  ),
  ...'torch torchaudio torchvision tqdm transformers umap-learn wandb xgboost'.split(' '),
];

/** The well-known package that this name is a slip of, if there is one. */
export function closestPackage(name: string): string | undefined {
  const wanted = name.toLowerCase();
  const imported = Object.hasOwn(IMPORTED_AS, wanted) ? IMPORTED_AS[wanted] : undefined;
  if (imported !== undefined) return imported;
  const allowed = wanted.length < 5 ? 1 : 2;
  let best: { known: string; distance: number } | undefined;
  for (const known of WELL_KNOWN) {
    if (Math.abs(known.length - wanted.length) > allowed) continue;
    const distance = editDistance(wanted, known);
    if (distance <= allowed && (best === undefined || distance < best.distance)) best = { known, distance };
  }
  return best?.known;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, at(i - 2, j - 2) + 1);
      (rows[i] ?? [])[j] = least;
    }
  }
  return at(a.length, b.length);
}
