/** Hits of error rules as CSV: a line of names, and one for each hit. */
import type { ErrorsAnswer } from '../../answers/errors.ts';
import { textCell } from '../../csv-cells.ts';

/** @param nameOf rollout -> its file and id */
export function errorHitsCsv(
  { hits, rules, tools }: Pick<ErrorsAnswer, 'hits' | 'rules' | 'tools'>,
  nameOf: (rollout: number) => { readonly file: string; readonly id: string },
): string {
  const lines = ['file,line,rollout,turn,rule,tool,corrected_by_turn,masked'];
  for (let at = 0; at < hits.length; at++) {
    const { file, id } = nameOf(hits.rollout[at] ?? 0);
    const by = hits.correctedBy[at] ?? 0;
    lines.push(
      [
        textCell(file),
        hits.line[at] ?? 0,
        textCell(id),
        hits.turn[at] ?? 0,
        rules[hits.rule[at] ?? 0]?.id ?? '',
        textCell(tools[hits.tool[at] ?? -1] ?? ''),
        by === 0 ? '' : by,
        hits.masked[at] === 1 ? 1 : 0,
      ].join(','),
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}
