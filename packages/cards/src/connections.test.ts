import { describe, expect, it } from 'vitest';
import { bindInputs, canConnect } from './connections.ts';
import { KNOWN_PORT_TYPES } from './known-types.ts';

describe('canConnect', () => {
  it('connects every type to itself, unknown ones and odd names too', () => {
    for (const type of [...KNOWN_PORT_TYPES, 'tensor', 'constructor', '__proto__']) expect(canConnect(type, type)).toEqual({ ok: true });
  });

  it('lets only bytes pass under another name', () => {
    const pairs = KNOWN_PORT_TYPES.flatMap((from) => KNOWN_PORT_TYPES.map((to) => [from, to] as const));
    const open = pairs.filter(([from, to]) => from !== to && canConnect(from, to).ok);
    expect(open.map((pair) => pair.join(' → '))).toEqual(['bytes → file', 'image → bytes', 'image → file', 'file → bytes']);
  });

  it('says in one sentence why not and what to do', () => {
    const answer = canConnect('dataframe', 'model');
    expect(answer.ok ? '' : answer.reason).toBe(
      'This output gives dataframe and this input takes model; choose an input that takes dataframe, or put a card between them that turns dataframe into model.',
    );
    expect(canConnect('constructor', 'toString').ok).toBe(false);
  });
});

describe('bindInputs', () => {
  const train = { name: 'train', type: 'dataframe' };
  const test = { name: 'test', type: 'dataframe' };
  const model = { name: 'model', type: 'model' };
  const edge = (sourcePort: string, sourceType: string, targetPort?: string) => ({
    sourcePort,
    sourceType,
    ...(targetPort === undefined ? {} : { targetPort }),
  });
  const bind = (...args: Parameters<typeof bindInputs>) => {
    const { bindings, errors } = bindInputs(...args);
    return {
      bound: Object.fromEntries([...bindings].map(([port, from]) => [port, from.sourcePort])),
      errors: errors.map((error) => error.code),
    };
  };

  it('takes the named port first', () => {
    expect(bind([train, test], [edge('train', 'dataframe', 'test'), edge('test', 'dataframe', 'train')])).toEqual({
      bound: { test: 'train', train: 'test' },
      errors: [],
    });
  });

  it('then the port of the same name, whatever the order of the edges', () => {
    const edges = [edge('test', 'dataframe'), edge('train', 'dataframe'), edge('trained', 'model')];
    expect(bind([train, test, model], edges)).toEqual({ bound: { test: 'test', train: 'train', model: 'trained' }, errors: [] });
    expect(bind([train, test, model], edges.toReversed())).toEqual({
      bound: { test: 'test', train: 'train', model: 'trained' },
      errors: [],
    });
  });

  it('then the only port of that type', () => {
    expect(bind([train, model], [edge('result', 'dataframe'), edge('fitted', 'model')])).toEqual({
      bound: { train: 'result', model: 'fitted' },
      errors: [],
    });
    expect(bind([{ name: 'raw', type: 'bytes' }], [edge('upload', 'file')])).toEqual({ bound: { raw: 'upload' }, errors: [] });
  });

  it('prefers the port of exactly that type over one that could read it', () => {
    const ports = [
      { name: 'raw', type: 'bytes' },
      { name: 'source', type: 'file' },
    ];
    expect(bind(ports, [edge('upload', 'file'), edge('other', 'bytes')])).toEqual({
      bound: { source: 'upload', raw: 'other' },
      errors: [],
    });
  });

  it('calls everything else an error', () => {
    expect(bind([train, test], [edge('result', 'dataframe')]).errors).toEqual(['bind/ambiguous', 'bind/missing', 'bind/missing']);
    expect(bind([model], [edge('result', 'dataframe')]).errors).toEqual(['bind/no-port', 'bind/missing']);
    expect(bind([model], [edge('a', 'model', 'mode')]).errors).toEqual(['bind/unknown-port', 'bind/missing']);
    expect(bind([model], [edge('a', 'model'), edge('b', 'model')])).toEqual({ bound: { model: 'a' }, errors: ['bind/taken'] });
    expect(bind([model], [edge('a', 'dataframe', 'model')])).toEqual({ bound: {}, errors: ['bind/type'] });
    expect(bind([model], [edge('model', 'dataframe')])).toEqual({ bound: {}, errors: ['bind/type'] });
    expect(bind([model], [])).toEqual({ bound: {}, errors: ['bind/missing'] });
    expect(bind([], [])).toEqual({ bound: {}, errors: [] });
  });

  it('says which edge and which port, and keeps what else an edge carries', () => {
    const { bindings, errors } = bindInputs(
      [model],
      [
        { ...edge('a', 'model'), edgeId: 'e1' },
        { ...edge('b', 'model'), edgeId: 'e2' },
      ],
    );
    expect(bindings.get('model')?.edgeId).toBe('e1');
    expect(errors).toEqual([
      {
        code: 'bind/taken',
        port: 'model',
        incoming: 1,
        message: 'The input "model" already has a connection; remove one of the two, or connect "b" to another input.',
      },
    ]);
  });
});
