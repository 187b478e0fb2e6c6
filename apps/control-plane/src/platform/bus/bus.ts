/** What the control plane needs of a message bus. NATS is the only adapter; it is the only home of its client. */
import type {
  Assignment,
  AttemptResult,
  ClaimReply,
  ClaimRequest,
  EnvironmentLockReply,
  EnvironmentLockRequest,
  EnvironmentNews,
  LiveMetrics,
  MetricView,
  PrepareEnvironment,
  RunnerHeartbeat,
  StepNews,
  WarmRequest,
} from '@ensemble/protocol';

export interface BusHandlers {
  /**
   * Resolves once the result is in the database; only then is the message acknowledged. A throw has it delivered again.
   * Called for several results at once, and for the same one again after a crash.
   */
  onResult(result: AttemptResult): Promise<void>;
  onClaim(request: ClaimRequest): Promise<ClaimReply>;
  onHeartbeat(heartbeat: RunnerHeartbeat): void;
  onNews(news: StepNews): void;
  /** The bus came (back) up; its streams may be empty. */
  onConnected(): void;
}

/** What runners ask and tell of environments. A throw leaves the question unanswered: it is asked again. */
export interface EnvironmentHandlers {
  onLockRequest(request: EnvironmentLockRequest): Promise<EnvironmentLockReply>;
  onNews(news: EnvironmentNews): Promise<void>;
}

/** Bytes of a log from `offset` on; `size` is how much was printed by then. */
export interface LogBytes {
  bytes: Uint8Array;
  offset: number;
  size: number;
}

export interface AttemptWatcher {
  onLog?(bytes: LogBytes): void;
  onMetrics?(metrics: LiveMetrics): void;
}

export interface Bus {
  /** Once, after `start`. */
  serveEnvironments(handlers: EnvironmentHandlers): void;
  /** Resolves true once a runner has taken it on, false when none is there. */
  prepareEnvironment(request: PrepareEnvironment): Promise<boolean>;
  /** Creates streams and consumers when missing, then delivers to the handlers. */
  start(handlers: BusHandlers): Promise<void>;
  /** Makes the queue of one runner, from now on after every loss of the bus as well. */
  serveRunner(runnerId: string): Promise<void>;
  /** The runner is gone, and with it what lies in its queue. */
  forgetRunner(runnerId: string): Promise<void>;
  /** Resolves when the assignment is stored in the queue of that runner. The same `messageId` twice is one message. */
  publishAssignment(runnerId: string, messageId: string, assignment: Assignment): Promise<void>;
  /** Tells the runners of a pool who will soon run cards. Nobody has to hear it. */
  warm(pool: string, request: WarmRequest): void;
  /** Ends the delivery of a message that a lost runner held. */
  endDelivery(ackSubject: string): Promise<void>;
  /** Resolves true when the runner answered that the process is gone, false when it did not answer. `handBack`: to try it elsewhere. */
  cancel(runnerId: string, attemptId: string, handBack?: boolean): Promise<boolean>;
  /** A range of a running attempt's log; undefined when the runner does not answer. */
  readLog(runnerId: string, attemptId: string, offset: number, maxBytes: number): Promise<LogBytes | undefined>;
  /** A running attempt's metrics, thinned to about so many points of each series; undefined when the runner does not answer. */
  readMetrics(runnerId: string, attemptId: string, points: number): Promise<MetricView | undefined>;
  /** Hears what a running attempt prints and measures from now on, for as long as `stop` is not called. Frames may be lost. */
  watchAttempt(runnerId: string, attemptId: string, watcher: AttemptWatcher): { stop(): void };
  connected(): boolean;
  close(): Promise<void>;
}
