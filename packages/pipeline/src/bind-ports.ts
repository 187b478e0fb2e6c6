/**
 * Finds the ports of an edge that names none, as imported pipelines may have it: named port → same name →
 * the only ports whose types fit. Everything else stays unbound and is reported before anything runs.
 */
import { canConnect } from '@ensemble/cards';
import type { CardManifest, Port } from '@ensemble/cards';
import type { EdgeEnds } from './model.ts';

type Ports = Pick<CardManifest, 'inputs' | 'outputs'>;

/** `undefined` when the ports cannot be told. Ports that are named are returned as they are, even if the card has none of that name. */
export function bindPorts(ends: EdgeEnds, source: Ports | undefined, target: Ports | undefined): EdgeEnds | undefined {
  if (ends.sourcePort !== '' && ends.targetPort !== '') return ends;
  if (!source || !target) return undefined;
  const outputs = candidates(source.outputs, ends.sourcePort);
  const inputs = candidates(target.inputs, ends.targetPort);
  const pairs = outputs.flatMap((output) => inputs.map((input) => ({ output, input })));
  const sameName = pairs.filter(({ output, input }) => output.name === input.name);
  const sameType = pairs.filter(({ output, input }) => output.type === input.type);
  const fitting = pairs.filter(({ output, input }) => canConnect(output.type, input.type).ok);
  const chosen = sameName.length === 1 ? sameName : sameType.length > 0 ? sameType : fitting;
  if (chosen.length !== 1) return undefined;
  return { ...ends, sourcePort: chosen[0]!.output.name, targetPort: chosen[0]!.input.name };
}

const candidates = (ports: readonly Port[], name: string): readonly Port[] =>
  name === '' ? ports : ports.filter((port) => port.name === name);
