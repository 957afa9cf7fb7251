/** A row for each error rule: its switch, what it hits, and what masking by it alone takes. */
import { useId } from 'react';
import type { ErrorRuleFacts, ErrorsAnswer } from '../../../engine/answers/errors.ts';
import { withRule } from '../../../engine/errors/choice.ts';
import { chooseErrors, useErrorSettings } from '../../queries/errors.ts';
import { exact, percent } from '../../text/format.ts';

const HEADS = [
  ['turns', 'Distinct turns that it hits'],
  ['of turns', 'Of all turns that the policy wrote'],
  ['alone', 'Turns that no other rule hits'],
  ['corrected', 'Of its turns, those whose hits are all corrected by a later turn in time'],
  ['rollouts', 'Rollouts with such turns'],
  ['tokens', 'With loss at this budget, that masking by this rule alone would take; in every trajectory that sampled them'],
  ['of loss', 'Of all tokens with loss at this budget'],
] as const;

export function RuleTable({ answer }: { readonly answer: ErrorsAnswer }) {
  return (
    <div className="overflow-x-auto rounded border border-line bg-card">
      <table aria-label="Error rules" className="w-full min-w-[560px] sm:min-w-[720px] border-collapse text-t1 tabular-nums">
        <thead className="bg-sunk text-t0 text-ink2">
          <tr className="border-b border-line">
            <th scope="col" className="px-3 py-1 text-left font-[400]">
              rule
            </th>
            {HEADS.map(([name, about]) => (
              <th key={name} scope="col" title={about} className="px-2 py-1 text-right font-[400] whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rules.map((rule) => (
            <RuleRow key={rule.id} rule={rule} turns={answer.turns.all} loss={answer.loss.tokens} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RuleRow({ rule, turns, loss }: { readonly rule: ErrorRuleFacts; readonly turns: number; readonly loss: number }) {
  const id = useId();
  const { errorRules } = useErrorSettings();
  const cell = `px-2 py-1 text-right align-top ${rule.isOn ? '' : 'text-ink2'}`;
  return (
    <tr className="border-b border-line last:border-b-0">
      <th scope="row" aria-label={rule.label} className="px-3 py-1 text-left font-[400]">
        <span className="flex items-start gap-2">
          <input
            id={id}
            type="checkbox"
            className="mt-0.5"
            checked={rule.isOn}
            onChange={() => chooseErrors({ errorRules: withRule(errorRules, rule.id, !rule.isOn) })}
          />
          <span>
            <label htmlFor={id} title={rule.help} className="font-[550] whitespace-nowrap">
              {rule.label}
            </label>
            <span className="hidden text-t0 text-ink2 sm:block">{rule.help}</span>
          </span>
        </span>
      </th>
      <td className={cell}>{exact(rule.turns)}</td>
      <td className={cell}>{percent(turns === 0 ? 0 : rule.turns / turns)}</td>
      <td className={cell}>{exact(rule.alone)}</td>
      <td className={cell}>{exact(rule.corrected)}</td>
      <td className={cell}>{exact(rule.rollouts)}</td>
      <td className={cell}>{exact(rule.takes.tokens)}</td>
      <td className={cell}>{percent(loss === 0 ? 0 : rule.takes.tokens / loss)}</td>
    </tr>
  );
}
