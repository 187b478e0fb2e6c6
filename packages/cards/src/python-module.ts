/**
 * What the top level of a Python file binds: imported names, classes with their attributes and
 * bases, functions, constants. Follows no import; knows of cards only where `BaseCard` comes from.
 */
import { dottedName } from './python-tree.ts';
import type { ClassDef, ExprNode, MethodDef, StmtNode } from './python-tree.ts';
import type { NameLookup, NameValue } from './python-literal.ts';

/** Everywhere a card may take its base class from. */
const BASE_CARD_PATHS: ReadonlySet<string> = new Set(['cards.base.BaseCard', 'ensemble.BaseCard']);

/** One name of a class body. */
export type ClassMember =
  { kind: 'value'; node: ExprNode; at: StmtNode } | { kind: 'dynamic'; at: StmtNode; reason: string } | { kind: 'method'; def: MethodDef };

export interface PythonClass {
  name: string;
  node: ClassDef;
  /** Same-file base classes, in order. */
  bases: PythonClass[];
  /** Names a base that is defined elsewhere and is not BaseCard. */
  hasForeignBase: boolean;
  /** Derived from BaseCard, directly or through `bases`. */
  isCard: boolean;
  /** Says itself that it cannot be instantiated. */
  isAbstract: boolean;
  members: Map<string, ClassMember>;
  lookup: NameLookup;
}

type Binding =
  | { kind: 'import'; path: string }
  | { kind: 'class'; definition: PythonClass }
  | { kind: 'function' }
  | { kind: 'constant'; node: ExprNode }
  | { kind: 'dynamic'; reason: string };

export interface PythonModule {
  /** Classes still reachable by their name when the file has run, in order. */
  classes: PythonClass[];
  /** Where a name `BaseCard` was imported from, when that was not one of ours. */
  foreignBaseCard: string | undefined;
  isFunction(name: string): boolean;
}

export function readPythonModule(body: readonly StmtNode[]): PythonModule {
  const scope = new ModuleScope();
  scope.readAll(body, false);
  const classes = [...scope.bindings.values()].flatMap((binding) => (binding.kind === 'class' ? [binding.definition] : []));
  return {
    classes: [...new Set(classes)],
    foreignBaseCard: scope.foreignBaseCard,
    isFunction: (name) => scope.bindings.get(name)?.kind === 'function',
  };
}

class ModuleScope {
  readonly bindings = new Map<string, Binding>();
  foreignBaseCard: string | undefined;

  /** `conditional`: these statements may not run, or run many times. */
  readAll(body: readonly StmtNode[], conditional: boolean): void {
    for (const statement of body) this.read(statement, conditional);
  }

  private read(statement: StmtNode, conditional: boolean): void {
    switch (statement.nodeType) {
      case 'Import':
        for (const { name, asname } of statement.names) {
          const top = name.split('.')[0] ?? name;
          this.bindings.set(asname ?? top, { kind: 'import', path: asname === undefined ? top : name });
        }
        return;
      case 'ImportFrom':
        return this.readImportFrom(`${'.'.repeat(statement.level ?? 0)}${statement.module ?? ''}`, statement.names);
      case 'ClassDef':
        this.bindings.set(statement.name, { kind: 'class', definition: this.readClass(statement) });
        return;
      case 'FunctionDef':
      case 'AsyncFunctionDef':
        this.bindings.set(statement.name, { kind: 'function' });
        return;
      case 'Assign':
        for (const target of statement.targets) this.assign(target, statement.value, conditional);
        return;
      case 'AnnAssign':
        if (statement.value !== undefined && statement.value !== null) this.assign(statement.target, statement.value, conditional);
        return;
      case 'AugAssign':
        return this.markChanged(statement.target);
      case 'Delete':
        for (const target of statement.targets) this.markChanged(target);
        return;
      case 'Expr':
        // A bare method call such as `SCHEMA.update(…)` may change what it is called on.
        if (statement.value.nodeType === 'Call' && statement.value.func.nodeType === 'Attribute')
          this.markChanged(statement.value.func.value);
        return;
      case 'If':
        if (!isOnlyForTypesOrScripts(statement.test)) this.readAll(statement.body, true);
        return this.readAll(statement.orelse, true);
      case 'Try':
      case 'TryStar':
        this.readAll(statement.body, true);
        for (const handler of statement.handlers) this.readFallback(handler.body);
        this.readAll(statement.orelse, true);
        return this.readAll(statement.finalbody, true);
      case 'With':
      case 'AsyncWith':
        return this.readAll(statement.body, conditional);
      case 'For':
      case 'AsyncFor':
        this.markChanged(statement.target);
        return this.readAll([...statement.body, ...statement.orelse], true);
      case 'While':
        return this.readAll([...statement.body, ...statement.orelse], true);
      default:
        return;
    }
  }

