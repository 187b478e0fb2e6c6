/** Reads the arguments of `ensemble run`. */
import { parseArgs } from 'node:util';
import type { RunScope } from '@ensemble/protocol';
import { usageError } from '../cli-error.ts';

export interface FieldValue {
  nodeId: string;
  field: string;
  text: string;
}

export interface RunOptions {
  directory: string;
  /** By name; the first otherwise. */
  pipeline: string | undefined;
  sets: FieldValue[];
  files: FieldValue[];
  out: string;
  json: boolean;
  /** Which part of the pipeline; absent: all of it. */
  scope: RunScope | undefined;
  /** Execute every step, whatever the cache holds. */
  force: boolean;
}

export function parseRunOptions(args: string[]): RunOptions {
  const { values, positionals } = parseArgs({
    args,
    options: {
      pipeline: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      file: { type: 'string', multiple: true, default: [] },
      out: { type: 'string', default: 'ensemble-out' },
      json: { type: 'boolean', default: false },
      to: { type: 'string', multiple: true, default: [] },
      from: { type: 'string', multiple: true, default: [] },
      only: { type: 'string', multiple: true, default: [] },
      force: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [directory, ...extra] = positionals;
  if (directory === undefined || extra.length > 0)
    throw usageError('Name one project folder: ensemble run DIR [--pipeline NAME] [--set NODE.FIELD=VALUE]… [--json]');
  return {
    directory,
    pipeline: values.pipeline,
    sets: values.set.map((text) => parseFieldValue('--set', text)),
    files: values.file.map((text) => parseFieldValue('--file', text)),
    out: values.out,
    json: values.json,
    scope: scopeOf(values),
    force: values.force,
  };
}

/** One kind of part at a time. */
function scopeOf(values: Record<RunScope['kind'], string[]>): RunScope | undefined {
  const kinds = (['to', 'from', 'only'] as const).filter((kind) => values[kind].length > 0);
  if (kinds.length > 1)
    throw usageError(`Say one of ${kinds.map((kind) => `--${kind}`).join(' and ')}: they are different parts of the pipeline.`);
  const [kind] = kinds;
  return kind && { kind, nodeIds: values[kind] };
}

/** `NODE.FIELD=VALUE`; node ids may hold dots, field names may not. */
function parseFieldValue(option: string, text: string): FieldValue {
  const equals = text.indexOf('=');
  const dot = text.lastIndexOf('.', equals);
  if (equals < 0 || dot <= 0 || dot + 1 === equals)
    throw usageError(`${option} ${text}: expected NODE.FIELD=${option === '--file' ? 'PATH' : 'VALUE'}.`);
  return { nodeId: text.slice(0, dot), field: text.slice(dot + 1, equals), text: text.slice(equals + 1) };
}
