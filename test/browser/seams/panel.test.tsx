/** The panel of the rule: a toy strategy and a toy setting, put into their lists, have their controls. */
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { PruneStrategy } from '../../../src/core/prune/strategy.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { fieldsAt, RuleControl } from '../../../src/app/views/budget/rule-control.tsx';

vi.mock('../../../src/core/prune/strategies.ts', async (original) => {
  const { STRATEGIES } = await original<typeof import('../../../src/core/prune/strategies.ts')>();
  const toy: PruneStrategy = { ...STRATEGIES[1], id: 'toy-strategy', label: 'toy strategy', help: 'A strategy that a test brings.' };
  return { STRATEGIES: [...STRATEGIES, toy] };
});

vi.mock('../../../src/core/rule/fields.ts', async (original) => {
  const fields = await original<typeof import('../../../src/core/rule/fields.ts')>();
  const { number } = await import('../../../src/core/rule/field.ts');
  const toy = number({
    label: 'Patience',
    help: 'turns without progress that are kept',
    low: 0,
    high: 99,
    isInteger: true,
    default: 3,
    flag: 'patience',
    placeholder: 'N',
    address: 'patience',
    panel: 'more',
  });
  return {
    ...fields,
    RULE_FIELDS: { ...fields.RULE_FIELDS, patience: toy },
    RULE_FIELD_LIST: [...fields.RULE_FIELD_LIST, { ...toy, name: 'patience' }],
  };
});

const root = createRoot(document.body.appendChild(document.createElement('div')));

it('lists the strategy, and takes it', async () => {
  root.render(<RuleControl name="strategy" />);
  await page.getByRole('combobox', { name: 'Strategy' }).selectOptions('toy strategy');
  expect(useChoices.getState().pruning.present.rule.strategy).toBe('toy-strategy');
});

it('shows the setting under More, and takes its number', async () => {
  const field = fieldsAt('more').find(({ label }) => label === 'Patience');
  expect(field).toMatchObject({ name: 'patience', help: 'Turns without progress that are kept' });
  root.render(field && <RuleControl name={field.name} />);
  const box = page.getByLabelText('Patience');
  await expect.element(box).toHaveValue('3');
  await box.fill('12');
  (document.activeElement as HTMLElement | null)?.blur();
  await vi.waitFor(() => expect(useChoices.getState().pruning.present.rule).toMatchObject({ patience: 12 }));
});