  /** `except ImportError:` must not take away a BaseCard that the body of `try` has found. */
  private readFallback(body: readonly StmtNode[]): void {
    const before = new Map([...this.bindings].filter(([, binding]) => this.isBaseCardBinding(binding)));
    this.readAll(body, true);
    for (const [name, binding] of before) this.bindings.set(name, binding);
  }

  private isBaseCardBinding(binding: Binding): boolean {
    return binding.kind === 'import' && BASE_CARD_PATHS.has(binding.path);
  }

  private readImportFrom(module: string, names: readonly { name: string; asname?: string }[]): void {
    for (const { name, asname } of names) {
      const path = `${module}.${name}`;
      if (name === '*') {
        if (BASE_CARD_PATHS.has(`${module}.BaseCard`)) this.bindings.set('BaseCard', { kind: 'import', path: `${module}.BaseCard` });
        continue;
      }
      this.bindings.set(asname ?? name, { kind: 'import', path });
      if (name === 'BaseCard' && !BASE_CARD_PATHS.has(path)) this.foreignBaseCard ??= module;
    }
  }

  private assign(target: ExprNode, value: ExprNode, conditional: boolean): void {
    if (target.nodeType !== 'Name') return this.markChanged(target);
    const alias = this.resolve(value);
    if (alias !== undefined && alias.kind !== 'constant' && alias.kind !== 'dynamic') {
      this.bindings.set(target.id, alias);
    } else if (conditional || this.bindings.has(target.id)) {
      this.bindings.set(target.id, { kind: 'dynamic', reason: `"${target.id}" is assigned more than once or under a condition` });
    } else {
      this.bindings.set(target.id, { kind: 'constant', node: value });
    }
  }

  private markChanged(target: ExprNode): void {
    let at = target;
    while (at.nodeType === 'Subscript' || at.nodeType === 'Attribute' || at.nodeType === 'Starred') at = at.value;
    if (at.nodeType === 'Tuple' || at.nodeType === 'List') for (const item of at.elts) this.markChanged(item);
    if (at.nodeType !== 'Name') return;
    const before = this.bindings.get(at.id);
    if (before !== undefined && before.kind !== 'constant') return;
    this.bindings.set(at.id, { kind: 'dynamic', reason: `"${at.id}" is changed while the file runs` });
  }

  private resolve(node: ExprNode): Binding | undefined {
    const [first, ...rest] = dottedName(node) ?? [];
    const binding = first === undefined ? undefined : this.bindings.get(first);
    if (binding?.kind === 'import') return { kind: 'import', path: [binding.path, ...rest].join('.') };
    return rest.length === 0 ? binding : undefined;
  }

  private readClass(node: ClassDef): PythonClass {
    const bases: PythonClass[] = [];
    let isCard = false;
    let isAbstract = false;
    let hasForeignBase = false;
    for (const written of node.bases) {
      const base = this.resolve(written.nodeType === 'Subscript' ? written.value : written);
      if (base?.kind === 'class') bases.push(base.definition);
      else if (base?.kind === 'import' && BASE_CARD_PATHS.has(base.path)) isCard = true;
      else if (dottedName(written)?.at(-1) === 'ABC') isAbstract = true;
      else if (dottedName(written)?.join('.') !== 'object') hasForeignBase = true;
    }
    isCard ||= bases.some((base) => base.isCard);
    hasForeignBase ||= bases.some((base) => base.hasForeignBase);
    const members = new Map<string, ClassMember>();
    readMembers(node.body, members, false);
    isAbstract ||= [...members.values()].some(
      (member) =>
        member.kind === 'method' && member.def.decorator_list.some((decorator) => dottedName(decorator)?.at(-1) === 'abstractmethod'),
    );
    const lookup: NameLookup = ([first = '', second]) => this.lookup(members, lookup, first, second);
    return { name: node.name, node, bases, hasForeignBase, isCard, isAbstract, members, lookup };
  }

