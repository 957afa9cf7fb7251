/** What a look at an export comes to, in sentences: whether one would train on it. */
import type { Copies, FoundSecrets, NearCopies, Preflight, RecordPlace } from '../answers/preflight.ts';
import { UNDESCRIBED_TOOLS } from '../export/tally.ts';
import { shortfallText } from './shortfall.ts';

export interface Finding {
  /** A problem should be mended or meant; a note should be known. */
  readonly level: 'problem' | 'note';
  /** What the sentence is of: records, tokens, tasks or places. */
  readonly count: number;
  /** One sentence, which begins with the count where that is not 0. */
  readonly text: string;
}

/** One task that holds more of the loss than this, where there are more than two, is a problem. */
const MOST_OF_ONE_TASK = 0.5;
/** So few records teach little but themselves. */
const FEW_RECORDS = 10;
/** From this share of the records on, copies are a problem. */
const MANY_COPIES = 0.05;
/** Letters of a key that are shown. */
const LONG_NAME = 44;
/** Context of most small fine-tuning runs. */
const USUAL_CONTEXT = 32_768;

/** Problems first; each in the order of the report. */
export function preflightFindings(seen: Preflight): Finding[] {
  const found = [
    ...sizeFindings(seen),
    ...rewardFindings(seen),
    ...lossFindings(seen),
    ...shareFindings(seen),
    ...copyFindings(seen),
    ...idFindings(seen),
    ...(seen.secrets ?? []).map(secretFinding),
    ...targetFindings(seen),
  ];
  return [...found.filter(({ level }) => level === 'problem'), ...found.filter(({ level }) => level === 'note')];
}

/** The verdict above all findings. */
export function preflightVerdict(findings: readonly Finding[]): string {
  const problems = findings.filter(({ level }) => level === 'problem').length;
  const notes = findings.length - problems;
  if (problems > 0)
    return `${counted(problems, 'problem')} to look at before training${notes > 0 ? `, and ${counted(notes, 'note')}` : ''}`;
  return notes > 0 ? `No problem found; ${counted(notes, 'note')}` : 'No problem found';
}

const problem = (count: number, text: string): Finding => ({ level: 'problem', count, text });
const note = (count: number, text: string): Finding => ({ level: 'note', count, text });
const when = (isSo: boolean, finding: () => Finding): Finding[] => (isSo ? [finding()] : []);

function sizeFindings({ records, branches, branchesWithoutLoss, validation }: Preflight): Finding[] {
  return [
    ...when(records === 0, () => problem(0, 'There is no record: no token of the cut carries loss.')),
    ...when(records > 0 && records < FEW_RECORDS, () =>
      note(records, `${counted(records, 'record')} in all: a training run will learn them by heart.`),
    ),
    ...when(records > 0 && branchesWithoutLoss > 0, () =>
      note(
        branchesWithoutLoss,
        `${partOf(branchesWithoutLoss, branches, 'kept branch', 'kept branches')} ${carry(branchesWithoutLoss)} no loss and ` +
          `${are(branchesWithoutLoss)} not written.`,
      ),
    ),
    ...when(records > 0 && validation === records, () => problem(records, 'All records are in the files for validation.')),
  ];
}

function rewardFindings({ mode, rewards, records }: Preflight): Finding[] {
  const { zero, below, above, unknown } = rewards;
  const failed = zero.records + below.records;
  const known = failed + above.records;
  if (mode === 'rl') {
    const groups = [zero, below, above].filter((group) => group.records > 0).length;
    return [
      ...when(known > 0 && groups === 1, () =>
        problem(known, `${counted(known, 'record')} with a known reward, and all of one sign: without contrast, advantages teach little.`),
      ),
      ...when(unknown.records > 0, () => unknownRewards(unknown.records, records, 'problem')),
    ];
  }
  return [
    ...when(failed > 0, () => {
      const text =
        `${partOf(failed, records)} (${share(failed, records)}, ` +
        `${share(zero.tokens + below.tokens, tokensOf(rewards))} of the loss) come from rollouts of reward 0 or less: SFT imitates them.`;
      return failed * 2 > records ? problem(failed, text) : note(failed, text);
    }),
    ...when(unknown.records > 0, () => unknownRewards(unknown.records, records, 'note')),
  ];
}

function unknownRewards(count: number, records: number, level: Finding['level']): Finding {
  return {
    level,
    count,
    text: `${partOf(count, records)} (${share(count, records)}) ${have(count)} no known reward.`,
  };
}

