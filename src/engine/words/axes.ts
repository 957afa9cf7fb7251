/** Why a tag is guessed, in words. */
import { MOST_HITS } from '../../core/axes/evidence.ts';
import type { Guess, Why } from '../../core/axes/guess.ts';
import { tagLabel, type AxisId } from '../../core/axes/axes.ts';

const TOOLS: Readonly<Record<string, string>> = {
  none: 'tools that no rule knows, and nothing of software',
  service: 'tools of customer service',
  browser: 'tools of a browser',
  search: 'tools of web search',
  sql: 'tools that ask a database',
  python: 'tools that run Python',
};

/** Words of a rule that are told. */
const TOLD = 4;

const few = (list: string): string => {
  const all = list.split(', ');
  return all.length <= TOLD ? list : `${all.slice(0, TOLD).join(', ')}, …`;
};
const times = (count: number): string => (count === 1 ? 'once' : `${count.toLocaleString('en')} times`);

function whyText(axis: AxisId, why: Why): string {
  switch (why.by) {
    case 'edited':
      return `${why.count.toLocaleString('en')} of ${why.of.toLocaleString('en')} files edited end in ${why.what}`;
    case 'touched':
      return `${why.count.toLocaleString('en')} of ${why.of.toLocaleString('en')} mentions of files end in ${why.what}`;
    case 'fence':
      return `${why.count.toLocaleString('en')} code ${why.count === 1 ? 'fence' : 'fences'} of ${tagLabel('language', why.what)}`;
    case 'tool':
      return `${TOOLS[why.what] ?? `tools of ${why.what}`}, called ${times(why.count)}`;
    case 'word':
      return `words such as ${few(why.what)}, ${why.count < MOST_HITS ? times(why.count) : `at least ${times(why.count)}`}`;
    case 'frame':
      return 'it stands in a frame of an issue or a change';
    case 'path':
      return `${why.count.toLocaleString('en')} edited ${why.count === 1 ? 'file lies' : 'files lie'} at ${few(why.what)}`;
    case 'nothing':
      return 'nothing speaks for a tag';
    case 'tie':
      return `${tagLabel(axis, why.what)} and ${tagLabel(axis, why.with)} weigh the same`;
    case 'no-software':
      return `no task of software: words of ${why.what}`;
  }
}

/** All that speaks for a guess, the heaviest first. */
export function guessText(axis: AxisId, { why }: Guess): string {
  return why.map((each) => whyText(axis, each)).join('; ');
}