  /** A name used in a class body: the class itself first, then the module. */
  private lookup(members: ReadonlyMap<string, ClassMember>, within: NameLookup, first: string, second: string | undefined): NameValue {
    if (second !== undefined) {
      const owner = this.bindings.get(first);
      if (owner?.kind !== 'class') return { unknown: `"${first}.${second}" is not defined in this file` };
      const found = membersOf(owner.definition).get(second);
      if (found?.member.kind === 'value') return { value: found.member.node, names: found.owner.lookup };
      return { unknown: `"${first}.${second}" is no literal` };
    }
    const own = members.get(first);
    if (own?.kind === 'value')
      return { value: own.node, names: own.node.nodeType === 'Name' && own.node.id === first ? this.moduleLookup : within };
    if (own?.kind === 'dynamic') return { unknown: own.reason };
    return this.moduleLookup([first]);
  }

  private readonly moduleLookup: NameLookup = ([first = '', second]) => {
    if (second !== undefined) return this.lookup(new Map(), this.moduleLookup, first, second);
    const binding = this.bindings.get(first);
    if (binding?.kind === 'constant') return { value: binding.node, names: this.moduleLookup };
    if (binding?.kind === 'dynamic') return { unknown: binding.reason };
    if (binding?.kind === 'import') return { unknown: `"${first}" is imported from another file` };
    return { unknown: `"${first}" is no constant of this file` };
  };
}

/** Members with inherited ones, nearest class first, each class after all that derive from it. */
export function membersOf(definition: PythonClass): Map<string, { member: ClassMember; owner: PythonClass }> {
  const order: PythonClass[] = [];
  const visit = (at: PythonClass): void => {
    if (order.includes(at)) return;
    // Right to left, bases before the class: reversed, this is Python's order for all but exotic diamonds.
    for (const base of at.bases.toReversed()) visit(base);
    order.push(at);
  };
  visit(definition);
  const members = new Map<string, { member: ClassMember; owner: PythonClass }>();
  for (const owner of order) for (const [name, member] of owner.members) members.set(name, { member, owner });
  return members;
}

function readMembers(body: readonly StmtNode[], members: Map<string, ClassMember>, conditional: boolean): void {
  const dynamic = (target: ExprNode, at: StmtNode, reason: string): void => {
    if (target.nodeType === 'Name') members.set(target.id, { kind: 'dynamic', at, reason });
    else if (target.nodeType === 'Subscript' || target.nodeType === 'Attribute' || target.nodeType === 'Starred')
      dynamic(target.value, at, reason);
    else if (target.nodeType === 'Tuple' || target.nodeType === 'List') for (const item of target.elts) dynamic(item, at, reason);
  };
  const assign = (target: ExprNode, node: ExprNode, at: StmtNode): void => {
    if (conditional) dynamic(target, at, 'it is assigned under a condition');
    else if (target.nodeType === 'Name') members.set(target.id, { kind: 'value', node, at });
    else dynamic(target, at, 'it is changed or unpacked while the file runs');
  };
  for (const statement of body) {
    switch (statement.nodeType) {
      case 'Assign':
        for (const target of statement.targets) assign(target, statement.value, statement);
        break;
      case 'AnnAssign':
        if (statement.value !== undefined && statement.value !== null) assign(statement.target, statement.value, statement);
        break;
      case 'AugAssign':
        dynamic(statement.target, statement, 'it is changed while the file runs');
        break;
      case 'FunctionDef':
      case 'AsyncFunctionDef':
        members.set(statement.name, { kind: 'method', def: statement });
        break;
      case 'If':
      case 'For':
      case 'While':
        readMembers([...statement.body, ...statement.orelse], members, true);
        break;
      case 'With':
        readMembers(statement.body, members, conditional);
        break;
      case 'Try':
        readMembers([...statement.body, ...statement.handlers.flatMap((handler) => handler.body), ...statement.orelse], members, true);
        break;
      default:
        break;
    }
  }
}

function isOnlyForTypesOrScripts(test: ExprNode): boolean {
  if (dottedName(test)?.at(-1) === 'TYPE_CHECKING') return true;
  return test.nodeType === 'Compare' && test.left.nodeType === 'Name' && test.left.id === '__name__';
}
