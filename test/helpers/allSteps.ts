/** What a function that gives way now and then returns, without a stop. */
export function allSteps<Result>(steps: Generator<unknown, Result>): Result {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
