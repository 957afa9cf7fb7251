/** Warnings about the chat template that a trainer would render records with. */
import type { PlannedExport } from './planned.ts';

/** Of a template by which transformers cannot tell the tokens of answers from others. */
export function answerMarkWarnings({ template }: PlannedExport): string[] {
  if (template === null)
    return [
      'The model’s chat template has to mark answers ({% generation %}), or be one that TRL knows by its text; ' +
        'to have it checked, open the log with the model’s tokenizer.json.',
    ];
  if (template.marksAnswers) return [];
  return [`The ${template.name} does not mark answers ({% generation %}): TRL refuses it unless it is one that TRL knows by its text.`];
}
