/**
 * The one table of commands: the key handler, the command palette and the `?` sheet all read it.
 * Knows what a command is called and which keys mean it, not what it does. Pure.
 */

interface Described {
  title: string;
  group: 'General' | 'Build' | 'Edit' | 'Select' | 'View';
  /** `mod` is Ctrl, or Command on a Mac. The first one is shown beside the command. */
  keys: readonly string[];
  /** Works in a text field too. */
  anywhere?: true;
  /** The browser turns these keys into an event of its own (copy, cut, paste); the key handler leaves them alone. */
  native?: true;
  /** For the sheet only: pressing keys is the only sensible way to do it. */
  unlisted?: true;
  /** What the keys alone do not say. */
  note?: string;
}

const TABLE = {
  'palette.open': { title: 'Command palette', group: 'General', keys: ['mod+k'], anywhere: true },
  'keys.show': { title: 'Keyboard shortcuts', group: 'General', keys: ['?'] },
  'run.start': { title: 'Run the pipeline', group: 'General', keys: ['mod+enter'], anywhere: true },
  'run.to': { title: 'Run up to the selected cards', group: 'General', keys: [] },
  'run.from': { title: 'Run from the selected cards on', group: 'General', keys: [] },
  'run.only': { title: 'Run only the selected cards, on what there is', group: 'General', keys: [] },
  'run.force': { title: 'Run everything again, whatever the cache holds', group: 'General', keys: [] },
  'run.resume': { title: 'Resume the shown run: run what did not succeed', group: 'General', keys: [] },
  'panel.node': { title: 'Show the card panel', group: 'General', keys: [] },
  'panel.runs': { title: 'Show the runs', group: 'General', keys: [] },
  'panel.cards': { title: 'Show the cards to add', group: 'General', keys: [] },
  'panel.outline': {
    title: 'Show the outline of the pipeline',
    group: 'General',
    keys: ['o'],
    note: 'arrows move, Enter goes to the canvas',
  },
  'run.past': { title: 'Open the shown run as the pipeline was then', group: 'General', keys: [] },
  'panel.problems': { title: 'Show the problems', group: 'General', keys: [] },
  'add.card': {
    title: 'Add a card…',
    group: 'Build',
    keys: ['a'],
    note: 'or double-click on the canvas; into the connection that is selected',
  },
  'add.card-here': {
    title: 'Add a card where I clicked',
    group: 'Build',
    keys: ['tab'],
    unlisted: true,
    note: 'after a click on the empty canvas',
  },
  'add.note': { title: 'Add a note', group: 'Build', keys: ['n'] },
  'add.frame': { title: 'Frame the selection', group: 'Build', keys: ['shift+f'], note: 'or an empty frame, when nothing is selected' },
  'item.edit': {
    title: 'Edit the selected note, or the title of the frame',
    group: 'Edit',
    keys: ['enter'],
    note: 'or double-click; Escape ends it',
  },
  'node.connect': { title: 'Connect the selected card…', group: 'Build', keys: ['c'] },
  'node.peek': { title: 'Look into the ports of the selected card', group: 'View', keys: ['l'], note: 'or click on a port' },
  'node.bypass': {
    title: 'Bypass the selected cards, or not any more',
    group: 'Build',
    keys: ['b'],
    note: 'they pass their input on and do not run',
  },
  'node.pin': {
    title: 'Pin the results of the selected cards, or not any more',
    group: 'Build',
    keys: ['p'],
    note: 'runs then take them and do not execute the cards',
  },
  'edit.undo': { title: 'Undo my last step', group: 'Edit', keys: ['mod+z'] },
  'edit.redo': { title: 'Redo', group: 'Edit', keys: ['mod+shift+z', 'mod+y'] },
  'edit.copy': { title: 'Copy', group: 'Edit', keys: ['mod+c'], native: true },
  'edit.cut': { title: 'Cut', group: 'Edit', keys: ['mod+x'], native: true },
  'edit.paste': { title: 'Paste', group: 'Edit', keys: ['mod+v'], native: true, note: 'also into another pipeline or project' },
  'edit.duplicate': { title: 'Duplicate', group: 'Edit', keys: ['mod+d'] },
  'edit.delete': { title: 'Delete the selection', group: 'Edit', keys: ['delete', 'backspace'] },
  'select.all': { title: 'Select everything', group: 'Select', keys: ['mod+a'] },
  'select.none': { title: 'Select nothing', group: 'Select', keys: ['escape'] },
  'move.left': {
    title: 'Move the selection left',
    group: 'Select',
    keys: ['arrowleft', 'shift+arrowleft'],
    unlisted: true,
    note: 'further with Shift',
  },
  'move.right': { title: 'Move the selection right', group: 'Select', keys: ['arrowright', 'shift+arrowright'], unlisted: true },
  'move.up': { title: 'Move the selection up', group: 'Select', keys: ['arrowup', 'shift+arrowup'], unlisted: true },
  'move.down': { title: 'Move the selection down', group: 'Select', keys: ['arrowdown', 'shift+arrowdown'], unlisted: true },
  'canvas.tidy': { title: 'Tidy the canvas', group: 'Build', keys: ['shift+t'], note: 'the selected cards, or all' },
  'view.fit': { title: 'Show the whole pipeline', group: 'View', keys: ['f'] },
  'view.closer': { title: 'Zoom in', group: 'View', keys: ['+', '='] },
  'view.farther': { title: 'Zoom out', group: 'View', keys: ['-'] },
  'view.find': { title: 'Find a card of this pipeline…', group: 'View', keys: ['mod+f'] },
} as const satisfies Record<string, Described>;

export type CommandId = keyof typeof TABLE;

export interface Command extends Described {
  id: CommandId;
}

export const COMMANDS: readonly Command[] = Object.entries(TABLE).map(([id, command]) => ({ id: id as CommandId, ...command }));

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

export const commandFor = (press: KeyPress): Command | undefined =>
  COMMANDS.find((command) => command.keys.some((keys) => matches(press, keys)));

/** "Ctrl+Shift+Z", or "⌘⇧Z" on a Mac. */
export function keyLabel(keys: string, mac: boolean): string {
  const parts = partsOf(keys).map((part) => (mac ? MAC_NAMES : NAMES)[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  return parts.join(mac ? '' : '+');
}

export const onMac = (platform: string): boolean => /mac|iphone|ipad/i.test(platform);

/** Keys of a command that hold: shift counts for letters and named keys only, because a sign may need it to be typed at all. */
function matches(press: KeyPress, keys: string): boolean {
  const parts = partsOf(keys);
  const key = press.key.toLowerCase();
  if (key !== parts.at(-1) || press.altKey) return false;
  if ((press.ctrlKey || press.metaKey) !== parts.includes('mod')) return false;
  const isSign = key.length === 1 && !/\p{L}/u.test(key);
  return isSign || press.shiftKey === parts.includes('shift');
}

/** `+` itself may be the key. */
const partsOf = (keys: string): string[] => keys.split(/\+(?=.)/);

const NAMES: Readonly<Record<string, string>> = {
  mod: 'Ctrl',
  shift: 'Shift',
  enter: 'Enter',
  delete: 'Del',
  backspace: 'Backspace',
  tab: 'Tab',
  escape: 'Esc',
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
};
const MAC_NAMES: Readonly<Record<string, string>> = { ...NAMES, mod: '⌘', shift: '⇧', enter: '↩', delete: '⌦', backspace: '⌫' };
