/**
 * How long writing a card keeps people waiting: from a keystroke to everybody's palette, and from "Run card" to its preview.
 * `node bench/card-loop.ts [--rounds 20] [--cold 3]`. The whole product: the documents through the web app's own provider,
 * HTTP, database, bus, runner, sandbox, artifacts. The card loads pandas and looks at a table. README.md tells how to read it.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openProvider } from '@ensemble/testkit';
import type { ProviderClient } from '@ensemble/testkit';
import { TrialSetup } from '@ensemble/protocol';
import type { ProjectCardEntry, RunDocumentStep, TrialSummary } from '@ensemble/protocol';
import { call, createProject, finished, importFolder, readStep, startRun } from '../tests/lib/api.ts';
import { folder } from '../tests/lib/folders.ts';
import { removeDirectory, repository, startProduct } from '../tests/lib/product.ts';
import type { Product } from '../tests/lib/product.ts';
import { machine, quantiles, round, writeRecord } from './lib/report.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' }, cold: { type: 'string', default: '3' } } });
const rounds = Number(values.rounds);
const python = path.join(process.env.ENSEMBLE_CACHE_DIR ?? path.join(repository, '.cache'), 'python/bin/python');

const ROWS = 1_000;
const cardSource = (type: string, inputs: string, outputs: string, body: string): string => `
import numpy as np
import pandas as pd
from cards.base import BaseCard


class Card(BaseCard):
    card_type = "${type}"
    display_name = "${type}"
    description = "A card of the benchmark."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {}
    input_schema = ${inputs}
    output_schema = ${outputs}

    def execute(self, config, inputs, storage):
${body}

    def get_output_preview(self, outputs, storage):
        frame = storage.load_dataframe(outputs["table"])
        return {"columns": list(frame.columns), "rows": frame.head(20).values.tolist(), "total_rows": len(frame)}
`;
const MAKE = cardSource(
  'make',
  '{}',
  '{"table": "dataframe"}',
  `        frame = pd.DataFrame({"a": np.arange(${ROWS}), "b": np.random.rand(${ROWS})})
        return {"table": storage.save_dataframe("_p", "_n", "table", frame)}`,
);
const LOOK = cardSource(
  'look',
  '{"table": "dataframe"}',
  '{"table": "dataframe", "port_0": "json"}',
  `        frame = storage.load_dataframe(inputs["table"])
        frame["c"] = frame["a"] * 2
        for name in self.output_schema:
            if name != "table":
                storage.save_json("_p", "_n", name, {"rows": len(frame)})
        return {"table": storage.save_dataframe("_p", "_n", "table", frame)}`,
);

/** Resolves with the time at which the document first shows it. */
function seen(client: ProviderClient, shows: () => boolean): Promise<number> {
  if (shows()) return Promise.resolve(performance.now());
  return new Promise((resolve) => {
    const look = (): void => {
      if (!shows()) return;
      client.doc.off('update', look);
      resolve(performance.now());
    };
    client.doc.on('update', look);
  });
}

interface Loop {
  toPalette: number[];
  toPreview: number[];
  /** Of the same trials: until the run was accepted, until the card executed, until its end was shown. */
  accepted: number[];
  started: number[];
  /** From the claim to the result that the control plane committed. */
  executed: number[];
  ended: number[];
  warm: string[];
}

async function openWorkshop(product: Product, name: string) {
  const { id: projectId } = await createProject(product, name);
  const nodes = ['make', 'look'].map((id) => ({ id, card: id }));
  const imported = await importFolder(
    product,
    projectId,
    folder(nodes, ['make.table -> look.table'], { 'make.py': MAKE, 'look.py': LOOK }),
  );
  const idOf = async (text: string): Promise<string> =>
    ((await call(product, 'GET', `/api/projects/${projectId}/cards/search?text=${text}`)).body as { cardId: string }[])[0]?.cardId ?? '';
  return { projectId, pipelineId: imported.pipelineId, cardId: await idOf('port_0'), makerId: await idOf('np.arange') };
}

const product = await startProduct();
const clients: ProviderClient[] = [];
const open = async (documentName: string): Promise<ProviderClient> => {
  const url = `${product.url.replace('http', 'ws')}/collab`;
  const client = await openProvider({ url, documentName, headers: { authorization: `Bearer ${product.token}` } });
  clients.push(client);
  return client;
};

