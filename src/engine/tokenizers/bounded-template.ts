/**
 * A chat template whose rendering is bounded: by steps, by how deep they nest and by how long a text or list becomes. Bounds are counted
 * and not timed, so that equal logs give equal tokens on every machine.
 */
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { MAX_TEMPLATE_DEPTH, MAX_TEMPLATE_STEPS, MAX_TEMPLATE_TEXT } from '../../base/bounds.ts';
import { get, getString, isObject } from '../../formats/json.ts';

type Node = NonNullable<Parameters<Interpreter['evaluate']>[0]>;
type Value = ReturnType<Interpreter['evaluate']>;

/** A bound that a template has reached; other errors are the template's refusals. */
export class TemplateBound extends Error {
  readonly allowed: string;
  readonly found: string;

  constructor(allowed: string, found: string) {
    super(`expected ${allowed}, found ${found}`);
    this.allowed = allowed;
    this.found = found;
  }
}

/** Added for each value of the conversation, and for each character of it: long conversations take longer. */
const STEPS_PER_VALUE = 500;
const STEPS_PER_CHARACTER = 1;
const TEXT_PER_CHARACTER = 64;

/** What one step over many values or characters counts for, by what it takes. */
const STEPS_PER_TURN = 8;
const VALUES_PER_STEP = 4;
const CHARACTERS_PER_STEP = 64;

/** Filters that look at no more than the length or an end of what they are given. */
const CHEAP = new Set(['length', 'count', 'first', 'last', 'list', 'default', 'd', 'safe']);
/** What makes a new text or list, by going over all of it. */
const MAKERS = new Set(['FilterExpression', 'FilterStatement', 'CallExpression', 'CallStatement', 'BinaryExpression']);

export interface BoundedTemplate {
  /** Throws TemplateBound where a bound is reached, and what the template throws where it refuses. */
  render(given: Readonly<Record<string, unknown>>): string;
}

/** Throws where `source` is no template. */
export function makeBoundedTemplate(source: string): BoundedTemplate {
  const program = parsed(source);
  return {
    render(given) {
      const size = sizeOf(given);
      const interpreter = new Bounded(size);
      const { global } = interpreter;
      for (const [name, value] of [['false', false] as const, ['true', true] as const, ['none', null] as const]) {
        global.set(name, value);
        global.set(`${name[0]?.toUpperCase()}${name.slice(1)}`, value);
      }
      global.set('raise_exception', (reason: unknown) => {
        throw new Error(String(reason));
      });
      global.set('range', (start: number, stop?: number, step?: number) => range(start, stop, step, interpreter.mostText));
      for (const [name, value] of Object.entries(given)) global.set(name, value);
      try {
        return interpreter.run(program).toString();
      } catch (error) {
        // Of the engine: its stack, or its longest text. Each engine has words of its own for it.
        if (error instanceof RangeError) throw new TemplateBound('what the engine can hold', 'more');
        throw error;
      }
    },
  };
}

function parsed(source: string): ReturnType<typeof parse> {
  try {
    return parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
  } catch (error) {
    throw error instanceof RangeError ? new Error('the chat template is nested too deeply to be read', { cause: error }) : error;
  }
}

function range(start: number, stop: number | undefined, step = 1, most: number): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  if (step === 0) throw new Error('range() step must not be zero');
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (count > most) throw tooLong(most, count);
  return Array.from({ length: Number.isNaN(count) ? 0 : count }, (_, index) => from + index * step);
}

function tooLong(most: number, found: number): TemplateBound {
  const allowed = `texts and lists of at most ${most.toLocaleString('en')} characters and entries`;
  return new TemplateBound(allowed, found.toLocaleString('en'));
}

/** Values and characters in what a template is given. */
function sizeOf(given: unknown): { values: number; characters: number } {
  const size = { values: 0, characters: 0 };
  const left: unknown[] = [given];
  while (left.length > 0) {
    const value = left.pop();
    size.values++;
    if (typeof value === 'string') size.characters += value.length;
    else if (typeof value === 'object' && value !== null)
      for (const [key, inside] of Object.entries(value)) {
        size.characters += key.length;
        left.push(inside);
      }
  }
  return size;
}

class Bounded extends Interpreter {
  readonly mostSteps: number;
  readonly mostText: number;
  private steps = 0;
  private depth = 0;
  /** Containers never change once they are made, but for namespaces, which nothing else may hold. */
  private readonly weights = new WeakMap<object, number>();
  /** Node that another goes over in whole -> steps for each of its entries; a text counts by its characters. */
  private readonly wholes = new Map<object, number>();
  private readonly noted = new Set<Node>();