function lossFindings({ records, onlyKind, undescribed, template, endings, files }: Preflight): Finding[] {
  const { turns, turnsTrained, name, marksAnswers } = template;
  const only = onlyKind.reduce((sum, kind) => sum + kind.records, 0);
  const kinds = onlyKind.map((kind) => `${kind.name} ${figure(kind.records)}`).join(', ');
  return [
    ...when(only > 0, () => note(only, `${partOf(only, records)} ${have(only)} all loss on one kind (${kinds}).`)),
    ...when(turns > 0 && turnsTrained === 0, () =>
      problem(turns, `${counted(turns, 'turn')} end with a mark that carries no loss: a model does not learn where to stop.`),
    ),
    ...when(turns > turnsTrained && turnsTrained > 0, () =>
      note(
        turns - turnsTrained,
        `${partOf(turns - turnsTrained, turns, 'end of a turn', 'ends of turns')} (${share(turns - turnsTrained, turns)}) ` +
          `${carry(turns - turnsTrained)} no loss.`,
      ),
    ),
    ...when(turns === 0 && records > 0, () =>
      note(0, 'No end-of-turn token is known in these records: whether a model learns to stop is not known.'),
    ),
    ...when(name !== null && !marksAnswers, () =>
      note(
        0,
        `${name} does not mark what the assistant says ({% generation %}): trainers that look for those marks find nothing to train.`,
      ),
    ),
    // Where a file counts it too, once is enough.
    ...when((undescribed ?? 0) > 0 && !files.some(tellsOfTools), () =>
      note(undescribed ?? 0, `${counted(undescribed ?? 0, 'record')} ${call(undescribed ?? 0)} tools that the log does not describe.`),
    ),
    ...when(records > 0 && endings.complete.records === 0, () =>
      problem(records, `${counted(records, 'record')}, and none goes to the end of its rollout: nothing shows how one ends.`),
    ),
    ...when(endings.complete.records > 0 && endings.cut.records > 0, () =>
      note(
        endings.cut.records,
        `${partOf(endings.cut.records, records)} (${share(endings.cut.records, records)}) end before their rollout does.`,
      ),
    ),
    ...when(endings.truncated.records > 0, () =>
      note(endings.truncated.records, `${partOf(endings.truncated.records, records)} end in a turn that the log cuts off.`),
    ),
  ];
}

function tellsOfTools({ shortfalls = [] }: Preflight['files'][number]): boolean {
  return shortfalls.some(({ what }) => what === UNDESCRIBED_TOOLS);
}

function shareFindings({ tasks, trained, records, lengths }: Preflight): Finding[] {
  const [largest] = tasks.largest;
  const empty = tasks.total - tasks.withRecords;
  const longer = lengths.limits.find(({ limit }) => limit === USUAL_CONTEXT)?.longer ?? 0;
  return [
    ...when(records > 0 && empty > 0, () => note(empty, `${figure(empty)} of ${counted(tasks.total, 'task')} ${have(empty)} no record.`)),
    ...when(largest !== undefined && tasks.withRecords > 2 && largest.tokens > MOST_OF_ONE_TASK * trained, () =>
      problem(
        largest?.records ?? 0,
        `${counted(largest?.records ?? 0, 'record')} of one task (${shownName(largest?.name ?? '')}) ` +
          `have ${share(largest?.tokens ?? 0, trained)} of the loss.`,
      ),
    ),
    ...when(longer > 0, () => note(longer, `${partOf(longer, records)} ${are(longer)} longer than ${figure(USUAL_CONTEXT)} tokens.`)),
  ];
}

function copyFindings({ exact, near, records }: Preflight): Finding[] {
  const of =
    near.compared < records ? `of ${figure(near.compared)} records drawn from ${figure(records)}` : `of ${counted(records, 'record')}`;
  return [
    ...when(exact.records > 0, () => {
      const text =
        `${partOf(exact.records, records)} (${share(exact.records, records)}) repeat another exactly` +
        `${otherTasks(exact)}${pair(exact)}.`;
      return exact.records >= MANY_COPIES * records ? problem(exact.records, text) : note(exact.records, text);
    }),
    ...when(near.records > 0, () =>
      note(
        near.records,
        `${figure(near.records)} ${of} train on nearly what another does ` +
          `(at least ${share(near.least, 1)} of runs of ${near.width} tokens)${otherTasks(near)}${pair(near)}.`,
      ),
    ),
    ...when(exact.acrossSplits + near.acrossSplits > 0, () => {
      const leaked = Math.max(exact.acrossSplits, near.acrossSplits);
      return problem(leaked, `${counted(leaked, 'record')} ${have(leaked)} a copy or near copy on the other side of the validation split.`);
    }),
  ];
}

