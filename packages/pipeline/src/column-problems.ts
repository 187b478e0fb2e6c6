/** Config fields that name columns which their table is known not to have, found before anything runs. Pure. */
import { columnField } from '@ensemble/cards';
import type { CardManifest, ColumnField, ConfigField, JsonValue } from '@ensemble/cards';
import type { KnownColumns, KnownTable } from './known-columns.ts';
import { nearestName } from './nearest-name.ts';
import type { Problem } from './problem.ts';
import type { ProjectedGraph } from './project-graph.ts';

const MAX_NAMED = 3;

/** Warnings: what is known of a table may be older than the table. Says nothing where a table is not known for certain. */
export function columnProblems(graph: Pick<ProjectedGraph, 'nodes'>, known: KnownColumns): Problem[] {
  return graph.nodes.flatMap((node) => {
    const inputs = known.get(node.id)?.inputs;
    if (!inputs || !node.manifest || node.bypassed) return [];
    return columnFields(node.manifest).flatMap(({ field, port, many }): Problem[] => {
      const table = inputs.get(port);
      // A default is a suggestion, unless the card cannot do without.
      const value = node.config[field.name] ?? (field.required ? field.default : undefined);
      const missing = table?.certain ? namesIn(value, many).filter((name) => table.columns.every((column) => column.name !== name)) : [];
      if (missing.length === 0) return [];
      return [
        {
          code: 'config/unknown-column',
          severity: 'warning',
          message: sentence(field, port, missing, table!),
          nodeId: node.id,
          field: field.name,
        },
      ];
    });
  });
}

type Asking = readonly { field: ConfigField; port: string; many: boolean }[];
/** Asked at every change of a document, and manifests do not change. */
const asking = new WeakMap<CardManifest, Asking>();

function columnFields(manifest: CardManifest): Asking {
  let fields = asking.get(manifest);
  if (!fields) {
    fields = manifest.configFields.flatMap((field) => {
      const named = columnField(manifest.configSchema, field);
      const port = named && columnPort(manifest, named);
      return named && port !== undefined ? [{ field, port, many: named.many }] : [];
    });
    asking.set(manifest, fields);
  }
  return fields;
}

/** The input whose columns are meant. */
export const columnPort = (manifest: Pick<CardManifest, 'inputs'>, { port }: ColumnField): string | undefined =>
  port ?? manifest.inputs.find(({ type }) => type === 'dataframe')?.name;

/** Cards strip the name of a single column, and take those of a list as they are. */
function namesIn(value: JsonValue | undefined, many: boolean): string[] {
  if (!many) return typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [];
  const names = (Array.isArray(value) ? value : [value]).filter((name) => typeof name === 'string' && name.trim() !== '');
  return [...new Set(names as string[])];
}

function sentence(field: ConfigField, port: string, missing: readonly string[], table: KnownTable): string {
  const quoted = missing.slice(0, MAX_NAMED).map((name) => `"${name}"`);
  const more = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : '';
  const near =
    missing.length === 1
      ? nearestName(
          missing[0]!,
          table.columns.map(({ name }) => name),
        )
      : undefined;
  const mend =
    near !== undefined ? `Did you mean "${near}"?` : missing.length === 1 ? 'Choose one of its columns.' : 'Choose among its columns.';
  return `"${field.label}" names ${quoted.join(', ')}${more}, but the table at "${port}" has no such column. ${mend}`;
}
