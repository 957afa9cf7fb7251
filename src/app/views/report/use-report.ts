/** Gathers a report from what the page shows: answers that are there at once, transcripts and pictures when they are wanted. */
import { useMemo } from 'react';
import { keepWarningText } from '../../../engine/words/keep-warnings.ts';
import { trainText } from '../../../engine/words/train.ts';
import type { Subject } from '../../../core/notes/notes.ts';
import { useExportSpec } from '../../queries/export-spec.ts';
import { useEpoch, useKeep, useOrder, useOrderId, usePreset, useRestingBudget, useTask, useTasks } from '../../queries/answers.ts';
import { useFacts } from '../../queries/opening.ts';
import { useWhere } from '../../queries/search.ts';
import { useLossCounts } from '../../queries/training.ts';
import { usePicked } from '../../state/choices.ts';
import { useTranscriptChoices } from '../../state/transcript.ts';
import { exact, honestPercent, percent, plural } from '../../text/format.ts';
import { afterLines } from '../budget/after-lines.ts';
import { useCommand } from '../export/command-section.tsx';
import { mainViewOf } from '../main/chosen.ts';
import { shownColumns } from '../table/shown-columns.ts';
import { useTable } from '../table/use-table.ts';
import type { Table } from '../table/use-table.ts';
import { hasCanvas, pictured, pictureOf, plotsOf, setsText, tablesOf, themeColours } from './pictures.ts';
import type { ReportChoice, ReportPartId } from './report-parts.ts';
import { filesTable, figuresTable, notesTable, openFacts, rolloutsTable, settingsTable } from './report-tables.ts';
import { reportTranscript } from './report-transcript.ts';
import { viewTables, WITH_TABLES } from './view-tables.ts';
import { section, type Report, type ReportSection, type ReportTranscript } from './report.ts';

/** What stands in a view beside its pictures and plots. */
type OfView = Pick<ReportSection, 'about' | 'tables' | 'transcripts'>;
const NOTHING: OfView = { about: [], tables: [], transcripts: [] };

/** Whether a view has lists of its own that a report can hold. */
function hasOwn(view: string, selected: string | null, table: Table | undefined): boolean {
  return WITH_TABLES.has(view) || (view === 'transcript' && selected !== null) || (view === 'table' && table !== undefined);
}

const NONE_CLOSED: ReadonlySet<number> = new Set();

export interface Reporting {
  /** Rollouts that the filter takes, in the order of the table; undefined: not known yet. */
  readonly table: Table | undefined;
  /** Why a part cannot be had now; absent: it can. */
  readonly missing: Readonly<Partial<Record<ReportPartId, string>>>;
  /** Names what is gathered, as keys of queries do. */
  readonly key: readonly unknown[];
  readonly gather: (choice: ReportChoice, signal: AbortSignal) => Promise<Report>;
}

