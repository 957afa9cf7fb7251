/** Settings that decide figures: the shape of a rule, as the table of its fields has it. All of them appear in the manifest. */
import { RULE_FIELD_LIST, type RuleFieldName, type RuleFields } from '../rule/fields.ts';
import { member } from '../rule/json.ts';

export type { EventKind, Protection } from './protection.ts';
export type { ModelShape } from '../rule/shape-field.ts';

type ValueOf<Name extends RuleFieldName> = NonNullable<ReturnType<RuleFields[Name]['read']>>;
type OptionalName = { [Name in RuleFieldName]: undefined extends RuleFields[Name]['default'] ? Name : never }[RuleFieldName];

/** Everything that an order of nodes depends on, except the forest. */
export type PruneRule = { readonly [Name in Exclude<RuleFieldName, OptionalName>]: ValueOf<Name> } & {
  readonly [Name in OptionalName]?: ValueOf<Name>;
};

export type Strategy = PruneRule['strategy'];
export type AdvantageRule = PruneRule['advantage'];
export type EntropyAggregate = PruneRule['aggregate'];
export type Unit = PruneRule['unit'];
export type Scope = PruneRule['scope'];

export interface Budget {
  /** Share of the total cost that the cut may keep, 0..1. */
  readonly cut: number;
  /** Share of the kept sampled tokens that may carry loss, 0..1. */
  readonly train: number;
}

/** Whether every member that a rule must have is there and every one that is there is right. */
export function isRule(value: object): value is PruneRule {
  return RULE_FIELD_LIST.every((field) => {
    const found = member(value, field.name);
    return found === undefined ? field.default === undefined : field.read(found) !== undefined;
  });
}

/** Settings that may be missing are not in it. */
export const DEFAULT_RULE: PruneRule = defaultRule();

function defaultRule(): PruneRule {
  const rule: object = Object.fromEntries(
    RULE_FIELD_LIST.flatMap((field) => (field.default === undefined ? [] : [[field.name, field.default]])),
  );
  if (!isRule(rule)) throw new Error('expected defaults that are values of their settings');
  return rule;
}
