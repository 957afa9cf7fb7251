/** `espalier stats PATH…`: the numbers of the page's statistics. */
import { parseArgs } from 'node:util';
import { RESAMPLES, type PlotAnswer, type Split, type StatisticsAnswer } from '../../engine/answers/statistics.ts';
import { changeText, plotInterval, plotNumber } from '../../engine/plots/number-text.ts';
import type { Plot } from '../../engine/plots/plot.ts';
import { PLOTS } from '../../engine/plots/registry.ts';
import { changeOf, plotRows, statisticsCsv } from '../../engine/plots/rows.ts';
import { open } from '../api.ts';
import { refuseFilter } from '../filter-flag.ts';
import { readInputs } from '../inputs.ts';
import { OPEN_HELP, OPEN_OPTIONS, openProgress, REGARD_HELP } from '../open-flags.ts';
import { readScores, restoreScores } from '../scores-flag.ts';
import { openOptions, readSession, SAID_OPTIONS, SESSION_HELP } from '../session-flag.ts';
import { print, printHelp, printJson } from '../streams.ts';
import { counted, countText } from '../text/figures.ts';
import { UsageError } from '../usage.ts';

export const STATS_HELP = `espalier stats PATH… [options]

Counts turns, tools, errors, entropy, reward and sharing of sets of rollouts, with 95 % bootstrap intervals: ${RESAMPLES} draws, seeded, of
tasks and then of the rollouts of each.

  --where FILTER         of the rollouts that the filter takes (docs/filter.md; default all)
  --by COLUMN            one set for each word of a column, such as policy, model, task, file, status, tool, label; or outcome
  --base WORD            the set that the others are held against (default the first)
  --against FILTER       two sets: A takes --where, B takes FILTER
  --draws N              draws of the bootstrap, 0 to 100000 (default ${RESAMPLES}; 0: no intervals)
  --scores FILE          entropy from a language model, as saved by espalier score; never replaces logged entropy
  --json                 print one JSON object
  --csv                  print CSV: a row for each number, and one for each bin of a histogram
${OPEN_HELP}
${REGARD_HELP}
${SESSION_HELP}

Exit codes: 0 done, 1 no rollout is left, 2 usage error; espalier --help lists all.
`;

export async function stats(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      where: { type: 'string' },
      by: { type: 'string' },
      base: { type: 'string' },
      against: { type: 'string' },
      draws: { type: 'string' },
      json: { type: 'boolean' },
      csv: { type: 'boolean' },
      scores: { type: 'string' },
      ...SAID_OPTIONS,
      ...OPEN_OPTIONS,
    },
  });
  if (values.help) {
    printHelp(STATS_HELP);
    return 0;
  }
  const { by, base, against } = values;
  const session = await readSession(values.session);
  const where = values.where ?? session?.filter ?? '';
  refuseFilter('--where', where);
  refuseFilter('--against', against);
  if (by !== undefined && against !== undefined) throw new UsageError('--by and --against both part the rollouts; give one of them');
  if (base !== undefined && by === undefined) throw new UsageError('--base names a set of --by');
  if (values.json === true && values.csv === true) throw new UsageError('--json and --csv both go to standard output; give one of them');
  const split: Split | null = by !== undefined ? { by, base: base ?? null } : against === undefined ? null : { a: where, b: against };
  const scores = values.scores === undefined ? null : readScores(values.scores);
  const inputs = await readInputs(positionals, values);
  const settings = await openOptions(values, session, inputs);
  const dataset = await open(inputs, { ...settings, filter: [where, against ?? ''], onProgress: openProgress() });
  if (scores !== null) await restoreScores(dataset, scores);
  const answer = await dataset.statistics({ where: against === undefined ? where : '', split, draws: drawsOf(values.draws) });
  if (base !== undefined && !answer.sets.some(({ name }) => name === base))
    throw new UsageError(`--base: no set ${base}; the sets are ${answer.sets.map(({ name }) => name).join(', ')}`);
  if (values.json === true) printJson(report(answer));
  else if (values.csv === true) print(...statisticsCsv(answer.plots, answer).trimEnd().split('\n'));
  else print(...lines(answer));
  return answer.sets.some(({ rollouts }) => rollouts > 0) ? 0 : 1;
}

function drawsOf(text: string | undefined): number {
  const draws = text === undefined ? RESAMPLES : Number(text);
  if (!(Number.isInteger(draws) && draws >= 0 && draws <= 100_000)) throw new UsageError(`--draws: expected 0 to 100000, found ${text}`);
  return draws;
}

function report({ plots, rollouts, sets, left, base, bootstrap }: StatisticsAnswer): object {
  const whole = { sets, base };
  return {
    rollouts,
    sets,
    left,
    base,
    bootstrap,
    plots: plots.map((plot) => ({ ...aboutOf(plot), rows: plotRows(plot, whole).map(known) })),
  };
}

/** Without what is unknown: JSON has no such number. */
function known(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '' && !Number.isNaN(value)));
}

function aboutOf({ id }: PlotAnswer): Pick<Plot, 'id' | 'label' | 'unit' | 'help'> {
  const { label, unit, help } = plotOf(id);
  return { id, label, unit, help };
}

function plotOf(id: string): Plot {
  const plot = PLOTS.find((one) => one.id === id);
  if (plot === undefined) throw new Error(`expected a plot, found ${id}`);
  return plot;
}

function lines({ rollouts, sets, left, base, bootstrap, plots }: StatisticsAnswer): string[] {
  const out = [`${countText(rollouts.here)} of ${counted(rollouts.of, 'rollout')}, in ${counted(sets.length, 'set')}`];
  for (const { name, rollouts: own, tasks } of sets) out.push(`  ${name}: ${counted(own, 'rollout')}, ${counted(tasks, 'task')}`);
  if (left.words > 0) out.push(`  ${counted(left.words, 'smaller set')} not shown, ${counted(left.rollouts, 'rollout')}`);
  if (left.unknown > 0) out.push(`  ${counted(left.unknown, 'rollout')} without a value`);
  if (bootstrap !== null) out.push(`95 % intervals: ${countText(bootstrap.resamples)} draws of ${bootstrap.unit}, seed ${bootstrap.seed}`);
  for (const plot of plots) {
    const { label, unit, format } = plotOf(plot.id);
    out.push('', `${label}${unit === null ? '' : `, ${unit}`}`);
    for (const [set, { name }] of sets.entries()) {
      for (const [cell, part] of plot.cells.entries()) {
        const at = set * plot.cells.length + cell;
        const number = plot.value[at] ?? Number.NaN;
        if (Number.isNaN(number)) continue;
        const interval = plotInterval(format, plot.interval?.low[at] ?? Number.NaN, plot.interval?.high[at] ?? Number.NaN);
        const first = base === null || base === set ? Number.NaN : (plot.value[base * plot.cells.length + cell] ?? Number.NaN);
        const change = changeText(changeOf(number, first));
        const names = [...(sets.length > 1 ? [name] : []), ...(part.label === '' ? [] : [part.label])].join(', ');
        const said = `${plotNumber(format, number)}${interval === '' ? '' : ` (${interval})`}`;
        out.push(`  ${names === '' ? '' : `${names}: `}${said}${change === '' ? '' : `  ${change}${changeInterval(plot, at)}`}`);
      }
    }
  }
  return out;
}

function changeInterval({ change }: PlotAnswer, at: number): string {
  const [low, high] = [change?.low[at] ?? Number.NaN, change?.high[at] ?? Number.NaN];
  return Number.isNaN(low) ? '' : ` (${changeText(low)} to ${changeText(high)})`;
}