export function useReport(): Reporting {
  const facts = useFacts();
  const epoch = useEpoch();
  const order = useOrder().data;
  const orderId = useOrderId();
  const keep = useKeep().data;
  const loss = useLossCounts();
  const budget = useRestingBudget();
  const preset = usePreset();
  const where = useWhere();
  const { offers, spec } = useExportSpec();
  const command = useCommand(spec, offers ?? []);
  const branch = useTranscriptChoices((s) => s.branch);
  const task = useTask();
  const taskLabels = useTasks()?.label;
  const taskLabel = taskLabels?.[task ?? -1];
  const { rule, notes, shape, filter, look, selected } = usePicked((s) => ({
    rule: s.pruning.present.rule,
    notes: s.pruning.present.notes,
    shape: s.shape,
    filter: s.filter.trim(),
    look: s.table,
    selected: s.rollout,
  }));
  const table = useTable(useMemo(() => ({ order: look.order, isGrouped: false, closed: NONE_CLOSED }), [look.order]));
  const view = mainViewOf(shape);
  const missing: Partial<Record<ReportPartId, string>> = {};
  const host = pictured('view');
  if (pictured('curve') === null) missing.curve = 'it is not on the screen';
  if (host === null) missing.view = 'it is not on the screen';
  else if (!hasOwn(view.id, selected, table) && !hasCanvas(host) && plotsOf(host).length === 0 && tablesOf(host).length === 0)
    missing.view = `${view.name} is not drawn, so there is no picture of it`;
  if (!keep || !order || !loss) missing.figures = 'the figures are not known yet';
  if (notes.length === 0) missing.notes = 'there are none';
  if (!table) missing.rollouts = 'the rollouts are not known yet';

  const nameOf = ({ kind, key }: Subject): string => {
    const at = kind === 'rollout' ? (table?.rollouts.keys.indexOf(key) ?? -1) : -1;
    const ids = table?.all.columns.find(({ id }) => id === 'id');
    const word = at >= 0 && ids?.type === 'text' ? ids.words[ids.codes[at] ?? -1] : undefined;
    return `${kind} ${word ?? key}`;
  };
  const filterText =
    filter === ''
      ? 'No filter: all rollouts.'
      : where.answer?.ok === true
        ? `Filter: ${filter} takes ${exact(where.answer.count)} of ${plural(facts?.rollouts ?? 0, 'rollout')}.`
        : `Filter: ${filter} was not applied${where.answer?.ok === false ? `: ${where.answer.fault}` : ''}; all rollouts.`;

  const ofTask = view.hasColours && taskLabel !== undefined ? ` of task ${taskLabel}` : '';
  const cut = orderId === undefined ? null : { orderId, budget };
  /** Lists that the view shows a part of, whole; what another part of the report holds is not said twice. */
  const ofView = async (parts: ReadonlySet<ReportPartId>, rollouts: readonly string[], signal: AbortSignal): Promise<OfView> => {
    if (view.id === 'table' && table) {
      if (parts.has('rollouts')) return { ...NOTHING, about: ['Its rows are below, under Rollouts.'] };
      return { ...NOTHING, tables: [rolloutsTable(shownColumns(table.all, look.columns, false), table.rows)] };
    }
    if (view.id === 'transcript' && selected !== null) {
      if (parts.has('transcripts') && rollouts.includes(selected)) return { ...NOTHING, about: ['It is below, under Transcripts.'] };
      const found = await reportTranscript({ key: selected, branch }, cut, signal);
      return found === null ? NOTHING : { ...NOTHING, transcripts: [found] };
    }
    return { ...NOTHING, tables: await viewTables(view.id, (row) => taskLabels?.[row] ?? '') };
  };
  const viewSection = async ({ parts, rollouts, isRedacted }: ReportChoice, signal: AbortSignal): Promise<ReportSection> => {
    const own = await ofView(parts, rollouts, signal);
    const about = [
      `${view.name}${ofTask}. ${filterText}`,
      ...own.about,
      ...[host === null ? '' : setsText(host)].filter(Boolean),
      ...(host !== null && hasCanvas(host) && isRedacted
        ? ['Its picture is left out: it shows words of the log, and a secret cannot be replaced in a picture.']
        : []),
    ];
    const alt = `${view.name}${ofTask}, as it stood on the screen; its figures are in the tables`;
    return section('The view', {
      about,
      pictures: host !== null && hasCanvas(host) && !isRedacted ? [await pictureOf(host, view.name, alt)] : [],
      plots: host === null ? [] : plotsOf(host),
      tables: [...own.tables, ...(host === null || own.transcripts.length > 0 ? [] : tablesOf(host))],
      transcripts: own.transcripts,
    });
  };
  const curveSection = async (): Promise<ReportSection[]> => {
    const curve = pictured('curve');
    if (curve === null) return [];
    const kept =
      keep && keep.signal.total > 0 ? `, where ${honestPercent(keep.signal.kept / keep.signal.total)} of the signal is retained` : '';
    const alt = `What each budget retains; the cut stands at ${percent(budget.cut)}${kept}, the train budget at ${percent(budget.train)}`;
    return [section('The curve of the budget', { pictures: [await pictureOf(curve, 'Curve of the budget', alt)] })];
  };

  const gather: Reporting['gather'] = async (choice, signal) => {
    const { title, parts, rollouts } = choice;
    const sections: ReportSection[] = [];
    if (parts.has('open') && facts) sections.push(section('What is open', { about: openFacts(facts), tables: [filesTable(facts)] }));
    if (parts.has('settings'))
      sections.push(
        section('Settings', {
          about: command?.needs ?? [],
          tables: [settingsTable(rule, budget, preset?.label ?? 'none: own settings')],
          code: command && { label: 'The command line that writes the same files:', text: command.text },
        }),
      );
    if (parts.has('figures') && keep && order) {
      const lines = afterLines(keep, loss, trainText(order.rule, keep), order.signal.coverage < 1);
      sections.push(section('Figures', { about: keep.warnings.map((warning) => keepWarningText(warning)), tables: [figuresTable(lines)] }));
    }
    if (parts.has('curve')) sections.push(...(await curveSection()));
    if (parts.has('view') && missing.view === undefined) sections.push(await viewSection(choice, signal));
    if (parts.has('rollouts') && table) {
      const columns = shownColumns(table.all, look.columns, false);
      sections.push(section('Rollouts', { about: [filterText], tables: [rolloutsTable(columns, table.rows)] }));
    }
    if (parts.has('notes') && notes.length > 0) sections.push(section('Notes', { tables: [notesTable(notes, nameOf)] }));
    if (parts.has('transcripts') && rollouts.length > 0) {
      const transcripts: ReportTranscript[] = [];
      for (const key of rollouts) {
        const own = { key, branch: key === selected ? branch : null };
        const found = await reportTranscript(own, cut, signal);
        if (found !== null) transcripts.push(found);
      }
      sections.push(section('Transcripts', { transcripts }));
    }
    return { title, about: [], sections, colours: themeColours() };
  };
  const key = [
    epoch,
    orderId,
    budget,
    filter,
    where.isBehind,
    notes,
    shape,
    task,
    branch,
    look,
    command?.text,
    table?.rows.length,
    Object.keys(missing),
  ];
  return { table, missing, key, gather };
}
