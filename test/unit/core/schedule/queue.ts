/** A queue before equal slots, first come first served, driven by what the simulator is driven by: its agenda, its slots and who waits. */
import { makeAgenda } from '../../../../src/core/schedule/agenda.ts';
import { makeSlots, makeWaiting } from '../../../../src/core/schedule/slots.ts';

const LEAVES = 0;
const ARRIVES = 1;

/** @param arrivals ascending. @returns job -> how long it waited for a slot */
export function waitsOf(arrivals: ArrayLike<number>, services: ArrayLike<number>, slots: number): Float64Array<ArrayBuffer> {
  const agenda = makeAgenda();
  const pool = makeSlots(1, slots);
  const waiting = makeWaiting(arrivals.length);
  const waits = new Float64Array(arrivals.length);
  const slotOf = new Int32Array(arrivals.length);
  pool.open(0);
  if (arrivals.length > 0) agenda.plan({ at: arrivals[0]!, rank: ARRIVES, item: 0, stamp: 0 });
  for (let due = agenda.next(); due !== undefined; due = agenda.next()) {
    const { at, rank, item } = due;
    if (rank === LEAVES) pool.give(slotOf[item]!);
    else {
      waiting.add(item);
      if (item + 1 < arrivals.length) agenda.plan({ at: arrivals[item + 1]!, rank: ARRIVES, item: item + 1, stamp: 0 });
    }
    while (waiting.size() > 0 && pool.free() > 0) {
      const job = waiting.next();
      slotOf[job] = pool.take();
      waits[job] = at - arrivals[job]!;
      agenda.plan({ at: at + services[job]!, rank: LEAVES, item: job, stamp: 0 });
    }
  }
  return waits;
}
