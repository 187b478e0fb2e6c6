/** The cards that quick-add offers, best match first; with a wire, only those that it fits. Pure. */
import { canConnect } from '@ensemble/cards';
import type { Port } from '@ensemble/cards';
import type { ProjectCardEntry } from '@ensemble/protocol';

/** The end of a wire that is in nobody's hand any more: the port it starts at. */
export interface LooseWire {
  nodeId: string;
  port: Port;
  /** `source`: the wire leaves an output and looks for an input. */
  side: 'source' | 'target';
}

export interface FoundCard {
  cardType: string;
  displayName: string;
  category: string;
  /** The port that the wire would connect to; undefined without a wire. */
  port: Port | undefined;
  /** Its row among the ports of its side. */
  row: number;
}

export function findCards(entries: Iterable<ProjectCardEntry>, query: string, wire?: LooseWire): FoundCard[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found: { card: FoundCard; rank: number }[] = [];
  for (const { manifest } of entries) {
    if (!manifest) continue;
    const { cardType, displayName, category, description } = manifest;
    const name = displayName.toLowerCase();
    const text = `${name} ${cardType} ${category} ${description}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const ports = wire?.side === 'source' ? manifest.inputs : manifest.outputs;
    const port = wire && fittingPort(ports, wire);
    if (wire && !port) continue;
    const named = words.every((word) => name.includes(word));
    const rank = !named ? 2 : words.length === 0 || name.startsWith(words[0]!) ? 0 : 1;
    found.push({ card: { cardType, displayName, category, port, row: port ? ports.indexOf(port) : 0 }, rank });
  }
  return found.sort((a, b) => a.rank - b.rank || a.card.displayName.localeCompare(b.card.displayName)).map(({ card }) => card);
}

/** The same name before the same type before anything that may be connected. */
export function fittingPort(ports: readonly Port[], { port, side }: Pick<LooseWire, 'port' | 'side'>): Port | undefined {
  const fitting = ports.filter((own) => (side === 'source' ? canConnect(port.type, own.type) : canConnect(own.type, port.type)).ok);
  return fitting.find((own) => own.name === port.name) ?? fitting.find((own) => own.type === port.type) ?? fitting[0];
}
