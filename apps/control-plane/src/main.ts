/** The process: one data directory, its parts, the control plane, an address. Ends in order on SIGTERM and Ctrl-C. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadCardReader } from '@ensemble/cards/node';
import { buildControlPlane } from './build-control-plane.ts';
import { readConfig, repository } from './config.ts';
import { lockDataDirectory } from './platform/data-directory.ts';
import { createLogger } from './platform/logger.ts';
import { sdkDirectory, startParts, templatesDirectory } from './start-parts.ts';
import { stopOnSignals } from './stop-on-signals.ts';

const DRAIN_MS = 10_000;

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  const lock = await lockDataDirectory(config.dataDirectory, () => {
    logger.error('another process took over the data directory; ending at once');
    process.exit(1);
  });
  // Until everything runs there is nothing to drain: parts that were started end with this process.
  let stop = async (): Promise<void> => {};
  stopOnSignals(config.parentPid, logger, () => stop());
  const [parts, reader] = await Promise.all([startParts(config, logger), loadCardReader()]);
  const { version } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as { version: string };
  const controlPlane = await buildControlPlane({ ...config, ...parts, reader, logger, sdkDirectory, templatesDirectory, version });

  await controlPlane.start();
  await parts.startRunner();
  const listening = await controlPlane.app.listen({ host: config.host, port: config.port });
  const url = config.publicUrl ?? listening;
  controlPlane.setAddress(url);

  const serverFile = path.join(config.dataDirectory, 'server.json');
  // Before anybody can know that it runs, and ask it to stop.
  stop = async () => {
    rmSync(serverFile, { force: true });
    await controlPlane.stop(DRAIN_MS);
    await parts.close();
    await lock.release();
  };
  writeFileSync(`${serverFile}.new`, `${JSON.stringify({ url: listening, pid: process.pid, startedAt: Date.now() })}\n`);
  renameSync(`${serverFile}.new`, serverFile);
  const { token } = await controlPlane.accounts.links.createOwnerLink();
  console.log(
    `Ensemble ${version} is at ${url}\nOpen this link to enter as the owner (it works once, within 24 hours):\n\n  ${url}/join/${token}\n`,
  );
}

main().catch((error: unknown) => {
  console.error(`Ensemble could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
