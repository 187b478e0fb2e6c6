/** A class for a person's colour: Monaco colours text by classes, and the policy of the page allows no inline styles in markup. */
const made = new Set<string>();
let sheet: CSSStyleSheet | undefined;

export function colorClass(color: string): string {
  // It comes over the wire; anything else has no colour.
  const [, digits] = /^#([0-9a-f]{6})$/i.exec(color) ?? [];
  if (digits === undefined) return '';
  const name = `person-${digits.toLowerCase()}`;
  if (!made.has(name)) {
    made.add(name);
    if (!sheet) document.adoptedStyleSheets.push((sheet = new CSSStyleSheet()));
    sheet.insertRule(`.${name} { --person: #${digits}; }`);
  }
  return name;
}
