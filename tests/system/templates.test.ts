/** Every template of the gallery, made into a pipeline and run on one product, as a newcomer would. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ImportResult, Template } from '@ensemble/protocol';
import { call, createProject, finished, readStep, startRun } from '../lib/api.ts';
import { newDataDirectory, type Product, removeDirectory, startProduct } from '../lib/product.ts';

/** The evaluations of each template: step, metric, the least it must reach. A template that is not here fails the first test. */
const EXPECTED: Record<string, [node: string, metric: string, least: number][]> = {
  'breast-cancer-models': [
    ['evaluate_linear', 'roc_auc', 0.97],
    ['evaluate_forest', 'roc_auc', 0.97],
  ],
  'customer-churn': [['evaluate', 'roc_auc', 0.75]],
  'diabetes-regression': [['evaluate', 'r2', 0.35]],
  'digits-confusion-matrix': [['evaluate', 'accuracy', 0.93]],
  'iris-classification': [['evaluate', 'accuracy', 0.85]],
  'time-series-lags': [['evaluate', 'r2', 0.6]],
};

let product: Product;
let projectId: string;
const directory = newDataDirectory();

beforeAll(async () => {
  product = await startProduct({ directory });
  projectId = (await createProject(product, 'Templates')).id;
});
afterAll(async () => {
  await product?.stop();
  removeDirectory(directory);
});

test('the gallery has the templates of this list and no other', async () => {
  const templates = Template.array().parse((await call(product, 'GET', '/api/templates')).body);
  expect(templates.map((one) => one.name).sort()).toEqual(Object.keys(EXPECTED));
});

test.for(Object.entries(EXPECTED))('%s runs to the end and its model is better than guessing', async ([name, wanted]) => {
  const made = await call(product, 'POST', `/api/projects/${projectId}/templates/${name}`, {});
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { pipelineId } = ImportResult.parse(made.body);
  const run = await finished(product, (await startRun(product, pipelineId)).id);
  expect(run.steps.map((step) => [step.nodeId, step.state, step.error?.message])).toEqual(
    run.steps.map((step) => [step.nodeId, 'succeeded', undefined]),
  );
  for (const [node, metric, least] of wanted) {
    const { preview, outputs } = await readStep(product, run.id, node);
    const { metrics, chart_ref: chart } = preview as { metrics: Record<string, number>; chart_ref: string };
    expect(metrics[metric], `${metric} of ${node}`).toBeGreaterThan(least);
    expect(metrics[metric]).toBeLessThanOrEqual(1);
    expect(outputs.map((one) => one.ref)).toContain(chart);
  }
});
