/**
 * The lists of the view on the screen as tables: what its questions have been answered, with the words of every row and not only of those
 * that are scrolled to.
 */
import type { DecisionStep, ForkAnswer, SplitsAnswer, SplitSide, StepText } from '../../../engine/answers/decisions.ts';
import { AFTER, BEFORE, PAIRING, type SideAnswer, type SidePart } from '../../../engine/answers/side.ts';
import type { TopForksAnswer, TopTokensAnswer } from '../../../engine/answers/top.ts';
import type { NodeKey } from '../../../core/model/node-key.ts';
import { ask, client } from '../../queries/client.ts';
import { decimal, exact, percent, plural } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';
import { rewardWords } from '../decisions/words.ts';
import type { ReportTable } from './report.ts';

/** Rows of two rollouts that are written out, and letters of a cell of them. */
const MOST_ROWS = 300;
const MOST_LETTERS = 1200;
/** Rows whose texts are asked for at once. */
const AT_ONCE = 40;

const text = (label: string) => ({ label, isNumber: false });
const number = (label: string) => ({ label, isNumber: true });

interface Asked<T> {
  readonly key: readonly unknown[];
  readonly data: T;
}

/** Of the questions of that name those that something on the screen waits for, with their answers. */
function answered<T>(name: string, length: number): readonly Asked<T>[] {
  return client
    .getQueryCache()
    .findAll({ queryKey: [name], type: 'active' })
    .flatMap(({ queryKey }) => {
      const data = client.getQueryData<T | null>(queryKey);
      return queryKey.length === length && data !== null && data !== undefined ? [{ key: queryKey, data }] : [];
    });
}

/** @param labelOf task row -> what the page calls it. None where the view has no list. */
export async function viewTables(view: string, labelOf: (task: number) => string): Promise<readonly ReportTable[]> {
  if (view === 'top') return [...(await tokenTables(labelOf)), ...forkTables(labelOf)];
  if (view === 'decisions') return decisionTables(labelOf);
  return view === 'side' ? sideTables() : [];
}

/** Views that `viewTables` has something of. */
export const WITH_TABLES: ReadonlySet<string> = new Set(['top', 'decisions', 'side']);

async function tokenTables(labelOf: (task: number) => string): Promise<ReportTable[]> {
  const tables: ReportTable[] = [];
  for (const { key, data } of answered<TopTokensAnswer>('top-tokens', 6)) {
    const contexts = await ask((session) => session.tokenContexts(data.rows.map(({ node, offset }) => ({ node, offset }))));
    tables.push({
      caption: `Tokens by ${String(key[4])}`,
      columns: [
        number('rank'),
        number('nats'),
        text('before'),
        text('token'),
        text('after'),
        text('kind'),
        text('task'),
        number('turn'),
        text('fate'),
        text('reach'),
        text('source'),
      ],
      rows: data.rows.map((row, i) => {
        const around = contexts[i] ?? null;
        return [
          exact(i + 1),
          decimal(row.value),
          around?.before ?? '',
          around === null ? `id ${row.id}` : around.token,
          around?.after ?? '',
          row.tool ?? KIND_NAMES[row.kind].name,
          labelOf(row.task),
          exact(row.turn),
          row.kept ? (row.weight > 0 ? 'kept, trains' : 'kept, no loss') : 'cut',
          `${exact(row.reach)} of ${exact(row.trajectories)}`,
          row.source,
        ];
      }),
      rest: data.rows.length < data.known ? `The first ${exact(data.rows.length)} of ${plural(data.known, 'token')}.` : '',
    });
  }
  return tables;
}

function forkTables(labelOf: (task: number) => string): ReportTable[] {
  return answered<TopForksAnswer>('top-forks', 3).map(({ data: { rows, of } }) => ({
    caption: 'Most frequent forks',
    columns: [number('rank'), text('parted'), text('task'), text('what precedes'), text('what came next'), number('turn')],
    rows: rows.map((row, i) => [
      exact(i + 1),
      `${exact(row.parted)} of ${exact(row.reach)}`,
      labelOf(row.task),
      row.before ?? '',
      [
        ...row.ways.map(({ count, tool, kind, words }) => `${exact(count)} ${tool ?? KIND_NAMES[kind].name}: ${words ?? ''}`),
        ...(row.moreCount > 0 ? [`${exact(row.moreCount)} on other ways`] : []),
        ...(row.ending > 0 ? [`${exact(row.ending)} end here`] : []),
      ].join(' · '),
      exact(row.turn),
    ]),
    rest: rows.length < of ? `The first ${exact(rows.length)} of ${plural(of, 'fork')}.` : '',
  }));
}

