/**
 * Chooses the one card class of a file. Knows nothing of what the class has to contain.
 *
 * A class that another card class derives from, or that says it is abstract, is a helper.
 */
import type { PythonClass, PythonModule } from './python-module.ts';

export type CardClassChoice =
  | { kind: 'one'; definition: PythonClass }
  | { kind: 'none'; message: string }
  | { kind: 'several'; definitions: [PythonClass, ...PythonClass[]] };

export function chooseCardClass(module: PythonModule): CardClassChoice {
  const cards = module.classes.filter((definition) => definition.isCard);
  const parents = new Set(cards.flatMap((definition) => definition.bases));
  const [only, ...others] = cards.filter((definition) => !parents.has(definition) && !definition.isAbstract);
  if (only === undefined) return { kind: 'none', message: explainNone(module, cards) };
  return others.length === 0 ? { kind: 'one', definition: only } : { kind: 'several', definitions: [only, ...others] };
}

function explainNone(module: PythonModule, cards: readonly PythonClass[]): string {
  if (cards[0] !== undefined)
    return `The class "${cards[0].name}" is abstract; take away ABC and @abstractmethod, or derive the card from it in this file.`;
  if (module.foreignBaseCard !== undefined) {
    return `BaseCard is imported from "${module.foreignBaseCard}"; write "from cards.base import BaseCard" and derive the class from it.`;
  }
  return 'No class of this file is derived from BaseCard; write "from cards.base import BaseCard" and "class MyCard(BaseCard):".';
}
