import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bindText } from './text-binding.ts';
import { createRealModel } from './test-support/real-model.ts';

interface Person {
  doc: Y.Doc;
  text: Y.Text;
  model: ReturnType<typeof createRealModel>;
  binding: ReturnType<typeof bindText>;
  /** Updates of others that have not arrived yet. */
  inbox: Uint8Array[];
}

/** Two people on one text; what one does arrives at the other when it is delivered. */
function twoPeople(source = '', mayWrite = [true, true]): [Person, Person] {
  const first = new Y.Doc();
  first.getText('source').insert(0, source);
  const people = mayWrite.map((may): Person => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(first));
    const text = doc.getText('source');
    const model = createRealModel();
    return { doc, text, model, inbox: [], binding: bindText({ text, model, mayWrite: may }) };
  }) as [Person, Person];
  for (const [at, person] of people.entries()) {
    person.doc.on('update', (update, origin) => {
      if (origin !== 'net') people[1 - at]!.inbox.push(update);
    });
  }
  return people;
}

const deliver = ({ doc, inbox }: Person, count = inbox.length) => {
  for (const update of inbox.splice(0, count)) Y.applyUpdate(doc, update, 'net');
};
const exchange = (people: readonly Person[]) => {
  while (people.some(({ inbox }) => inbox.length > 0)) for (const person of people) deliver(person);
};
/** As typing, pasting and deleting do it: through the model's history. */
const edit = ({ model }: Person, offset: number, length: number, text: string) => {
  const [from, to] = [model.getPositionAt(offset), model.getPositionAt(offset + length)];
  const range = { startLineNumber: from.lineNumber, startColumn: from.column, endLineNumber: to.lineNumber, endColumn: to.column };
  model.pushEditOperations([], [{ range, text }], () => null);
};
const all = (people: readonly Person[]) => people.flatMap(({ model, text }) => [model.getValue(), text.toJSON()]);

describe('what one writes the other sees', () => {
  test('typing of both at once ends in one text', () => {
    const people = twoPeople('class A:\n    pass\n');
    edit(people[0], 0, 0, '# one\n');
    edit(people[1], 13, 4, 'x = 1');
    exchange(people);
    expect(new Set(all(people))).toEqual(new Set(['# one\nclass A:\n    x = 1\n']));
  });

  test('a paste from Windows has plain line ends for everybody', () => {
    const people = twoPeople('a\n');
    edit(people[0], 0, 0, 'x = 1\r\ny = 2\r\n');
    exchange(people);
    edit(people[1], 6, 0, 'z');
    exchange(people);
    expect(new Set(all(people))).toEqual(new Set(['x = 1\nzy = 2\na\n']));
  });

  test('line ends and a mark that another program wrote are made regular once, by two at the same time', () => {
    const people = twoPeople('first\n');
    for (const person of people) person.inbox.length = 0;
    const script = new Y.Doc();
    Y.applyUpdate(script, Y.encodeStateAsUpdate(people[0].doc));
    script.getText('source').insert(0, '\uFEFFone\r\ntwo\r\n');
    for (const { doc } of people) Y.applyUpdate(doc, Y.encodeStateAsUpdate(script), 'net');
    exchange(people);
    expect(new Set(all(people))).toEqual(new Set(['one\ntwo\nfirst\n']));
  });

  test('whoever may only look sees it with plain line ends and changes nothing', () => {
    const people = twoPeople('one\r\ntwo\r\n', [false, false]);
    expect(people[0].model.getValue()).toBe('one\ntwo\n');
    edit(people[0], 0, 0, 'mine');
    expect(people[0].model.getValue()).toBe('one\ntwo\n');
    expect(people[0].text.toJSON()).toBe('one\r\ntwo\r\n');
    expect(people[1].inbox).toEqual([]);
  });
});

describe('undo takes back my own steps only', () => {
  test('by whatever way Monaco asks for it', () => {
    const people = twoPeople('base\n');
    edit(people[0], 0, 0, 'mine ');
    exchange(people);
    edit(people[1], 5, 0, 'theirs ');
    exchange(people);
    void people[0].model.undo();
    exchange(people);
    expect(new Set(all(people))).toEqual(new Set(['theirs base\n']));
    expect(people[0].model.canUndo()).toBe(false);
    void people[0].model.redo();
    exchange(people);
    expect(new Set(all(people))).toEqual(new Set(['mine theirs base\n']));
  });

  test('a whole change is one step, apart from the typing before it', () => {
    const [ana] = twoPeople('a = 1\nb = 2\n');
    edit(ana, 0, 0, 'x');
    ana.binding.asOneStep(() => {
      edit(ana, 1, 1, 'first');
      edit(ana, 0, 1, 'my');
    });
    void ana.model.undo();
    expect(ana.model.getValue()).toBe('xa = 1\nb = 2\n');
    void ana.model.undo();
    expect(ana.model.getValue()).toBe('a = 1\nb = 2\n');
  });

  test('what is let go of gives the model back its own history', () => {
    const [ana] = twoPeople('');
    ana.binding.dispose();
    edit(ana, 0, 0, 'later');
    expect(ana.text.toJSON()).toBe('');
    void ana.model.undo();
    expect(ana.model.getValue()).toBe('');
  });
});

const SEED = 20_261_122;

/** Yjs walks the whole text for each edit that arrives: ten times as many take a hundred times as long. */
const EDITS = 3_000;

test(`${EDITS} random edits of two people, late and out of step, leave both editors and both documents equal (seed ${SEED})`, () => {
  let state = SEED;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const WORDS = [
    'x',
    'return',
    '\n',
    '\r\n',
    '    ',
    '🙂',
    'é',
    '\t',
    'a\nb\r\nc',
    '"',
    '#',
    ' ',
    '\u2028',
    'long_name = {"key": [1, 2, 3]}\n',
  ];
  const people = twoPeople('class Card:\n    pass\n');
  let undone = 0;
  for (let step = 0; step < EDITS; step += 1) {
    const person = people[random(2)]!;
    const length = person.model.getValueLength();
    const what = random(20);
    if (what === 0 && person.model.canUndo()) {
      void person.model.undo();
      undone += 1;
    } else if (what === 1 && person.model.canRedo()) void person.model.redo();
    else {
      const offset = random(length + 1);
      const removed = random(length > 3_000 ? 60 : 3) === 0 ? random(4) : random(length > 3_000 ? 40 : 6);
      edit(person, offset, Math.min(removed, length - offset), random(4) === 0 ? '' : WORDS[random(WORDS.length)]!);
    }
    const reader = people[random(2)]!;
    if (random(3) === 0) deliver(reader, random(reader.inbox.length + 1));
    // Comparing whole texts is what takes the time here.
    if (step % 40 === 0 && people.some(({ model, text }) => model.getValue() !== text.toJSON()))
      throw new Error(`by step ${step} an editor and its document differ`);
  }
  exchange(people);
  expect(new Set(all(people)).size).toBe(1);
  expect(undone).toBeGreaterThan(EDITS / 100);
  expect(people[0].model.getValueLength()).toBeGreaterThan(200);
});
