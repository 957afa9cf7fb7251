/** Flagged: the log itself says so. What "mask failed turns" alone goes by. */
import { resultRule, WHOLE_TURN, type ErrorRule } from '../error-rule.ts';

const ofResults = resultRule(
  {
    id: 'flagged',
    label: 'Flagged by the log',
    help: 'The log marks the turn, or a result of one of its calls, as an error.',
  },
  ({ isFlagged }) => isFlagged,
);

export const flagged: ErrorRule = {
  ...ofResults,
  begin(tools) {
    const results = ofResults.begin(tools);
    return (turn) => (turn.isFlagged ? [...results(turn), WHOLE_TURN] : results(turn));
  },
};
