/** What the colours of the tree stand for, for the page to show beside it. */
import { ENTROPY_STEPS } from './palette.ts';
import type { Colour } from './palette.ts';

/** An entry of the legend; `background` is a CSS value made of design tokens, `cue` what tells it apart without colour. */
export interface LegendEntry {
  readonly label: string;
  readonly background: string;
  readonly cue: 'none' | 'underline' | 'dots' | '+' | '−';
}

function plain(label: string, background: string): LegendEntry {
  return { label, background, cue: 'none' };
}

/** What the colouring shows, lowest first. Dropped nodes, edges and the frontier are the same in every colouring. */
export function legendOf(colour: Colour): readonly LegendEntry[] {
  if (colour === 'kind') {
    return [
      plain('context', 'var(--k-context)'),
      plain('thinking', 'var(--k-think)'),
      plain('text', 'var(--k-text)'),
      plain('call', 'var(--k-call)'),
      plain('result', 'var(--k-result)'),
      plain('memory', 'var(--k-memory)'),
    ];
  }
  const unknown: LegendEntry = { label: 'unknown', background: 'var(--sunk)', cue: 'dots' };
  if (colour === 'entropy') {
    const steps = ENTROPY_STEPS.map((step, i): LegendEntry => ({
      label: `≥ ${step} nats`,
      background: `var(--h${i + 1})`,
      cue: i === 3 ? 'underline' : 'none',
    }));
    return [plain(`< ${ENTROPY_STEPS[0]} nats`, 'var(--h0)'), ...steps, unknown];
  }
  return [
    { label: 'below the mean', background: 'var(--k-call)', cue: '−' },
    plain('task mean', 'var(--k-context)'),
    { label: 'above the mean', background: 'var(--k-text)', cue: '+' },
    unknown,
  ];
}
