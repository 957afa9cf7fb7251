/** What is said of rewards that files beside the logs give, on the page and in the terminal. */
import type { DatasetFacts } from '../answers/dataset.ts';

const SHOWN = 2;

/** `8 rewards from report.json`; empty where there is nothing to say. */
export function joinedText({ rollouts, files, references, candidates }: DatasetFacts['joined']): string {
  const names = files.slice(0, SHOWN).map(({ name }) => name);
  const more = files.length - names.length;
  const from = `${names.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`;
  return [
    rollouts > 0 ? `${counted(rollouts, 'reward')} from ${from}` : '',
    references > 0 ? `${counted(references, 'reference')} of tasks` : '',
    candidates > 0 ? counted(candidates, 'candidate patch', 'candidate patches') : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
