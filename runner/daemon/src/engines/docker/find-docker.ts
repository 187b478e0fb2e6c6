/**
 * Finds out what the Docker of this machine really gives: the highest level at which a card-like program runs and is confined, and
 * whether a container gets a GPU that answers. Says what refused each level that did not pass.
 */
import Docker from 'dockerode';
import { engineRefusal, gpuRefusal } from '../probe-engine.ts';
import { DockerEngine, type DockerEngineOptions } from './docker-engine.ts';

export type FoundDocker =
  | { found: true; engine: DockerEngine; refused: string[]; /** Null: none was asked for. */ gpu: 'passed' | { refused: string } | null }
  | { found: false; sentence: string };

type EngineBase = Omit<DockerEngineOptions, 'level' | 'images'> & {
  images: { cpu: string | null; gpu: string | null };
  /** How many a container must get, where there is an image for it. */
  gpus: number;
};

const NONE = 'so this runner serves nothing.';

async function missingImage(docker: Docker, image: string): Promise<string | null> {
  return docker
    .getImage(image)
    .inspect()
    .then(
      () => null,
      () => `The image ${image} is not in this Docker. Build it with "node infra/images/build-cpu-image.mjs", or pull it, and set its id.`,
    );
}

/** `forced` tries one level only. Removes what an earlier daemon left, so it runs once, before the daemon serves. */
export async function findDocker(base: EngineBase, forced: 'L0' | 'L1' | undefined): Promise<FoundDocker> {
  const docker = new Docker({ socketPath: base.socketPath });
  const { cpu, gpu } = base.images;
  if (cpu === null) return { found: false, sentence: 'ENSEMBLE_DOCKER_IMAGE is not set: cards need an image, by its id or digest.' };
  const runtimes = await docker.info().then(
    (info: { Runtimes?: Record<string, unknown> }) => Object.keys(info.Runtimes ?? {}),
    () => null,
  );
  if (runtimes === null) return { found: false, sentence: `No Docker answers at ${base.socketPath}, ${NONE}` };
  const missing = await missingImage(docker, cpu);
  if (missing !== null) return { found: false, sentence: missing };

  const levels = (['L0', 'L1'] as const).filter(
    (level) => (forced === undefined || level === forced) && (level === 'L1' || runtimes.includes('runsc')),
  );
  const refused: string[] = levels.includes('L0') || forced !== 'L0' ? [] : ['L0: this Docker does not list the runtime runsc'];
  for (const level of levels) {
    const engine = new DockerEngine({ ...base, level, images: { cpu, gpu } });
    if (refused.length === 0) await engine.sweep();
    const reason = await engineRefusal(engine, base.workspace);
    if (reason === null) return { found: true, engine, refused, gpu: await gpuOf(docker, engine, gpu, base.gpus) };
    refused.push(`${level}: ${reason}`);
    await engine.close();
  }
  return { found: false, sentence: `No container of this Docker can run cards, ${NONE} ${refused.join('; ')}.` };
}

async function gpuOf(
  docker: Docker,
  engine: DockerEngine,
  image: string | null,
  count: number,
): Promise<'passed' | { refused: string } | null> {
  if (image === null) return null;
  const reason = (await missingImage(docker, image)) ?? (await gpuRefusal(engine, count));
  return reason === null ? 'passed' : { refused: reason };
}
