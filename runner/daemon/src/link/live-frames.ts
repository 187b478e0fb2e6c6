/**
 * Publishes what watched attempts print and measure, in frames, for as long as somebody looks. Of a storm it sends the end: what is
 * left out is a gap that the watcher fills by ranges, or not. Nobody watches: nothing is sent, and no timer runs.
 */
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { LIVE_FRAME_BYTES, LIVE_FRAME_MS, WATCH_LEASE_MS, type BusNames, type WatchRequest } from '@ensemble/protocol';
import type { LogFile } from '../workspace/log-file.ts';
import type { MetricKeeper } from '../workspace/metric-keeper.ts';

interface Watched {
  request: WatchRequest;
  until: number;
  /** How far log and metrics were told. */
  position: number;
  points: number;
}

type Attempt = { log: Pick<LogFile, 'size' | 'range'>; metrics: Pick<MetricKeeper, 'total' | 'takeNew'> };

export class LiveFrames {
  readonly #nc: Pick<NatsConnection, 'publish' | 'isClosed'>;
  readonly #names: BusNames;
  readonly #runnerId: string;
  readonly #attemptOf: (attemptId: string) => Attempt | undefined;
  readonly #now: () => number;
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    nc: Pick<NatsConnection, 'publish' | 'isClosed'>,
    names: BusNames,
    runnerId: string,
    attemptOf: (attemptId: string) => Attempt | undefined,
    now: () => number = Date.now,
  ) {
    this.#nc = nc;
    this.#names = names;
    this.#runnerId = runnerId;
    this.#attemptOf = attemptOf;
    this.#now = now;
  }

  watch(request: WatchRequest): void {
    const { attemptId, log, metrics } = request;
    const attempt = this.#attemptOf(attemptId);
    if (attempt === undefined || (!log && !metrics)) this.#watched.delete(attemptId);
    else {
      const until = this.#now() + WATCH_LEASE_MS;
      const before = this.#watched.get(attemptId);
      // What was there before is asked for by ranges.
      const position = before?.request.log === true ? before.position : attempt.log.size;
      const points = before?.request.metrics === true ? before.points : attempt.metrics.takeNew(0).total;
      this.#watched.set(attemptId, { request, until, position, points });
    }
    if (this.#watched.size > 0) this.#timer ??= setInterval(() => this.tick(), LIVE_FRAME_MS);
  }

  /** Sends one frame for each watched attempt that has something new. Runs by itself. */
  tick(): void {
    for (const [attemptId, watched] of this.#watched) {
      const attempt = this.#attemptOf(attemptId);
      if (attempt === undefined || watched.until < this.#now() || this.#nc.isClosed()) this.#watched.delete(attemptId);
      else this.#send(attemptId, watched, attempt);
    }
    if (this.#watched.size === 0) this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#watched.clear();
  }

  #send(attemptId: string, watched: Watched, { log, metrics }: Attempt): void {
    if (watched.request.log && log.size > watched.position) {
      const { size } = log;
      const { offset, bytes } = log.range(Math.max(watched.position, size - LIVE_FRAME_BYTES), LIVE_FRAME_BYTES);
      const about = headers();
      about.set('Log-Size', String(size));
      about.set('Log-Offset', String(offset));
      this.#nc.publish(this.#names.liveLog(this.#runnerId, attemptId), bytes, { headers: about });
      watched.position = offset + bytes.length;
    }
    if (watched.request.metrics && metrics.total > watched.points) {
      const news = metrics.takeNew(watched.points);
      this.#nc.publish(this.#names.liveMetrics(this.#runnerId, attemptId), JSON.stringify(news));
      watched.points = news.total;
    }
  }
}
