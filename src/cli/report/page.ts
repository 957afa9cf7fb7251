/** An evaluation as one page that stands alone: tables and inline SVG, no script, light or dark as the reader has it. */
import type { EvaluatedWay, Evaluation, EvaluationRow, Measured } from '../../engine/answers/evaluation.ts';
import { measuredNotes, measuredText, whyText } from '../../engine/words/gradient.ts';
import { coverageText, signalName } from '../../engine/words/signal.ts';
import { countText } from '../text/figures.ts';
import { chart, percent, type ChartLine } from './chart.ts';
import { escaped } from '../../base/escape.ts';
import { STYLE } from './style.ts';

type FigureName = Exclude<keyof EvaluationRow, 'budget'>;

interface Column {
  readonly name: FigureName;
  readonly label: string;
  readonly text: (value: number) => string;
  /** For readers of the head. */
  readonly help: string;
}

const decimal = (value: number): string => value.toFixed(Math.abs(value) >= 0.995 && Math.abs(value) < 1 ? 4 : 2);
const whole = (value: number): string => countText(Math.round(value));

const COLUMNS: readonly Column[] = [
  { name: 'retained', label: 'signal', text: percent, help: 'share of the signal' },
  { name: 'cosine', label: 'cosine', text: decimal, help: 'with the gradient of the full set' },
  { name: 'norm', label: 'norm', text: decimal, help: 'as a share of the full set’s' },
  { name: 'wholeCosine', label: 'cosine, 1/k', text: decimal, help: 'as the mean of the trajectories kept whole' },
  { name: 'wholeNorm', label: 'norm, 1/k', text: decimal, help: 'as the mean of the trajectories kept whole' },
  { name: 'effectiveTokens', label: 'effective tokens', text: whole, help: '(Σw)² ÷ Σw²' },
  { name: 'endings', label: 'endings', text: whole, help: 'final turns kept' },
  { name: 'tasks', label: 'tasks', text: whole, help: 'with some token of loss' },
];

export function evaluationPage(found: Evaluation): string {
  const { inputs, rule, signal, totals, measured, cut, train } = found;
  const coverage = coverageText(signal);
  const about = [
    `${countText(totals.rollouts)} rollouts of ${countText(totals.tasks)} tasks from ${inputs.join(', ')}; ` +
      `${countText(totals.sampledTokens)} sampled tokens, ${countText(totals.endings)} endings.`,
    `Mode ${rule.mode}, signal ${signalName(signal)}, budget in ${rule.unit === 'flops' ? 'FLOPs' : `${rule.unit} tokens`}, ` +
      `${rule.scope === 'global' ? 'over all tasks' : 'the same share for each task'}.`,
    ...(coverage === null ? [] : [`${coverage}.`]),
    measured === null
      ? `Gradients are not measured: ${found.why === null ? 'unknown' : whyText(found.why)}.`
      : `Gradients: ${[measuredText(measured), ...measuredNotes(measured)].join('; ')}.`,
    'Cosine and norm compare what the set trains with flat training of everything. Intervals are the least and the most over seeds ' +
      'where a way is drawn, else what hashing and sampling of the sketches leave open in a cosine.',
  ];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    // It needs nothing but its own style, whatever the names in it say.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'">`,
    `<title>Espalier evaluation</title><style>${STYLE}</style></head><body><main>`,
    '<h1>What each way keeps</h1>',
    ...about.map((line) => `<p>${escaped(line)}</p>`),
    section('Cutting', 'Everything that is kept is trained.', cut, ['retained', 'cosine', 'norm', 'wholeCosine']),
    section('Choosing tokens for loss', 'Nothing is cut: a share of the sampled tokens carries loss.', train, [
      'retained',
      'cosine',
      'norm',
    ]),
    '</main></body></html>',
    '',
  ].join('\n');
}

const CHARTS: Readonly<Partial<Record<FigureName, string>>> = {
  retained: 'Signal retained',
  cosine: 'Cosine of the gradient, weight by coefficient',
  norm: 'Norm of the gradient, weight by coefficient',
  wholeCosine: 'Cosine of the gradient, mean of whole trajectories',
};

function section(title: string, about: string, ways: readonly EvaluatedWay[], charts: readonly FigureName[]): string {
  if (ways.length === 0) return '';
  const drawn = charts.flatMap((name) => {
    const lines = ways.flatMap((way, colour): ChartLine[] => {
      const points = way.rows.flatMap(({ budget, [name]: of }) =>
        of === null ? [] : [{ x: budget, y: of.value, low: of.low, high: of.high }],
      );
      return points.length === 0 ? [] : [{ label: way.label, colour, points }];
    });
    return lines.length === 0 ? [] : [chart(CHARTS[name] ?? name, CHARTS[name] ?? name, lines)];
  });
  const head = `<h2>${escaped(title)}</h2><p>${escaped(about)}</p>`;
  return `<section>${head}<div class="charts">${drawn.join('')}</div>${table(title, ways)}</section>`;
}

function table(caption: string, ways: readonly EvaluatedWay[]): string {
  const columns = COLUMNS.filter(({ name }) => ways.some(({ rows }) => rows.some((row) => row[name] !== null)));
  const head = columns.map(({ label, help }) => `<th scope="col" title="${escaped(help)}">${escaped(label)}</th>`).join('');
  const rows = ways.flatMap(({ label, help, seeds, rows: own }) =>
    own.map((row, i) => {
      const name =
        i > 0
          ? ''
          : `<th scope="rowgroup" rowspan="${own.length}">${escaped(label)}` +
            `<small>${escaped(help)}${seeds > 1 ? ` ${seeds} seeds.` : ''}</small></th>`;
      const cells = columns.map(({ name: column, text }) => `<td>${cell(row[column], text)}</td>`).join('');
      return `<tr>${name}<th scope="row">${percent(row.budget)}</th>${cells}</tr>`;
    }),
  );
  return (
    `<div class="wide" tabindex="0" role="region" aria-label="${escaped(caption)}, as a table">` +
    `<table><caption>${escaped(caption)}</caption>` +
    `<thead><tr><th scope="col">way</th><th scope="col">budget</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  );
}

function cell(found: Measured | null, text: (value: number) => string): string {
  if (found === null) return '–';
  const { value, low, high } = found;
  const [least, most] = [text(low), text(high)];
  return least === most ? text(value) : `${text(value)}<small>${least} to ${most}</small>`;
}
