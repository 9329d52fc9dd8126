/** Jittered exponential back-off: between half and all of base·2^attempt, at most `cap` milliseconds. */
export function backoff(attempt, random = Math.random, base = 500, cap = 10_000) {
  const ceiling = Math.min(cap, base * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