async function tryOnce(place: { projectId: string; cardId: string }, loop: Loop): Promise<void> {
  const address = `/api/projects/${place.projectId}/cards/${place.cardId}`;
  // The panel has read this long before anybody clicks.
  const { inputs, nodeId, config } = TrialSetup.parse((await call(product, 'GET', `${address}/trial-setup`)).body);
  const chosen = Object.fromEntries(inputs.flatMap((input) => (input.chosen ? [[input.name, input.chosen] as const] : [])));
  const from = performance.now();
  const answer = await call(product, 'POST', `${address}/trials`, { nodeId, config, inputs: chosen });
  if (answer.status !== 201) throw new Error(`the trial was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  const accepted = performance.now();
  const { id } = answer.body as TrialSummary;
  const run = await open(`run:${id}`);
  const step = (): RunDocumentStep | undefined => run.doc.getMap<RunDocumentStep>('steps').get(nodeId);
  const ended = await seen(run, () => ['succeeded', 'failed', 'cancelled'].includes(step()?.state ?? ''));
  const detail = await readStep(product, id, nodeId);
  const previewed = performance.now();
  if (detail.preview === null) throw new Error(`the trial ${detail.state}: ${JSON.stringify(detail.error ?? detail.previewError)}`);
  run.destroy();
  clients.splice(clients.indexOf(run), 1);
  const attempt = await call(product, 'GET', `/api/runs/${id}`);
  const { createdAt, steps } = attempt.body as {
    createdAt: number;
    steps: { nodeId: string; startedAt: number; durationMs: number; warm: string | null }[];
  };
  const executed = steps.find((candidate) => candidate.nodeId === nodeId);
  loop.accepted.push(accepted - from);
  loop.started.push((executed?.startedAt ?? NaN) - createdAt);
  loop.executed.push(executed?.durationMs ?? NaN);
  loop.ended.push(ended - from);
  loop.toPreview.push(previewed - from);
  loop.warm.push(executed?.warm ?? 'unknown');
}

const emptyLoop = (): Loop => ({ toPalette: [], toPreview: [], accepted: [], started: [], executed: [], ended: [], warm: [] });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

try {
  const cold = emptyLoop();
  // Another project is another trust key: nothing of it is warm yet. The card that makes the table needs no run before it.
  for (let turn = 0; turn < Number(values.cold); turn += 1) {
    const { projectId, makerId } = await openWorkshop(product, `Cold ${turn}`);
    await tryOnce({ projectId, cardId: makerId }, cold);
  }

  const place = await openWorkshop(product, 'Bench');
  await finished(product, (await startRun(product, place.pipelineId)).id);
  const [writer, watcher] = [await open(`card:${place.cardId}`), await open(`project:${place.projectId}`)];
  const warm = emptyLoop();
  for (let turn = 1; turn <= rounds; turn += 1) {
    const source = writer.doc.getText('source');
    const at = source.toJSON().indexOf(`port_${turn - 1}"`);
    const port = `port_${turn}`;
    const entry = (): ProjectCardEntry | undefined => watcher.doc.getMap<ProjectCardEntry>('cards').get(place.cardId);
    const from = performance.now();
    const shown = seen(watcher, () => entry()?.manifest?.outputs.some(({ name }) => name === port) ?? false);
    writer.doc.transact(() => {
      source.delete(at, `port_${turn - 1}`.length);
      source.insert(at, port);
    });
    warm.toPalette.push((await shown) - from);
    await tryOnce(place, warm);
    // People read what they see before they type on.
    await pause(300);
  }

  const importsMs = Array.from({ length: 5 }, () => {
    const from = performance.now();
    spawnSync(python, ['-c', 'import numpy, pandas, pyarrow']);
    return performance.now() - from;
  });
  const echoes: number[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const from = performance.now();
    await call(product, 'GET', '/api/health');
    echoes.push(performance.now() - from);
  }
  const row = (name: string, sample: number[]) => {
    const { p50, p95 } = quantiles(sample);
    return { name, p50, p95, worst: round(Math.max(...sample)), n: sample.length };
  };
  const count = ({ warm: kinds }: Loop): string =>
    [...new Set(kinds)].map((kind) => `${kinds.filter((other) => other === kind).length} ${kind}`).join(', ');
  const rows = [
    row('keystroke → everybody’s palette', warm.toPalette),
    row('Run card → preview, warm', warm.toPreview),
    row('  … → accepted', warm.accepted),
    row('  … accepted → claimed by the runner', warm.started),
    row('  … claimed → result committed', warm.executed),
    row('  … → its end is shown', warm.ended),
    row('Run card → preview, cold', cold.toPreview),
    row('limit: an interpreter that imports pandas', importsMs),
    row('limit: one HTTP answer', echoes),
  ];
  const about = machine();
  console.table(rows);
  console.log(`sandboxes: warm ${count(warm)}, cold ${count(cold)}; database PGlite; ${ROWS} rows; ms`);
  console.log(`${about.cpus} cores; load average at the end ${about.loadAverage?.toFixed(1)}`);
  const setting = { database: 'PGlite', rounds, rows: ROWS, sandboxes: { warm: count(warm), cold: count(cold) } };
  writeRecord('card-loop', { at: new Date().toISOString(), machine: about, setting, rows });
} finally {
  for (const client of clients) client.destroy();
  await product.stop();
  removeDirectory(product.directory);
}
