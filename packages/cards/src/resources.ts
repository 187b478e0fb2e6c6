/**
 * What a card asks of the machine, read from its `resources` attribute. Knows neither pools nor runners.
 */
import { getEntry, isJsonObject } from './json-entries.ts';
import type { JsonValue, Resources } from './manifest.ts';

export const DEFAULT_TIMEOUT_SECONDS = 300;
export const DEFAULT_GPU_TIMEOUT_SECONDS = 600;

const KNOWN_KEYS: readonly string[] = ['gpu', 'cpu', 'memory', 'timeout', 'network'];

const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 2 ** 10,
  kib: 2 ** 10,
  kb: 1e3,
  m: 2 ** 20,
  mib: 2 ** 20,
  mb: 1e6,
  g: 2 ** 30,
  gib: 2 ** 30,
  gb: 1e9,
  t: 2 ** 40,
  tib: 2 ** 40,
  tb: 1e12,
};

export interface ResourceProblem {
  severity: 'error' | 'warning';
  message: string;
}

/** Bytes of "4GiB", "500MB", "2g" or a plain number; undefined when it is no positive size. */
export function parseMemory(value: JsonValue): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?b?)\s*$/i.exec(
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '',
  );
  const unit = BYTES_PER_UNIT[match?.[2]?.toLowerCase() ?? ''];
  const bytes = match === null || unit === undefined ? 0 : Math.floor(Number(match[1]) * unit);
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Imported cards have no `resources`: their type tells whether they need a GPU. */
export const needsGpuByType = (cardType: string): boolean => cardType.startsWith('llm_') || cardType === 'train_gpu';

/** `written` is the attribute's value, undefined when the card has none. What is wrong falls back to the default. */
export function readResources(written: JsonValue | undefined, cardType: string): { resources: Resources; problems: ResourceProblem[] } {
  const problems: ResourceProblem[] = [];
  const wrong = (key: string, expected: string): undefined => {
    problems.push({ severity: 'error', message: `resources["${key}"] must be ${expected}; write it so.` });
  };
  const asked = isJsonObject(written) ? written : {};
  if (written !== undefined && !isJsonObject(written)) {
    problems.push({
      severity: 'error',
      message: 'resources must be a dict such as {"gpu": 1, "memory": "4GiB", "timeout": 600}; write it so.',
    });
  }
  for (const key of Object.keys(asked)) {
    if (KNOWN_KEYS.includes(key)) continue;
    problems.push({
      severity: 'warning',
      message: `resources["${key}"] is not known and has no effect; the known ones are ${KNOWN_KEYS.join(', ')}.`,
    });
  }
  const gpu = readGpu(getEntry(asked, 'gpu'), wrong) ?? (needsGpuByType(cardType) ? 1 : 0);
  const cpu = readPositive(getEntry(asked, 'cpu'), () => wrong('cpu', 'a number of cores above 0'));
  const memory = getEntry(asked, 'memory') ?? undefined;
  const memoryBytes =
    memory === undefined ? undefined : (parseMemory(memory) ?? wrong('memory', 'a size such as "4GiB" or a number of bytes'));
  const timeout = readPositive(getEntry(asked, 'timeout'), () => wrong('timeout', 'a number of seconds above 0'));
  const resources: Resources = {
    gpu,
    timeoutSeconds: timeout ?? (gpu > 0 ? DEFAULT_GPU_TIMEOUT_SECONDS : DEFAULT_TIMEOUT_SECONDS),
    network: readNetwork(getEntry(asked, 'network'), wrong),
  };
  if (cpu !== undefined) resources.cpu = cpu;
  if (memoryBytes !== undefined) resources.memoryBytes = memoryBytes;
  return { resources, problems };
}

function readGpu(value: JsonValue | undefined, wrong: (key: string, expected: string) => undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  return wrong('gpu', 'a whole number of GPUs');
}

function readPositive(value: JsonValue | undefined, wrong: () => undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' && value > 0 ? value : wrong();
}

function readNetwork(value: JsonValue | undefined, wrong: (key: string, expected: string) => undefined): string[] {
  if (value === undefined || value === null || value === false) return [];
  const hosts = Array.isArray(value) ? value.filter((host): host is string => typeof host === 'string' && /^[^\s/]+$/.test(host)) : [];
  if (!Array.isArray(value) || hosts.length !== value.length) wrong('network', 'a list of host names such as ["example.org"]');
  return hosts;
}
