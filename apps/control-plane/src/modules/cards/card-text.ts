/** Changes what a card file calls itself, and nothing else in it. Pure. */

export interface CardNames {
  cardType: string;
  className: string;
  displayName: string;
}

/** `cards/data/my_source.py` → my_source, MySource, "My source". */
export function namesFrom(path: string): CardNames {
  const stem = path.split('/').at(-1)!.slice(0, -'.py'.length);
  const words = stem
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split('_')
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
  const cardType = words.join('_') || 'card';
  const joined = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  const text = words.join(' ') || 'card';
  return {
    cardType,
    // A class of that name would hide the one it derives from.
    className: joined === '' || joined === 'BaseCard' ? 'Card' : /^\d/.test(joined) ? `Card${joined}` : joined,
    displayName: text[0]!.toUpperCase() + text.slice(1),
  };
}

/** The type itself, or with the first number behind it that nobody has. */
export function freeType(wanted: string, taken: ReadonlySet<string>): string {
  let type = wanted;
  for (let number = 2; taken.has(type); number++) type = `${wanted}_${number}`;
  return type;
}

const attribute = (name: string): RegExp =>
  new RegExp(`^([ \\t]+${name}[ \\t]*(?::[ \\t]*[\\w.\\[\\], "']+)?=[ \\t]*)(["'])([^"'\\n\\\\]*)\\2`, 'm');

/** With another card type; undefined when it is not written as a plain text in one line. The caller reads the card again. */
export function withCardType(source: string, cardType: string): string | undefined {
  return attribute('card_type').test(source) ? source.replace(attribute('card_type'), `$1$2${cardType}$2`) : undefined;
}

/** A template under names of its own. */
export const fillTemplate = (source: string, { cardType, className, displayName }: CardNames): string =>
  source
    .replace(attribute('card_type'), `$1$2${cardType}$2`)
    .replace(attribute('display_name'), `$1$2${displayName}$2`)
    .replace(/^class \w+\(BaseCard\):/m, `class ${className}(BaseCard):`);
