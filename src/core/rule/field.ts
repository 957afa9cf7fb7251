/** The kinds of settings a rule is made of: how each is read from JSON, from a flag and from an address, and written. */

/** A sentence "expected …, found …" where a text is no value of a setting. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string };

/** What every setting says of itself. A setting takes part in manifests, flags, addresses and the panel by this alone. */
interface FieldText {
  /** As the panel shows it. */
  readonly label: string;
  /** The same for screen readers, where the label is a symbol. */
  readonly spoken?: string;
  /** What it decides, in a few words that can stand before a list of values. */
  readonly help: string;
  /** Of the CLI, without dashes; null: the CLI has none. */
  readonly flag: string | null;
  /** What stands for its value in `--help`. */
  readonly placeholder: string;
  /** In an address. */
  readonly address: string;
  /** Where the page shows it: beside the budget, in the row under the budget's figure, under "More", with the events, or elsewhere. */
  readonly panel: 'main' | 'cost' | 'more' | 'protect' | 'elsewhere';
}

/** How values of a setting are read and written. */
interface FieldKind<T> {
  /** From untrusted JSON; undefined where it is no value. */
  readonly read: (value: unknown) => T | undefined;
  readonly parse: (text: string) => Parsed<T>;
  /** As `parse`, but entries of a list that are not right are left out: for addresses. */
  readonly parseLoosely?: (text: string) => T;
  readonly write: (value: T) => string;
}

export interface ChoiceValue {
  readonly id: string;
  readonly label: string;
  /** One sentence. */
  readonly help: string;
  /** Names that earlier files and links give it. */
  readonly formerly?: readonly string[];
  /** Name of the optional setting that this value cannot be used without. */
  readonly needs?: string;
}

export interface ChoiceField<T extends string> extends FieldText, FieldKind<T> {
  readonly type: 'choice';
  readonly values: readonly ChoiceValue[];
  readonly default: T;
  /** Shown as a row of buttons, not as a list. */
  readonly segments?: boolean;
}

export interface NumberField extends FieldText, FieldKind<number> {
  readonly type: 'number';
  readonly default: number;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly isInteger: boolean;
  /** What it counts, in the singular. */
  readonly unit?: string;
}

/** A setting whose values have an editor of their own. */
export interface OwnField<Type extends string, T> extends FieldText, FieldKind<T> {
  readonly type: Type;
  readonly default: T;
}

/** A setting that may be missing. */
export interface OptionalField<Type extends string, T> extends FieldText, FieldKind<T> {
  readonly type: Type;
  readonly default: undefined;
  /** What the page begins with where another setting needs this one. */
  readonly example: T;
}

/** Any setting, for code that treats all alike. */
export interface AnyField extends FieldText {
  readonly type: string;
  /** Undefined: the setting may be missing. */
  readonly default: unknown;
  readonly values?: readonly ChoiceValue[];
  readonly example?: unknown;
  read(value: unknown): unknown;
  parse(text: string): Parsed<unknown>;
  parseLoosely?(text: string): unknown;
  /** Of a value that `read` has accepted. */
  write(value: unknown): string;
}

export function choice<const V extends readonly ChoiceValue[]>(
  spec: FieldText & { readonly values: V; readonly default: V[number]['id']; readonly segments?: boolean },
): ChoiceField<V[number]['id']> {
  type Id = V[number]['id'];
  const find = (text: unknown): Id | undefined =>
    spec.values.find(({ id, formerly }) => id === text || (typeof text === 'string' && formerly?.includes(text)))?.id;
  return {
    ...spec,
    type: 'choice',
    read: find,
    parse: (text) => parsed(find(text), spec.values.map(({ id }) => id).join(', '), text),
    write: (value) => value,
  };
}

export function number(
  spec: FieldText & {
    readonly default: number;
    readonly low: number;
    readonly high: number;
    readonly step?: number;
    readonly isInteger?: boolean;
    readonly unit?: string;
  },
): NumberField {
  const { low, high, isInteger = false, step = 1 } = spec;
  // Added to 0, −0 is 0: it is written so.
  const read = (value: unknown): number | undefined =>
    typeof value === 'number' && value >= low && value <= high && (!isInteger || Number.isInteger(value)) ? value + 0 : undefined;
  const range = high < Number.MAX_SAFE_INTEGER ? `from ${low} to ${high}` : `of at least ${low}`;
  const expected = `a ${isInteger ? 'whole ' : ''}number ${range}`;
  return {
    ...spec,
    type: 'number',
    isInteger,
    step,
    read,
    parse: (text) => parsed(text.trim() === '' ? undefined : read(Number(text)), expected, text),
    write: String,
  };
}

/** The value, or a sentence about the text that gave none. */
export function parsed<T>(value: T | undefined, expected: string, found: string): Parsed<T> {
  return value === undefined ? { ok: false, fault: `expected ${expected}, found ${found}` } : { ok: true, value };
}