async function decisionTables(labelOf: (task: number) => string): Promise<ReportTable[]> {
  const forks = answered<ForkAnswer>('fork', 5).map(({ data }) => data);
  const splits = answered<SplitsAnswer>('splits', 3).map(({ data }) => data);
  const steps = [
    ...forks.flatMap(({ ways }) => ways.flatMap(({ step }) => step ?? [])),
    ...splits.flatMap(({ rows }) => rows.flatMap(({ after, best, worst }) => [after, best.step, worst.step].flatMap((step) => step ?? []))),
  ];
  const keys = [...new Set([...steps.map(({ key }) => key), ...forks.flatMap(({ key }) => key ?? [])])];
  const texts = new Map<NodeKey, StepText | null>();
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const some = keys.slice(from, from + AT_ONCE);
    for (const [i, found] of (await ask((session) => session.stepTexts(some))).entries()) texts.set(some[i] ?? '', found);
  }
  const wordsOf = (key: NodeKey): string => {
    const found = texts.get(key);
    return found ? `${found.words}${found.isCut ? '…' : ''}` : '';
  };
  const stepOf = (step: DecisionStep | null): string => (step === null ? 'does nothing more' : `${step.label} ${wordsOf(step.key)}`.trim());
  const sideOf = (side: SplitSide): string => (side.ways > 1 ? `${plural(side.ways, 'way')} with one rollout each` : stepOf(side.step));
  const ways: ReportTable = {
    caption: 'Ways of the forks that are open',
    columns: [
      number('after step'),
      text('the step before'),
      text('what comes next'),
      number('rollouts'),
      text('mean reward, 95 % interval'),
      text('one of them'),
    ],
    rows: forks.flatMap(({ key, level, ways: own, others }) => [
      ...own.map((way) => [
        exact(level),
        key === null ? 'the beginning' : wordsOf(key),
        stepOf(way.step),
        exact(way.rollouts),
        rewardWords(way),
        way.representative.id,
      ]),
      ...(others === null
        ? []
        : [[exact(level), key === null ? 'the beginning' : wordsOf(key), 'other ways', exact(others.rollouts), rewardWords(others), '']]),
    ]),
    rest: '',
  };
  return [
    ...splits.map(({ rows, rankedCount }): ReportTable => ({
      caption: 'Where runs part ways',
      columns: [
        number('rank'),
        text('task'),
        text('where'),
        number('ways'),
        number('of the task’s rewards'),
        text('best way'),
        text('its reward'),
        text('worst way'),
        text('its reward'),
      ],
      rows: rows.map((row, i) => [
        exact(i + 1),
        labelOf(row.task),
        row.after === null ? 'at the first step' : `after step ${exact(row.level)}: ${stepOf(row.after)}`,
        exact(row.wayCount),
        percent(row.share),
        sideOf(row.best),
        rewardWords(row.best),
        sideOf(row.worst),
        rewardWords(row.worst),
      ]),
      rest: rows.length < rankedCount ? `The first ${exact(rows.length)} of ${exact(rankedCount)}.` : '',
    })),
    ...(ways.rows.length > 0 ? [ways] : []),
  ];
}

/** What two partners have in common, in words. */
const RELATION: Readonly<Record<number, string>> = { [PAIRING.equal]: 'the same', [PAIRING.near]: 'alike', [PAIRING.alone]: 'in one only' };

async function sideTables(): Promise<ReportTable[]> {
  const tables: ReportTable[] = [];
  for (const { key, data } of answered<SideAnswer>('side', 6)) {
    const [left, right] = [
      { rollout: String(key[2]), branch: branchOf(key[4]) },
      { rollout: String(key[3]), branch: branchOf(key[5]) },
    ];
    const count = Math.min(MOST_ROWS, data.pairing.length);
    const rows: (readonly string[])[] = [];
    for (let from = 0; from < count; from += AT_ONCE) {
      const asked = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => from + i);
      const texts = await ask((session) => session.sideTexts(left, right, asked));
      for (const [i, found] of texts.entries()) {
        const row = from + i;
        const near = data.similarity[row] ?? Number.NaN;
        const relation = RELATION[data.pairing[row] ?? 0] ?? '';
        rows.push([
          stepName(data.leftStep[row] ?? -1),
          saidIn(found.left),
          `${row === data.firstDifference ? 'here they part: ' : ''}${relation}${Number.isNaN(near) ? '' : ` (${decimal(near)})`}`,
          stepName(data.rightStep[row] ?? -1),
          saidIn(found.right),
        ]);
      }
    }
    tables.push({
      caption: `${data.left.id} and ${data.right.id} side by side`,
      columns: [text('step'), text(data.left.id), text('they are'), text('step'), text(data.right.id)],
      rows,
      rest: count < data.pairing.length ? `The first ${exact(count)} of ${plural(data.pairing.length, 'row')}.` : '',
    });
  }
  return tables;
}

function branchOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function stepName(step: number): string {
  if (step === BEFORE) return 'before the first step';
  if (step === AFTER) return 'after the last step';
  return step < 0 ? '' : exact(step + 1);
}

function saidIn(parts: readonly SidePart[]): string {
  const whole = parts.map(({ tool, kind, runs }) => `${tool ?? KIND_NAMES[kind].name}: ${runs.map(([run]) => run).join('')}`).join(' · ');
  return whole.length > MOST_LETTERS ? `${whole.slice(0, MOST_LETTERS)}…` : whole;
}