  constructor({ values, characters }: { readonly values: number; readonly characters: number }) {
    super(new Environment());
    this.mostSteps = MAX_TEMPLATE_STEPS + STEPS_PER_VALUE * values + STEPS_PER_CHARACTER * characters;
    this.mostText = MAX_TEMPLATE_TEXT + TEXT_PER_CHARACTER * characters;
  }

  override evaluate(node: Node | undefined, environment: Environment): Value {
    if (node === undefined) return super.evaluate(node, environment);
    this.charge(1);
    if (this.depth >= MAX_TEMPLATE_DEPTH)
      throw new TemplateBound(`steps nested at most ${MAX_TEMPLATE_DEPTH.toLocaleString('en')} deep`, 'more');
    this.noteWholes(node);
    this.depth++;
    // Also where a loop is broken off, which the library does by throwing.
    try {
      const value = super.evaluate(node, environment);
      this.check(node, value);
      return value;
    } finally {
      this.depth--;
    }
  }

  private charge(steps: number): void {
    this.steps += steps;
    if (this.steps > this.mostSteps)
      throw new TemplateBound(`a conversation written within ${this.mostSteps.toLocaleString('en')} steps`, 'more');
  }

  /** Which nodes below this one are gone over in whole. */
  private noteWholes(node: Node): void {
    if (this.noted.has(node)) return;
    this.noted.add(node);
    const { whole, steps } = goneOver(node);
    if (isObject(whole)) this.wholes.set(whole, steps);
  }

  private check(node: Node, value: Value): void {
    const isMade = MAKERS.has(node.type);
    const per = this.wholes.get(node) ?? 0;
    const inner = value.value;
    if (typeof inner === 'string') {
      if (inner.length > this.mostText) throw tooLong(this.mostText, inner.length);
      // Joined texts are not copied.
      if (per > 0 || (isMade && node.type !== 'BinaryExpression')) this.charge(inner.length / CHARACTERS_PER_STEP);
    } else if (inner instanceof Map && value.type === 'NamespaceValue') {
      this.charge(inner.size / VALUES_PER_STEP);
      for (const inside of inner.values()) this.weigh(inside);
    } else if (inner instanceof Map || Array.isArray(inner)) {
      this.weigh(value);
      const entries = inner instanceof Map ? inner.size : inner.length;
      if (per > 0) this.charge(per * entries);
      else if (isMade) this.charge(entries / VALUES_PER_STEP);
    }
  }

  /** Characters and entries of a value as it would be written: what stands in it twice counts twice. */
  private weigh(value: Value): number {
    const inner = value.value;
    if (typeof inner === 'string') return inner.length + 1;
    if (value.type === 'NamespaceValue') throw new Error('a namespace may not stand in a list, a mapping or another namespace');
    if (!(inner instanceof Map) && !Array.isArray(inner)) return 1;
    const known = this.weights.get(value);
    if (known !== undefined) return known;
    let weight = 1;
    if (inner instanceof Map) for (const [key, inside] of inner) weight += key.length + this.weigh(inside);
    else for (const inside of inner) weight += this.weigh(inside);
    if (weight > this.mostText) throw tooLong(this.mostText, weight);
    this.weights.set(value, weight);
    return weight;
  }
}

/** What a node goes over in whole, and the steps for each of its entries. */
function goneOver(node: Node): { readonly whole: unknown; readonly steps: number } {
  const steps = 1 / VALUES_PER_STEP;
  switch (node.type) {
    case 'For': {
      const iterable = get(node, 'iterable');
      return { whole: get(iterable, 'type') === 'SelectExpression' ? get(iterable, 'lhs') : iterable, steps: STEPS_PER_TURN };
    }
    case 'FilterExpression': {
      const filter = get(node, 'filter');
      const name = getString(filter, 'value') ?? getString(get(filter, 'callee'), 'value') ?? '';
      return { whole: CHEAP.has(name) ? undefined : get(node, 'operand'), steps };
    }
    case 'TestExpression':
      return { whole: get(node, 'operand'), steps };
    case 'MemberExpression':
      return { whole: get(get(node, 'property'), 'type') === 'SliceExpression' ? get(node, 'object') : undefined, steps };
    case 'BinaryExpression':
      return { whole: (getString(get(node, 'operator'), 'value') ?? '').endsWith('in') ? get(node, 'right') : undefined, steps };
    default:
      return { whole: undefined, steps };
  }
}
