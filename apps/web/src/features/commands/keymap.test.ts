import { describe, expect, test } from 'vitest';
import { COMMANDS, commandFor, keyLabel, onMac } from './keymap.ts';

const press = (key: string, held: { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean; shiftKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('the keymap', () => {
  test('gives no keys to two commands', () => {
    const keys = COMMANDS.flatMap((command) => command.keys);
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
  });

  test('names every command once, so that the palette can be searched', () => {
    const titles = COMMANDS.map((command) => command.title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test('finds every command by each of its keys', () => {
    for (const command of COMMANDS) {
      for (const keys of command.keys) {
        const parts = keys.split(/\+(?=.)/);
        const held = { ctrlKey: parts.includes('mod'), shiftKey: parts.includes('shift') };
        expect(commandFor(press(parts.at(-1) ?? '', held))?.id, keys).toBe(command.id);
      }
    }
  });

  test('tells undo from redo, takes Command for Ctrl, and leaves Alt to the browser', () => {
    expect(commandFor(press('z', { metaKey: true }))?.id).toBe('edit.undo');
    expect(commandFor(press('Z', { ctrlKey: true, shiftKey: true }))?.id).toBe('edit.redo');
    expect(commandFor(press('z', { ctrlKey: true, altKey: true }))).toBeUndefined();
    expect(commandFor(press('z'))).toBeUndefined();
  });

  test('finds a sign however it is typed', () => {
    expect(commandFor(press('?', { shiftKey: true }))?.id).toBe('keys.show');
    expect(commandFor(press('?'))?.id).toBe('keys.show');
  });

  test('is written as the machine writes it', () => {
    expect(keyLabel('mod+shift+z', false)).toBe('Ctrl+Shift+Z');
    expect(keyLabel('mod+shift+z', true)).toBe('⌘⇧Z');
    expect(keyLabel('+', false)).toBe('+');
    expect([onMac('MacIntel'), onMac('Linux x86_64')]).toEqual([true, false]);
  });
});
