/** The environment variables of a card's process: nothing of the daemon's, the same at every level. Pure. */
import type { IsolationLevel } from '@ensemble/protocol';

export interface CardPlace {
  /** As the card sees them. */
  inside: { scratch: string; sdk: string };
  isolation: IsolationLevel;
  attemptId: string;
  /** Threads that numeric libraries start. */
  threads: number;
}

export function cardEnvironment(place: CardPlace, more: Readonly<Record<string, string>>): Record<string, string> {
  const { inside, isolation } = place;
  const threads = String(place.threads);
  return {
    PATH: '/usr/bin:/bin',
    HOME: `${inside.scratch}/.home`,
    USER: 'card',
    LOGNAME: 'card',
    LANG: 'C.UTF-8',
    TMPDIR: inside.scratch,
    PWD: inside.scratch,
    PYTHONPATH: inside.sdk,
    PYTHONSAFEPATH: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    // The order of sets: a zygote cannot give each child another one, and the same step must give the same bytes.
    PYTHONHASHSEED: '0',
    MPLBACKEND: 'Agg',
    OMP_NUM_THREADS: threads,
    OPENBLAS_NUM_THREADS: threads,
    MKL_NUM_THREADS: threads,
    // Where multiprocessing cannot have semaphores or shared memory, joblib would only warn and fall back.
    ...(isolation === 'L3' ? { JOBLIB_MULTIPROCESSING: '0' } : {}),
    ...more,
    ENSEMBLE_ATTEMPT: place.attemptId,
    ENSEMBLE_ISOLATION: isolation,
    ENSEMBLE_NETWORK: 'off',
  };
}