/** How many copies are of another task than what they repeat; those of one task share what is before their fork. */
function otherTasks({ acrossTasks, records }: Copies | NearCopies): string {
  return acrossTasks === 0
    ? ', all within their task'
    : acrossTasks === records
      ? ', all across tasks'
      : `, ${figure(acrossTasks)} across tasks`;
}

function pair({ example }: Copies): string {
  return example === null ? '' : `; such as ${placeText(example[0])} and ${placeText(example[1])}`;
}

/** The task's key, which may be long, and the rollout. */
export function placeText({ task, rollout }: RecordPlace): string {
  const [name, own] = [shownName(task), shownName(rollout)];
  // Names of rollouts mostly differ at their end.
  const end = own.length > LONG_NAME ? `…${own.slice(1 - LONG_NAME)}` : own;
  if (own.startsWith(name)) return end;
  return `${name.length > LONG_NAME ? `${name.slice(0, LONG_NAME - 1)}…` : name} / ${end}`;
}

/** A name from a log in one line, without what would steer a terminal. */
export function shownName(name: string): string {
  return name.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
}

function idFindings({ vocabulary: { outside, made, unchecked, name }, template, records }: Preflight): Finding[] {
  return [
    ...when(outside !== null, () =>
      problem(
        outside?.records ?? 0,
        `${counted(outside?.records ?? 0, 'record')} ${hold(outside?.records ?? 0)} ids that ${name} does not have ` +
          `(${figure(outside?.ids ?? 0)} different, up to ${figure(outside?.largest ?? 0)}).`,
      ),
    ),
    ...when(unchecked > 0, () =>
      note(unchecked, `${partOf(unchecked, records)} ${have(unchecked)} ids of a tokenizer that is not open here: not looked up.`),
    ),
    ...when(template.name === null && made > 0, () =>
      note(
        made,
        `${partOf(made, records)} ${have(made)} ids that were made of text here, as ${name} with Espalier’s plain marks: ` +
          `open the log with the tokenizer.json of the model to train, or train on messages.`,
      ),
    ),
  ];
}

function secretFinding({ label, isPersonal, times, different, records, places: [first] }: FoundSecrets): Finding {
  const at = first === undefined ? '' : `; first in ${placeText(first)}, message ${figure(first.message)} (${first.masked})`;
  const place = `${figure(times)} ${times === 1 ? 'place has' : 'places have'} ${/^[AEIOae]/.test(label) ? 'an' : 'a'} ${label}`;
  const text = `${place} (${figure(different)} different, in ${counted(records, 'record')})${at}.`;
  return isPersonal ? note(times, text) : problem(times, text);
}

/** What the targets cannot express: each once, with the files that it is of. */
function targetFindings({ files, skipped }: Preflight): Finding[] {
  const all = new Map<string, { count: number; names: string[] }>();
  for (const { name, shortfalls = [] } of files)
    for (const { what, count } of shortfalls) {
      const own = all.get(what) ?? { count: 0, names: [] };
      all.set(what, { count: Math.max(own.count, count), names: [...own.names, name] });
    }
  return [
    ...[...all].map(([what, { count, names }]) => note(count, `${capital(shortfallText({ what, count }))} (${names.join(', ')}).`)),
    ...skipped.map(({ profile, reason }) => note(0, `${profile} is not written: ${reason}.`)),
  ];
}

function tokensOf({ above, zero, below, unknown }: Preflight['rewards']): number {
  return above.tokens + zero.tokens + below.tokens + unknown.tokens;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const figure = (count: number): string => count.toLocaleString('en');
const share = (part: number, whole: number): string => `${(whole > 0 ? (100 * part) / whole : 0).toFixed(part === whole ? 0 : 1)} %`;
const counted = (count: number, one: string, many = `${one}s`): string => `${figure(count)} ${count === 1 ? one : many}`;
/** "3 of 8 records", "All 8 records". */
const partOf = (part: number, whole: number, one = 'record', many = `${one}s`): string =>
  part === whole && whole > 1 ? `All ${counted(whole, one, many)}` : `${figure(part)} of ${counted(whole, one, many)}`;
const are = (count: number): string => (count === 1 ? 'is' : 'are');
const have = (count: number): string => (count === 1 ? 'has' : 'have');
const carry = (count: number): string => (count === 1 ? 'carries' : 'carry');
const call = (count: number): string => (count === 1 ? 'calls' : 'call');
const hold = (count: number): string => (count === 1 ? 'holds' : 'hold');
