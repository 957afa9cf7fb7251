/** The command line that writes the bytes that the export dialog writes: every choice of the page as flags. */
import type { Budget, PruneRule } from '../../core/model/rule.ts';
import { RULE_FIELD_LIST } from '../../core/rule/fields.ts';
import { termsOf } from '../../core/filter/filter.ts';
import { parseFilter } from '../../core/filter/parse.ts';
import { writeStatusRewards } from '../../core/rollouts/status-rewards.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenSettings } from '../answers/opening.ts';
import type { ChosenProfile, ExportSpec, ProfileFacts } from '../answers/exporting.ts';
import { AXIS_IDS } from '../../core/axes/axes.ts';
import { actFlags } from './acts.ts';
import { optionText } from '../export/options.ts';
import { RECORD_SETTINGS } from '../export/record-settings.ts';

export interface Chosen {
  /** Files and folders that are open, by the names that they were dropped with. */
  readonly inputs: readonly string[];
  readonly opened: OpenSettings;
  readonly rule: PruneRule;
  readonly budget: Budget;
  readonly spec: ExportSpec;
  /** Those that the spec may name. */
  readonly profiles: readonly Pick<ProfileFacts, 'id' | 'options'>[];
  /** Entropy of a model took part. */
  readonly usesScores: boolean;
}

export interface PruneCommand {
  /** For a POSIX shell, to be run where the inputs lie. */
  readonly text: string;
  /** What else it needs, or cannot say, in sentences. */
  readonly needs: readonly string[];
}

export function pruneCommand({ inputs, opened, rule, budget, spec, profiles, usesScores }: Chosen): PruneCommand {
  const needs: string[] = [];
  const names = inputs.map((name) => quoted(name.startsWith('-') ? `./${name}` : name));
  // Settings of the rule would change what a preset gives; here all are said.
  const words = ['espalier', 'prune', ...names, flagged('preset', 'none'), flagged('budget', String(budget.cut))];
  if (budget.train !== 1) words.push(flagged('train-budget', String(budget.train)));
  for (const field of RULE_FIELD_LIST) {
    const { name, flag, default: standard } = field;
    const value = rule[name];
    const text = value === undefined ? null : field.write(value);
    if (text === null || (standard !== undefined && text === field.write(standard))) continue;
    if (name === 'acts') for (const [own, of] of actFlags(rule.acts)) words.push(flagged(own, of));
    else if (flag !== null) words.push(flagged(flag, text));
  }
  if (rule.signal === 'imported') {
    words.push(flagged('import-scores', 'scores.jsonl'));
    needs.push('It needs the file of your own scores, here scores.jsonl.');
  }
  if (usesScores) {
    words.push(flagged('scores', 'scores.bin'));
    needs.push('It needs the scores of the model: save them, from the entropy in the top bar, as scores.bin.');
  }
  words.push(flagged('export', spec.profiles.map((profile) => profileText(profile, profiles)).join(',')));
  if (spec.weights !== 'branch-mean') words.push(flagged('weights', spec.weights));
  if (spec.maskErrors) words.push('--mask-errors');
  for (const setting of RECORD_SETTINGS) {
    const value = spec.records?.[setting.name];
    if (value === undefined || value === setting.default) continue;
    words.push(setting.type === 'flag' ? `--${setting.flag}` : flagged(setting.flag, optionText(value)));
  }
  if (opened.tokenizer.kind === 'huggingface') {
    words.push(flagged('tokenizer', opened.tokenizer.name));
    needs.push(`It needs the tokenizer that is open, here ${opened.tokenizer.name}.`);
  }
  if (opened.mapping !== undefined) {
    words.push(flagged('mapping', 'mapping.json'));
    needs.push('It needs the mapping of the records, here mapping.json.');
  }
  const memoryTools = opened.memoryTools.join(',');
  if (memoryTools !== DEFAULT_OPEN_SETTINGS.memoryTools.join(',')) words.push(flagged('memory-tools', memoryTools));
  if (opened.maxNodeTokens !== null) words.push(flagged('max-node-tokens', String(opened.maxNodeTokens)));
  if (opened.group !== undefined && opened.group !== 'task') words.push(flagged('group', opened.group));
  const statusRewards = writeStatusRewards(opened.statusRewards ?? []);
  if (statusRewards !== '') words.push(flagged('status-reward', statusRewards));
  if (opened.policyVersion !== undefined) words.push(flagged('policy-version', String(opened.policyVersion)));
  if (opened.joins === false) words.push('--no-joins');
  if ((opened.rewards ?? []).length > 0) {
    words.push(flagged('verdicts', 'verdicts.jsonl'));
    needs.push('It needs the verdicts: save them, from the dataset, as verdicts.jsonl.');
  }
  const mixes = (spec.records?.mixBy ?? 'off') !== 'off';
  if (asksNotes(rule) || mixes) {
    words.push(flagged('notes', 'notes.jsonl'));
    needs.push(`It needs your notes, labels${mixes ? ' and tags' : ''}: save them, from the dataset, as notes.jsonl.`);
  }
  words.push(flagged('out', 'set/'));
  return { text: words.join(' '), needs };
}

/** Whether a line of acts asks for what a person has said. */
export function asksNotes({ acts }: Pick<PruneRule, 'acts'>): boolean {
  return acts.some(({ where = '' }) => {
    const parsed = parseFilter(where);
    const terms = parsed.ok ? [...termsOf(parsed.filter)] : [];
    return terms.some(
      (term) =>
        (term.kind === 'is' && ['label', 'note', ...AXIS_IDS].includes(term.name)) || (term.kind === 'flag' && term.flag === 'labelled'),
    );
  });
}

function profileText({ profile: id, options = {} }: ChosenProfile, profiles: Chosen['profiles']): string {
  const known = profiles.find((profile) => profile.id === id)?.options ?? [];
  const given = known.flatMap((option): string[] => {
    const value = options[option.name];
    if (value === undefined || value === option.default) return [];
    return [`${option.name}=${optionText(value).replaceAll(/[\\,]/g, '\\$&')}`];
  });
  return given.length === 0 ? id : `${id}:${given.join(',')}`;
}

/** As one word where the value begins with a dash, else it would be taken for a flag of its own. */
function flagged(flag: string, value: string): string {
  return value.startsWith('-') ? quoted(`--${flag}=${value}`) : `--${flag} ${quoted(value)}`;
}

/** As it is where a shell takes it so. */
function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
