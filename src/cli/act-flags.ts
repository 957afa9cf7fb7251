/** Acts as flags of `espalier prune`: each is a line of the stack, in the order in which they are given. */
import { parseArgs } from 'node:util';
import { actsOn, FAVOURED, MAX_ACTS, type Act, type ActTarget, type ActVerb } from '../core/acts/act.ts';
import { RULE_FIELDS } from '../core/rule/fields.ts';
import type { ActsAnswer } from '../engine/answers/acts.ts';
import { actText, checkedFilter, matchedText, targetText } from '../engine/words/acts.ts';
import { helpLines } from './help-lines.ts';
import { UsageError } from './usage.ts';

const FLAGS: readonly { readonly flag: ActVerb; readonly placeholder: string; readonly help: string }[] = [
  {
    flag: 'drop',
    placeholder: 'FILTER',
    help: 'leave these rollouts out of the cut, such as --drop "reward<0.5"; advantages stay those of the group as it was sampled',
  },
  { flag: 'untrained', placeholder: 'FILTER', help: 'keep these rollouts as context without loss' },
  { flag: 'pin', placeholder: 'FILTER', help: 'keep these rollouts before everything else' },
  {
    flag: 'favour',
    placeholder: 'FILTER',
    help: 'count the signal of these rollouts twice when nodes are ranked; 3*FILTER: three times',
  },
  { flag: 'keep', placeholder: 'FILTER', help: 'write only these rollouts; the cut stays what it is' },
  {
    flag: 'best',
    placeholder: 'K',
    help: 'write only the K rollouts of each task with the highest rewards among those that the lines before leave',
  },
];

/** To `parseArgs` they are plain; all that are given, and their order, are in its tokens. */
export const ACT_OPTIONS = {
  drop: { type: 'string' },
  untrained: { type: 'string' },
  pin: { type: 'string' },
  favour: { type: 'string' },
  keep: { type: 'string' },
  where: { type: 'string' },
  best: { type: 'string' },
  acts: { type: 'string' },
} as const;

/** The lines of `--help`, without a line break at the end. */
export const ACT_HELP = [
  ...FLAGS.map(({ flag, placeholder, help }) => helpLines(`--${flag} ${placeholder}`, help)),
  helpLines('--where FILTER', 'the same as --keep'),
  helpLines('--acts JSON', 'such lines as the address of the page and a manifest hold them; those of other flags come after them'),
  helpLines(
    '',
    'These may be given several times; a later one decides about a rollout that several name. FILTER is that of the page ' +
      '(docs/filter.md), or @node:KEY,KEY or @rollout:KEY,KEY for what was chosen by hand.',
  ),
].join('\n');

/** The stack that the arguments make. Throws UsageError naming the flag. @param options of the command, these among them */
export function actsOf(
  args: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>,
): readonly Act[] {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  const given: Act[] = [];
  let base: readonly Act[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option' || token.value === undefined) continue;
    if (token.name === 'acts') {
      const found = RULE_FIELDS.acts.parse(token.value);
      if (!found.ok) throw new UsageError(`--acts: ${found.fault}`);
      base = found.value;
    }
    const flag = token.name === 'where' ? 'keep' : FLAGS.find((each) => each.flag === token.name)?.flag;
    if (flag !== undefined) given.push(actOf(flag, token.value));
  }
  const acts = RULE_FIELDS.acts.read([...base, ...given]);
  if (acts === undefined) throw new UsageError(`expected at most ${MAX_ACTS} acts, found ${base.length + given.length}`);
  return acts;
}

function actOf(verb: ActVerb, text: string): Act {
  if (verb === 'best') {
    const count = Number(text);
    if (!(Number.isSafeInteger(count) && count > 0)) throw new UsageError(`--best: expected a number of rollouts from 1 on, found ${text}`);
    return { verb, count, isOn: true };
  }
  const [, times, target = text] = (verb === 'favour' && /^(\d+(?:\.\d+)?)\*(.*)$/s.exec(text)) || [];
  const factor = times === undefined ? FAVOURED : Number(times);
  const act: Act = { verb, ...targetOf(verb, target), ...(factor === FAVOURED ? {} : { times: factor }), isOn: true };
  const read = RULE_FIELDS.acts.read([act])?.[0];
  if (read === undefined) throw new UsageError(`--${verb}: expected a filter, @node:KEYS or @rollout:KEYS, found ${text}`);
  return read;
}

function targetOf(verb: ActVerb, text: string): ActTarget {
  const [, kind, list = ''] = /^@(node|rollout):(.*)$/s.exec(text) ?? [];
  const keys = list.split(',').map((key) => key.trim());
  if (kind !== undefined) return kind === 'node' ? { nodes: keys } : { rollouts: keys };
  const where = text.trim();
  const fault = checkedFilter(where);
  if (fault !== null) throw new UsageError(`--${verb}: ${fault}`);
  return { where };
}

/** The filters of lines that are on, for the `filter` of opening. */
export function wheresOf(acts: readonly Act[]): readonly string[] {
  return actsOn(acts).flatMap(({ where }) => where ?? []);
}

/** What each line that is on finds. */
export function actLines(acts: readonly Act[], { lines }: ActsAnswer): string[] {
  return acts.flatMap((act, line) => {
    const facts = lines[line];
    return facts === undefined || !act.isOn ? [] : [`${actText(act)}: ${matchedText(facts, act)}`];
  });
}

/** Throws UsageError where a filter cannot be asked of the log that is open, naming the line. */
export function refuseFaults(acts: readonly Act[], { lines }: ActsAnswer): void {
  for (const [line, { fault }] of lines.entries()) {
    const act = acts[line];
    if (fault !== null && act?.isOn === true) throw new UsageError(`--${act.verb} ${targetText(act)}: ${fault}`);
  }
}
