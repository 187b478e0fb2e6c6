"""Runs one card in one job folder. Knows no network, no queue and no database; the daemon outside does.

The conversation is described in `packages/protocol/src/harness/job.ts`.
"""
