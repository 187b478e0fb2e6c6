/** `ensemble validate FILE…`: reads card files without running them. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { CardReading } from '@ensemble/cards';
import { loadCardReader } from '@ensemble/cards/node';
import { usageError } from '../cli-error.ts';

type FileReading = { file: string } & CardReading;

export async function validateCards(args: string[]): Promise<number> {
  const { values, positionals: files } = parseArgs({
    args,
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (files.length === 0) throw usageError('Name at least one card file: ensemble validate FILE… [--json]');
  const reader = await loadCardReader();
  const owners = new Map<string, string>();
  const readings: FileReading[] = [];
  for (const file of files) {
    const source = await readUtf8(file);
    const reading =
      'problem' in source
        ? unreadable(source.problem)
        : reader.read(source.text, { path: file, takenBy: (cardType) => owners.get(cardType) });
    if (reading.manifest && !owners.has(reading.manifest.cardType)) owners.set(reading.manifest.cardType, file);
    readings.push({ file, ...reading });
  }
  process.stdout.write(values.json ? `${JSON.stringify(readings, null, 2)}\n` : describe(readings));
  return readings.every((reading) => reading.valid) ? 0 : 1;
}

async function readUtf8(file: string): Promise<{ text: string } | { problem: string }> {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)) };
  } catch (error) {
    if (error instanceof TypeError) return { problem: 'The file is not UTF-8 text; save it as UTF-8.' };
    return { problem: `The file cannot be read (${error instanceof Error ? error.message : String(error)}); check its name.` };
  }
}

const unreadable = (message: string): CardReading => ({
  valid: false,
  diagnostics: [{ line: 1, column: 1, severity: 'error', code: 'card/unreadable', message }],
});

function describe(readings: FileReading[]): string {
  const lines = readings.flatMap(({ file, valid, manifest, diagnostics }) => [
    `${valid ? '✔' : '✖'} ${file}${manifest ? ` (${manifest.cardType})` : ''}`,
    ...diagnostics.map((one) => `  ${one.line}:${one.column} ${one.severity} ${one.code}: ${one.message}`),
  ]);
  return `${lines.join('\n')}\n`;
}
