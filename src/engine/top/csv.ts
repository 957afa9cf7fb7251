/** The list of top tokens as CSV, with the text around each. */
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import type { TopTokensAnswer } from '../answers/top.ts';
import type { Dataset } from '../dataset.ts';
import { numberCell, textCell } from '../csv-cells.ts';
import { tokenContexts } from './top.ts';

const NAMES = 'rank,value,source,task,rollout,branch,node,offset,id,kind,tool,turn,reach,trajectories,kept,weight,before,token,after';

/** One line a token; text that a spreadsheet would take for a formula begins with an apostrophe, and unknown text is empty. */
export function topTokensCsv(dataset: Dataset, tokenizer: Tokenizer, { rows }: TopTokensAnswer): string {
  const contexts = tokenContexts(dataset, tokenizer, rows);
  const lines = rows.map((row, at) => {
    const context = contexts[at];
    return [
      at + 1,
      numberCell(row.value),
      row.source,
      textCell(dataset.tokens.tasks[row.task]?.key ?? ''),
      row.rollout,
      row.branch,
      row.node,
      row.offset,
      row.id,
      row.kind,
      textCell(row.tool ?? ''),
      row.turn,
      row.reach,
      row.trajectories,
      row.kept ? 1 : 0,
      numberCell(row.weight),
      ...[context?.before, context?.token, context?.after].map((text) => textCell(text ?? '')),
    ].join(',');
  });
  return `${[NAMES, ...lines].join('\r\n')}\r\n`;
}
