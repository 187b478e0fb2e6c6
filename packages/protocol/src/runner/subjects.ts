/** Every NATS subject, stream and consumer name, in one place. `prefix` keeps two installations on one server apart. */
export const busNames = (prefix: string) => {
  const upper = prefix.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  return {
    assignmentsStream: `${upper}_ASSIGNMENTS`,
    assignmentsSubjects: `${prefix}.assign.>`,
    /** The control plane chooses the runner: each has a subject and a durable consumer of its own, and may acknowledge nothing else. */
    assignment: (runnerId: string) => `${prefix}.assign.${runnerId}`,
    assignmentsConsumer: (runnerId: string) => `runner-${runnerId}`,
    resultsStream: `${upper}_RESULTS`,
    resultsSubjects: `${prefix}.result.>`,
    /** The runner's id stands in the subject of what it tells, because that is what its login is held to. */
    result: (runnerId: string, runId: string) => `${prefix}.result.${runnerId}.${runId}`,
    resultsOf: (runnerId: string) => `${prefix}.result.${runnerId}.*`,
    resultsConsumer: 'control-plane',
    news: (runId: string) => `${prefix}.news.${runId}`,
    allNews: `${prefix}.news.*`,
    heartbeat: (runnerId: string) => `${prefix}.heartbeat.${runnerId}`,
    allHeartbeats: `${prefix}.heartbeat.*`,
    /** Request to the control plane. */
    claim: (runnerId: string) => `${prefix}.claim.${runnerId}`,
    allClaims: `${prefix}.claim.*`,
    /** Requests of runners to the control plane, and their news. */
    environmentLock: `${prefix}.environment.lock`,
    environmentNews: `${prefix}.environment.news`,
    /** Request to whichever runner is free to answer first: they share the queue group of the same name. */
    prepareEnvironment: `${prefix}.environment.prepare`,
    /** To all runners of a pool: somebody will soon run cards. */
    warm: (pool: string) => `${prefix}.warm.${pool}`,
    /** Requests to one runner. */
    cancel: (runnerId: string) => `${prefix}.runner.${runnerId}.cancel`,
    log: (runnerId: string) => `${prefix}.runner.${runnerId}.log`,
    /** Answers to one runner: nobody else may hear them. */
    inbox: (runnerId: string) => `_INBOX_${prefix}_${runnerId}`,
    metrics: (runnerId: string) => `${prefix}.runner.${runnerId}.metrics`,
    watch: (runnerId: string) => `${prefix}.runner.${runnerId}.watch`,
    /** What a watched attempt does, as it does it: bytes of its log with the headers of a range, and `LiveMetrics`. */
    liveLog: (runnerId: string, attemptId: string) => `${prefix}.live.${runnerId}.${attemptId}.log`,
    liveMetrics: (runnerId: string, attemptId: string) => `${prefix}.live.${runnerId}.${attemptId}.metrics`,
    allLive: (runnerId: string) => `${prefix}.live.${runnerId}.>`,
  };
};
export type BusNames = ReturnType<typeof busNames>;
