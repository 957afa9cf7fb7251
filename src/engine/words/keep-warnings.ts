/** Sentences for the warnings of a budget: page and CLI say them alike. */
import type { KeepWarning } from '../answers/pruning.ts';

export function keepWarningText(warning: KeepWarning): string {
  switch (warning.code) {
    case 'keeps-nothing':
      return warning.nodes === 0
        ? 'The cut keeps nothing: the first thing to keep is larger than the budget.'
        : 'The cut keeps prompts only: nothing that the policy wrote fits into the budget.';
    case 'empty-tasks':
      return `${share(warning)} keep nothing that the policy wrote.`;
    case 'tasks-without-endings':
      return `${share(warning)} keep some turns, but none that ends a rollout.`;
    case 'trains-nothing':
      return 'No token carries loss at this train budget.';
    case 'little-shared':
      return (
        `Rollouts share ${Math.round(warning.shared * 100)} % of their tokens, so a cut can only leave some out ` +
        `or shorten them from their end: the train budget suits this log better.`
      );
  }
}

function share({ tasks, of }: { readonly tasks: number; readonly of: number }): string {
  return `${tasks.toLocaleString('en')} of ${of.toLocaleString('en')} ${of === 1 ? 'task' : 'tasks'}`;
}
