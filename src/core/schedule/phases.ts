/** What a trainer's processes did, from the spans of its trace: one phase at a time, by the words of the span that began last. */

/** Seconds. */
export interface TraceSpan {
  /** The process. */
  readonly lane: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** UTF-16 units of a name that are asked: what a span does stands at the front. */
const LONGEST = 256;

/** In the order in which a name is asked [ours]: what moves weights or memory about comes before what it is done for. */
const RULES: readonly (readonly [phase: string, words: RegExp])[] = [
  ['switching', /\b(?:sleep|wake|offload|onload|pause|continue|resume|reset)\b/i],
  ['updating', /\b(?:update|sync)\b.*\b(?:weights?|model|ref)\b/i],
  ['setting up', /(?:\b|_)(?:init|create|allocate|load|read|start|connect|set)(?:\b|_)/i],
  ['training', /\b(?:train|log prob|backward|optimizer|data fetch)\b/i],
  ['rollout', /\b(?:rollout|generat\w*|sampl\w*)\b/i],
];

export const PHASES = [...RULES.map(([phase]) => phase), 'other', 'idle'] as const;

function phaseOf(name: string): string {
  const asked = name.slice(0, LONGEST);
  return RULES.find(([, words]) => words.test(asked))?.[0] ?? 'other';
}

export interface LanePhases {
  readonly lane: string;
  readonly spans: number;
  /** From its first start to its last end, seconds. */
  readonly span: number;
  /** Seconds by phase, in the order of PHASES; they add up to the span. Idle: within no span. */
  readonly seconds: readonly number[];
}

/** Lanes by name. O(n log n) in spans. */
export function phasesOf(spans: readonly TraceSpan[]): LanePhases[] {
  const lanes = new Map<string, TraceSpan[]>();
  for (const span of spans) {
    const own = lanes.get(span.lane);
    if (own === undefined) lanes.set(span.lane, [span]);
    else own.push(span);
  }
  return [...lanes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([lane, own]) => lanePhases(lane, own));
}

function lanePhases(lane: string, given: readonly TraceSpan[]): LanePhases {
  const spans = given.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const seconds = PHASES.map(() => 0);
  /** Those that have begun, the last on top; what has ended below the top is let go once it comes up. */
  const open: TraceSpan[] = [];
  let now = spans[0].start;
  /** Goes on to a time with what is open. */
  const goTo = (time: number): void => {
    while (open.length > 0 && now < time) {
      const top = open[open.length - 1];
      const until = Math.min(top.end, time);
      if (until > now) {
        seconds[PHASES.indexOf(phaseOf(top.name))] += until - now;
        now = until;
      }
      if (top.end <= now) open.pop();
    }
    if (now < time) seconds[PHASES.length - 1] += time - now;
    now = Math.max(now, time);
  };
  for (const span of spans) {
    goTo(span.start);
    open.push(span);
  }
  const last = spans.reduce((end, span) => Math.max(end, span.end), now);
  goTo(last);
  return { lane, spans: spans.length, span: last - spans[0].start, seconds };
}
