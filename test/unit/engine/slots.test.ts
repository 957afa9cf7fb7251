/** Places of the pool: parsing comes first, nothing is used twice, and what is lent comes back. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeSlots, type Loan } from '../../../src/engine/slots.ts';

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

it('lends what nothing parses in, and asks for it back where parsing wants it', async () => {
  const slots = makeSlots(2);
  await slots.take();
  const recalled: string[] = [];
  const loan = slots.lend(() => recalled.push('a'));
  expect(loan).not.toBeNull();
  expect(slots.lend(() => recalled.push('b'))).toBeNull();
  let isTaken = false;
  const taken = slots.take().then(() => (isTaken = true));
  await settled();
  expect([recalled, isTaken]).toEqual([['a'], false]);
  loan?.end();
  loan?.end();
  await taken;
  expect(slots.lend(() => undefined)).toBeNull();
  slots.leave();
  expect(slots.lend(() => undefined)).not.toBeNull();
});

it('gives up waiting when it is told so', async () => {
  const slots = makeSlots(1);
  await slots.take();
  const stop = new AbortController();
  const waiting = slots.take(stop.signal);
  stop.abort();
  await expect(waiting).rejects.toThrow();
  slots.leave();
  await slots.take();
});

it('wakes the next where one gives up just as it is woken', async () => {
  const slots = makeSlots(1);
  await slots.take();
  const stop = new AbortController();
  const first = slots.take(stop.signal);
  let isTaken = false;
  void slots.take().then(() => (isTaken = true));
  slots.leave();
  stop.abort();
  await expect(first).rejects.toThrow(/abort/i);
  await settled();
  expect(isTaken).toBe(true);
});

it('never has more at work than there are places, and lets all who parse through in the end', async () => {
  const steps = fc.array(fc.constantFrom('take', 'leave', 'lend', 'end', 'late'), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), steps, async (size, script) => {
      const slots = makeSlots(size);
      const loans: Loan[] = [];
      let [parsing, wanted, lent] = [0, 0, 0];
      const end = (loan: Loan | undefined): void => {
        if (loan === undefined) return;
        lent--;
        loan.end();
      };
      for (const step of script) {
        if (step === 'take') {
          wanted++;
          void slots.take().then(() => parsing++);
        } else if (step === 'leave' && parsing > 0) {
          parsing--;
          wanted--;
          slots.leave();
        } else if (step === 'lend' || step === 'late') {
          // Some give back at once when they are asked, others when it suits them.
          const own: { loan: Loan | null } = { loan: null };
          const back = (): void => {
            if (own.loan !== null && loans.includes(own.loan)) end(loans.splice(loans.indexOf(own.loan), 1)[0]);
          };
          own.loan = slots.lend(step === 'lend' ? back : () => undefined);
          if (own.loan !== null) {
            lent++;
            loans.push(own.loan);
          }
        } else if (step === 'end') end(loans.shift());
        await Promise.resolve();
        expect(parsing + lent).toBeLessThanOrEqual(size);
      }
      while (loans.length > 0) end(loans.shift());
      for (let round = 0; wanted > 0 && round < 200; round++) {
        await settled();
        while (parsing > 0) {
          parsing--;
          wanted--;
          slots.leave();
        }
      }
      expect(wanted).toBe(0);
    }),
    { numRuns: 200 },
  );
});
