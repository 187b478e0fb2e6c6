/**
 * Reads the attributes and methods of a card class one by one and notes what is wrong with each.
 * Knows what kinds of values there are, not what the attributes mean.
 */
import { isJsonObject } from './json-entries.ts';
import type { Diagnostic, JsonObject, JsonValue } from './manifest.ts';
import { readLiteral } from './python-literal.ts';
import { membersOf } from './python-module.ts';
import type { PythonClass, PythonModule } from './python-module.ts';
import { dottedName } from './python-tree.ts';
import type { MethodDef, PythonTree } from './python-tree.ts';

type TreeNode = Parameters<PythonTree['positionOf']>[0];

export class CardAttributes {
  readonly diagnostics: Diagnostic[] = [];
  private readonly members: ReturnType<typeof membersOf>;
  private readonly definition: PythonClass;
  private readonly module: PythonModule;
  private readonly tree: PythonTree;

  constructor(definition: PythonClass, module: PythonModule, tree: PythonTree) {
    this.members = membersOf(definition);
    this.definition = definition;
    this.module = module;
    this.tree = tree;
  }

  /** A diagnostic at the attribute, or at the class when it has none of that name. */
  report(name: string | undefined, severity: Diagnostic['severity'], code: string, message: string): void {
    const member = name === undefined ? undefined : this.members.get(name)?.member;
    const at =
      member === undefined
        ? this.definition.node
        : member.kind === 'value'
          ? member.node
          : member.kind === 'method'
            ? member.def
            : member.at;
    this.reportAt(at, severity, code, message);
  }

  /** A diagnostic at one entry of a list, or at the attribute when it is not written as a list. */
  reportItem(name: string, index: number, severity: Diagnostic['severity'], code: string, message: string): void {
    const member = this.members.get(name)?.member;
    const list = member?.kind === 'value' && (member.node.nodeType === 'List' || member.node.nodeType === 'Tuple') ? member.node.elts : [];
    const item = list.some(({ nodeType }) => nodeType === 'Starred') ? undefined : list[index];
    if (item === undefined) this.report(name, severity, code, message);
    else this.reportAt(item, severity, code, message);
  }

  /** The literal value, undefined when it is missing or unreadable; the latter is reported here. */
  literal(name: string, severity: Diagnostic['severity'] = 'error'): JsonValue | undefined {
    const found = this.members.get(name);
    if (found === undefined) return undefined;
    const { member, owner } = found;
    const mend = `write the value of ${name} as a literal, so that it can be read without running the file`;
    if (member.kind === 'method') {
      this.reportAt(member.def, severity, 'card/not-literal', `${name} is a method, not an attribute; ${mend}.`);
      return undefined;
    }
    if (member.kind === 'dynamic') {
      this.reportAt(member.at, severity, 'card/not-literal', `${name} cannot be read because ${member.reason}; ${mend}.`);
      return undefined;
    }
    const reading = readLiteral(member.node, owner.lookup);
    if (reading.ok) return reading.value;
    this.reportAt(reading.node, severity, 'card/not-literal', `${name} cannot be read because ${reading.reason}; ${mend}.`);
    return undefined;
  }

  has(name: string): boolean {
    return this.members.has(name);
  }

  requireText(name: string, example: string): string | undefined {
    const value = this.required(name, example);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return value;
    this.report(name, 'error', 'card/attribute-type', `${name} must be a string such as ${example}; write it so.`);
    return undefined;
  }

  requireDict(name: string, example: string): JsonObject | undefined {
    const value = this.required(name, example);
    if (value === undefined) return undefined;
    if (isJsonObject(value)) return value;
    this.report(name, 'error', 'card/schema-not-dict', `${name} must be a dict such as ${example}; write it so.`);
    return undefined;
  }

  /** An optional attribute: `standard` when it is missing, None or wrong; the latter is reported. */
  optional<Value extends JsonValue>(name: string, standard: Value, accepts: (value: JsonValue) => value is Value, expected: string): Value {
    const value = this.literal(name);
    if (value === undefined || value === null) return standard;
    if (accepts(value)) return value;
    this.report(name, 'error', 'card/attribute-type', `${name} must be ${expected}; write it so.`);
    return standard;
  }

  /** `parameters` are those the runner passes by position, without self. */
  requireMethod(name: string, parameters: readonly string[]): void {
    const signature = `def ${name}(${['self', ...parameters].join(', ')})`;
    const member = this.members.get(name)?.member;
    if (member === undefined) {
      const foreign = this.definition.hasForeignBase ? ' in this file' : '';
      this.report(
        undefined,
        'error',
        'card/missing-method',
        `The class "${this.definition.name}" has no method ${name}; add "${signature}:"${foreign}.`,
      );
    } else if (member.kind === 'value') {
      const callable = member.node.nodeType === 'Lambda' || (member.node.nodeType === 'Name' && this.isCallable(member.node.id));
      if (!callable) this.report(name, 'error', 'card/missing-method', `${name} is not a method; write "${signature}:".`);
    } else if (member.kind === 'method') {
      this.checkSignature(name, member.def, parameters, signature);
    }
  }

  private isCallable(name: string): boolean {
    return this.module.isFunction(name) || this.members.get(name)?.member.kind === 'method';
  }

  private checkSignature(name: string, def: MethodDef, parameters: readonly string[], signature: string): void {
    if (def.nodeType === 'AsyncFunctionDef') {
      this.reportAt(
        def,
        'error',
        'card/async-method',
        `${name} is async, and cards are called without an event loop; write "${signature}:".`,
      );
      return;
    }
    const decorators = def.decorator_list.map((decorator) => dottedName(decorator)?.join('.'));
    if (decorators.some((decorator) => decorator !== 'staticmethod' && decorator !== 'classmethod')) return;
    const given = parameters.length + (decorators.includes('staticmethod') ? 0 : 1);
    const positional = def.args.posonlyargs.length + def.args.args.length;
    const tooMany =
      positional - def.args.defaults.length > given ||
      def.args.kwonlyargs.some((_, index) => (def.args.kw_defaults[index] ?? null) === null);
    const tooFew = positional < given && (def.args.vararg ?? null) === null;
    if (tooMany || tooFew)
      this.reportAt(def, 'error', 'card/method-signature', `${name} cannot be called the way the runner calls it; write "${signature}:".`);
  }

  private required(name: string, example: string): JsonValue | undefined {
    if (!this.has(name)) {
      const message = `The class "${this.definition.name}" has no attribute ${name}; add a line such as ${name} = ${example}.`;
      this.report(undefined, 'error', 'card/missing-attribute', message);
    }
    return this.literal(name);
  }

  private reportAt(node: TreeNode, severity: Diagnostic['severity'], code: string, message: string): void {
    this.diagnostics.push({ ...this.tree.positionOf(node), severity, code, message });
  }
}
