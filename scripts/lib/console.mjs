/** Says what a boot script is doing, with times. Writes to stderr, so that stdout stays free for results. */
const startedAt = Date.now();

export const say = (text) => process.stderr.write(`${text}\n`);

/** Runs one named piece of work and says how long it took. */
export async function step(title, work) {
  const from = Date.now();
  process.stderr.write(`• ${title}\n`);
  const result = await work();
  const seconds = (Date.now() - from) / 1000;
  if (seconds >= 1) process.stderr.write(`  done in ${seconds.toFixed(1)} s\n`);
  return result;
}

export const secondsSinceStart = () => ((Date.now() - startedAt) / 1000).toFixed(1);

/** Ends the script with a sentence a person can act on. */
export function fail(message) {
  process.stderr.write(`\n✖ ${message}\n`);
  process.exit(1);
}
