import { Skeleton, Stack } from '@mantine/core';

/** Stands in while a page loads, so that nothing jumps. */
export function PageSkeleton() {
  return (
    <Stack maw={1040} mx="auto" px={24} py={92} gap="md" role="status" aria-label="Loading">
      <Skeleton height={28} width={220} />
      <Skeleton height={72} />
      <Skeleton height={72} />
      <Skeleton height={72} />
    </Stack>
  );
}
