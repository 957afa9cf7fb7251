/** Predictions files: the chosen patch of each task, as harnesses of SWE-bench read them. */

export const PREDICTION_FORMATS = ['list', 'lines', 'by-instance'] as const;
/** A JSON list; JSON Lines; one JSON object by instance, as the `preds.json` of mini-swe-agent is. */
export type PredictionFormat = (typeof PREDICTION_FORMATS)[number];

export interface Prediction {
  readonly instance_id: string;
  readonly model_name_or_path: string;
  readonly model_patch: string;
}

/** @param predictions one of each instance, in the order in which they are written */
export function predictionsText(predictions: readonly Prediction[], format: PredictionFormat): string {
  const rows = predictions.map(({ instance_id, model_name_or_path, model_patch }) => ({ instance_id, model_name_or_path, model_patch }));
  if (format === 'lines') return rows.map((row) => `${oneLine(JSON.stringify(row))}\n`).join('');
  if (format === 'list') return `${JSON.stringify(rows, null, 2)}\n`;
  // Built by hand: an object would put ids that are numbers first.
  const members = rows.map((row) => `  ${JSON.stringify(row.instance_id)}: ${JSON.stringify(row, null, 2).replaceAll('\n', '\n  ')}`);
  return `{${members.length === 0 ? '' : `\n${members.join(',\n')}\n`}}\n`;
}

/** `lines` for names that end so, else one object by instance for `preds.json`, else a list. */
export function predictionFormatOf(name: string): PredictionFormat {
  if (/\.jsonl$/i.test(name)) return 'lines';
  return /(?:^|[/\\.])preds\.json$/i.test(name) ? 'by-instance' : 'list';
}

/** Some readers end a line at these too. */
function oneLine(json: string): string {
  return json.replace(/[\u0085\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
